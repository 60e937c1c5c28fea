import type { FieldTable, FieldValue } from './field-table.ts'
import { sameField } from './field-table.ts'
import { longestLife } from './message.ts'

export type Overflow = 'drop-head' | 'reject-publish' | 'reject-publish-dlx'

/** What the arguments of a classic queue and the policy that applies to it come to. Times are in µs; Infinity is no limit. */
export interface QueueOptions {
  readonly messageTimeToLive: number
  readonly expires: number
  readonly maxLength: number
  readonly maxLengthBytes: number
  readonly overflow: Overflow
  readonly deadLetterExchange: string | undefined
  readonly deadLetterRoutingKey: string | undefined
  /** How long a delivery may stay unacknowledged, where the queue has its own limit. */
  readonly consumerTimeout: number
  /** 0 where the queue knows no priorities. Never from a policy. */
  readonly maxPriority: number
  /** Never from a policy. */
  readonly singleActiveConsumer: boolean
}

/** The stricter of argument and policy where both set a limit; elsewhere the argument wins. */
export function queueOptions(declared: FieldTable, policy: FieldTable): QueueOptions {
  const limit = (name: string) => Math.min(wholeNumber(declared[`x-${name}`]), wholeNumber(policy[name]))
  const choice = (name: string) => text(declared[`x-${name}`]) ?? text(policy[name])
  return {
    messageTimeToLive: limit('message-ttl') * microsPerMilli,
    expires: limit('expires') * microsPerMilli,
    maxLength: limit('max-length'),
    maxLengthBytes: limit('max-length-bytes'),
    overflow: overflowOf(choice('overflow')),
    deadLetterExchange: choice('dead-letter-exchange'),
    deadLetterRoutingKey: choice('dead-letter-routing-key'),
    consumerTimeout: limit('consumer-timeout') * microsPerMilli,
    maxPriority: typeof declared['x-max-priority'] === 'number' ? declared['x-max-priority'] : 0,
    singleActiveConsumer: declared['x-single-active-consumer'] === true,
  }
}

/** Arguments that a redeclaration has to repeat. The server compares these and ignores the names that it does not know. */
const queueArguments: readonly string[] = [
  'x-expires',
  'x-message-ttl',
  'x-dead-letter-exchange',
  'x-dead-letter-routing-key',
  'x-max-length',
  'x-max-length-bytes',
  'x-max-priority',
  'x-overflow',
  'x-queue-mode',
  'x-queue-version',
  'x-single-active-consumer',
  'x-queue-type',
  'x-queue-master-locator',
]

/** The first argument in which a redeclaration differs. A queue without a type is a classic one. */
export function differentArgument(known: FieldTable, wanted: FieldTable): string | undefined {
  return queueArguments.find((name) => !sameField(argumentOf(known, name), argumentOf(wanted, name)))
}

function argumentOf(declared: FieldTable, name: string): FieldValue | undefined {
  return declared[name] ?? (name === 'x-queue-type' ? 'classic' : undefined)
}

/** Those that mean something to a queue. The last one is not compared. */
export const knownArguments: readonly string[] = [...queueArguments, 'x-consumer-timeout']

/** Arguments that belong to quorum queues and streams: a classic queue refuses them. */
const foreignArguments: readonly string[] = [
  'x-dead-letter-strategy',
  'x-delivery-limit',
  'x-max-in-memory-length',
  'x-max-in-memory-bytes',
  'x-quorum-initial-group-size',
  'x-initial-cluster-size',
  'x-max-age',
  'x-stream-max-segment-size-bytes',
]

/** What is wrong with the arguments of a queue's declaration, or nothing. */
export function queueArgumentsFault(declared: FieldTable): string | undefined {
  for (const [name, value] of Object.entries(declared)) {
    if (foreignArguments.includes(name)) return `invalid arg '${name}' of queue type rabbit_classic_queue`
    const expected = expectations[name]
    if (expected !== undefined && !expected.holds(value)) return `invalid arg '${name}': expected ${expected.what}`
  }
  const hasKey = 'x-dead-letter-routing-key' in declared
  return hasKey && !('x-dead-letter-exchange' in declared)
    ? "invalid arg 'x-dead-letter-routing-key': routing_key_but_no_dlx_defined"
    : undefined
}

interface Expectation {
  readonly what: string
  readonly holds: (value: FieldValue) => boolean
}

const microsPerMilli = 1000
const largestPriority = 255

const whole: Expectation = { what: 'a whole number, not negative', holds: (value) => isWhole(value, 0, Infinity) }
const anyText: Expectation = { what: 'a text', holds: (value) => typeof value === 'string' }

const expectations: Readonly<Record<string, Expectation>> = {
  'x-expires': { what: 'milliseconds, at least 1', holds: (value) => isWhole(value, 1, longestLife) },
  'x-message-ttl': { what: 'milliseconds, at least 0', holds: (value) => isWhole(value, 0, longestLife) },
  'x-max-length': whole,
  'x-max-length-bytes': whole,
  'x-max-priority': { what: 'a whole number up to 255', holds: (value) => isWhole(value, 0, largestPriority) },
  'x-dead-letter-exchange': anyText,
  'x-dead-letter-routing-key': anyText,
  'x-overflow': oneOf('drop-head', 'reject-publish', 'reject-publish-dlx'),
  'x-queue-mode': oneOf('default', 'lazy'),
  'x-queue-version': { what: '1 or 2', holds: (value) => value === 1 || value === 2 },
  'x-queue-type': oneOf('classic'),
  'x-single-active-consumer': { what: 'true or false', holds: (value) => typeof value === 'boolean' },
}

function oneOf(...texts: readonly string[]): Expectation {
  return { what: `one of ${texts.join(', ')}`, holds: (value) => typeof value === 'string' && texts.includes(value) }
}

function isWhole(value: FieldValue, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}

function wholeNumber(value: FieldValue | undefined): number {
  return typeof value === 'number' ? value : Infinity
}

function text(value: FieldValue | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function overflowOf(value: string | undefined): Overflow {
  return value === 'reject-publish' || value === 'reject-publish-dlx' ? value : 'drop-head'
}
