import { errorText } from '../bridge/error-text.ts'
import type { SendsSpec, ServiceSpec, TracedMessage } from '../../application/service.ts'
import { second } from '../../simulation/duration.ts'
import type { FixtureMessage } from './check.ts'
import { CheckError } from './check-error.ts'
import { shortText } from './described.ts'
import type { ReadCheck } from './read-check.ts'

/** A service that sends the messages of a check, and those messages. */
export interface Sending {
  readonly spec: ServiceSpec
  readonly messages: readonly FixtureMessage[]
  /** The operations that the check says are ignored. */
  readonly ignored: ReadonlySet<string>
}

/** The service with the messages of the check in place of its first ones: exact to the last byte, as no document would carry them. */
export function sendingMessages(check: ReadCheck, spec: ServiceSpec, sends: SendsSpec): Sending {
  const messages = typeof check.messages === 'string' ? fixturesOf(sends) : check.messages
  const traced = messages.map((message, n) => tracedMessage(check, message, n, sends))
  if (check.hasOperation && traced.every(({ operation }) => operation === undefined))
    throw new CheckError(check.name, [
      `\`operation\` gives nothing for any message, such as message 0: ${shortText(messages[0])}`,
    ])
  return { spec: sending(spec, sends, traced), messages, ignored: ignoredAmong(check, messages, traced, sends.name) }
}

function ignoredAmong(
  check: ReadCheck,
  messages: readonly FixtureMessage[],
  traced: readonly TracedMessage[],
  name: string,
): ReadonlySet<string> {
  const operations = traced.map(({ operation }, n) => operation ?? `${name}-${n}`)
  const owing = new Set(operations.filter((_, n) => !isIgnored(check, messages[n] ?? {}, n)))
  return new Set(operations.filter((operation) => !owing.has(operation)))
}

function isIgnored(check: ReadCheck, message: FixtureMessage, n: number): boolean {
  try {
    return check.ignores(message)
  } catch (error) {
    const reason = errorText(error)
    throw new CheckError(check.name, [`\`ignores\` does not say whether message ${n} is ignored: ${reason}`])
  }
}

function sending(spec: ServiceSpec, sends: SendsSpec, messages: readonly TracedMessage[]): ServiceSpec {
  return {
    ...spec,
    sends: spec.sends.map((each) => (each === sends ? { ...sends, workload: { kind: 'trace', messages } } : each)),
  }
}

/** The messages of a recorded trace. */
function fixturesOf({ workload }: SendsSpec): readonly FixtureMessage[] {
  if (workload.kind !== 'trace') return []
  return workload.messages.map(({ key, body, type, headers }) => ({
    key,
    value: body,
    type,
    ...(headers && { headers }),
  }))
}

function tracedMessage(check: ReadCheck, message: FixtureMessage, n: number, { workload }: SendsSpec): TracedMessage {
  const recorded = workload.kind === 'trace' ? workload.messages[n] : undefined
  const { key, value, headers, type } = message
  return {
    time: recorded?.time ?? Math.floor((n * second) / check.rate),
    key: key ?? '',
    size: recorded?.size ?? sizeOf(value),
    type: type ?? recorded?.type ?? '',
    operation: operationOf(check, message, n) ?? recorded?.operation,
    ...(headers === undefined ? {} : { headers }),
    body: value,
  }
}

function operationOf(check: ReadCheck, message: FixtureMessage, n: number): string | undefined {
  try {
    const operation: unknown = check.operation(message)
    if (operation === undefined || typeof operation === 'string') return operation
    if (typeof operation === 'number' || typeof operation === 'bigint') return String(operation)
    throw new TypeError('it gave no text')
  } catch (error) {
    const reason = errorText(error)
    throw new CheckError(check.name, [`\`operation\` does not say what message ${n} is about: ${reason}`])
  }
}

function sizeOf(value: unknown): number {
  if (value instanceof Uint8Array) return Math.max(1, value.length)
  const text = typeof value === 'string' ? value : (JSON.stringify(value, plainly) ?? '')
  return Math.max(1, Buffer.byteLength(text))
}

function plainly(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
