import * as fc from 'fast-check'
import type { ExchangeType } from '../../../../src/systems/rabbitmq/core/exchange.ts'
import type { FieldTable, FieldValue } from '../../../../src/systems/rabbitmq/core/field-table.ts'
import type { Properties } from '../../../../src/systems/rabbitmq/core/message.ts'

/** Milliseconds. A short life ends during one pause, a middling one during the second, a long one never. */
const lifetimes = { none: undefined, zero: 0, short: 1_000, middling: 2_700, long: 600_000 } as const
export const pauseMillis = 1_500

/**
 * What both sides are made to do. Queues, exchanges and channels are numbers; a delivery is a number that counts, from the oldest, those that
 * are outstanding when its turn comes. So every part of a plan can be left out when a smaller one is looked for.
 */
export type Step =
  | { readonly step: 'declare-queue'; readonly queue: number; readonly shape: QueueShape }
  | { readonly step: 'look-up-queue' | 'purge'; readonly queue: number }
  | { readonly step: 'delete-queue'; readonly queue: number; readonly ifUnused: boolean; readonly ifEmpty: boolean }
  | { readonly step: 'declare-exchange'; readonly exchange: number; readonly shape: ExchangeShape }
  | { readonly step: 'delete-exchange'; readonly exchange: number; readonly ifUnused: boolean }
  | { readonly step: 'bind' | 'unbind'; readonly binding: BindingShape }
  | { readonly step: 'publish'; readonly publish: PublishShape; readonly times: number }
  | { readonly step: 'get'; readonly queue: number; readonly noAck: boolean }
  | {
      readonly step: 'consume'
      readonly queue: number
      readonly noAck: boolean
      readonly exclusive: boolean
      readonly priority: number
      readonly prefetch: number
    }
  | { readonly step: 'cancel'; readonly consumer: number }
  | { readonly step: 'acknowledge'; readonly delivery: number; readonly multiple: boolean }
  | { readonly step: 'reject'; readonly delivery: number; readonly multiple: boolean; readonly requeue: boolean }
  | { readonly step: 'acknowledge-unknown'; readonly multiple: boolean }
  | { readonly step: 'limit-channel'; readonly count: number }
  | {
      readonly step:
        | 'recover'
        | 'confirm-select'
        | 'tx-select'
        | 'tx-commit'
        | 'tx-rollback'
        | 'close-channel'
        | 'pause'
    }

export interface OnChannel {
  readonly channel: number
  readonly action: Step
}

export interface QueueShape {
  readonly durable: boolean
  readonly autoDelete: boolean
  readonly messageTtl: number | undefined
  readonly expires: number | undefined
  readonly maxLength: number | undefined
  readonly maxLengthBytes: number | undefined
  readonly overflow: string | undefined
  /** An exchange's number, or 'default'. */
  readonly deadLetterExchange: number | 'default' | undefined
  /** A queue's number. */
  readonly deadLetterKey: number | undefined
  readonly maxPriority: number | undefined
  readonly singleActiveConsumer: boolean
}

export interface ExchangeShape {
  readonly type: ExchangeType
  readonly durable: boolean
  readonly autoDelete: boolean
  readonly internal: boolean
  readonly alternate: number | undefined
}

export interface BindingShape {
  readonly source: number
  readonly to: { readonly queue: number } | { readonly exchange: number }
  readonly key: string
  readonly headers: FieldTable
}

export interface PublishShape {
  readonly exchange: number | 'default'
  /** A key, or the number of a queue for its name. */
  readonly key: string | number
  readonly mandatory: boolean
  readonly bytes: number
  readonly properties: Omit<Properties, 'headers'>
  readonly headers: FieldTable
  /** Queues whose names are further keys. */
  readonly copies: { readonly open: readonly number[]; readonly blind: readonly number[] } | undefined
}

/** A topology, then what happens in it. */
export interface Plan {
  readonly setUp: readonly Step[]
  readonly steps: readonly OnChannel[]
}

export const queueCount = 3
export const exchangeCount = 2
export const channelCount = 2

/** Whether the result can depend on how much real time has passed. */
export function isTimed({ setUp, steps }: Plan): boolean {
  const text = JSON.stringify([setUp, steps])
  return [`"messageTtl":`, `"expires":`, `"expiration":`].some((part) => text.includes(part))
}

/** Mostly the first, so that what happens meets. */
const queueNumber = fc.constantFrom(0, 0, 0, 1, 1, 2)
const exchangeNumber = fc.nat(exchangeCount - 1)
const rarely = fc.constantFrom(false, false, false, false, false, false, false, false, false, true)
/** In this many of ten cases. */
const sometimes = <T>(share: number, value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 10 - share, arbitrary: fc.constant(undefined) }, { weight: share, arbitrary: value })
const lifetime = fc.constantFrom(lifetimes.long, lifetimes.short, lifetimes.middling, lifetimes.zero)

const queueShape: fc.Arbitrary<QueueShape> = fc.record({
  durable: fc.boolean(),
  autoDelete: rarely,
  messageTtl: sometimes(2, lifetime),
  expires: sometimes(1, fc.constantFrom(lifetimes.short, lifetimes.long)),
  maxLength: sometimes(3, fc.constantFrom(3, 2, 1, 4, 0)),
  maxLengthBytes: sometimes(1, fc.integer({ min: 10, max: 40 })),
  overflow: sometimes(4, fc.constantFrom('drop-head', 'reject-publish', 'reject-publish-dlx')),
  deadLetterExchange: sometimes(6, fc.oneof(fc.constant('default' as const), exchangeNumber)),
  deadLetterKey: sometimes(7, queueNumber),
  maxPriority: sometimes(3, fc.integer({ min: 1, max: 4 })),
  singleActiveConsumer: rarely,
})

const exchangeShape: fc.Arbitrary<ExchangeShape> = fc.record({
  type: fc.constantFrom('direct', 'fanout', 'topic', 'headers'),
  durable: fc.boolean(),
  autoDelete: rarely,
  internal: rarely,
  alternate: sometimes(3, exchangeNumber),
})

const word = fc.constantFrom('a', 'b')
const key = fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join('.'))
const pattern = fc
  .array(fc.oneof(word, fc.constantFrom('*', '#')), { minLength: 1, maxLength: 3 })
  .map((words) => words.join('.'))
const headerValue: fc.Arbitrary<FieldValue> = fc.constantFrom<FieldValue>(1, '1', true, null)
const headers = fc.dictionary(fc.constantFrom('h', 'i', 'x-j'), headerValue, { maxKeys: 2 })
const boundHeaders = fc
  .tuple(headers, sometimes(7, fc.constantFrom('all', 'any', 'all-with-x', 'any-with-x')))
  .map(([table, mode]): FieldTable => (mode === undefined ? table : { ...table, 'x-match': mode }))

const bindingShape: fc.Arbitrary<BindingShape> = fc.record({
  source: exchangeNumber,
  to: fc.oneof(
    { weight: 4, arbitrary: queueNumber.map((queue) => ({ queue })) },
    { weight: 1, arbitrary: exchangeNumber.map((exchange) => ({ exchange })) },
  ),
  key: pattern,
  headers: boundHeaders,
})

const publishShape: fc.Arbitrary<PublishShape> = fc.record({
  exchange: fc.oneof(
    { weight: 2, arbitrary: fc.constant('default' as const) },
    { weight: 1, arbitrary: exchangeNumber },
  ),
  key: fc.oneof({ weight: 5, arbitrary: queueNumber }, { weight: 1, arbitrary: key }),
  mandatory: fc.boolean(),
  bytes: fc.integer({ min: 6, max: 16 }),
  properties: fc
    .record({
      deliveryMode: fc.constantFrom(1 as const, 2 as const),
      priority: sometimes(4, fc.nat(6)),
      expiration: fc.oneof(
        { weight: 4, arbitrary: fc.constant(undefined) },
        { weight: 1, arbitrary: lifetime.map(String) },
      ),
    })
    .map(({ deliveryMode, priority, expiration }) => ({
      deliveryMode,
      ...(priority === undefined ? {} : { priority }),
      ...(expiration === undefined ? {} : { expiration }),
    })),
  headers,
  copies: sometimes(
    1,
    fc.record({ open: fc.array(queueNumber, { maxLength: 2 }), blind: fc.array(queueNumber, { maxLength: 1 }) }),
  ),
})

const place = fc.nat(5)
const prefetch = fc.constantFrom(1, 2, 0, 3)
const plainly = (
  ...names: readonly (Step & { step: 'recover' | 'confirm-select' | 'tx-select' | 'tx-commit' })['step'][]
) => fc.constantFrom(...names).map((step): Step => ({ step }))

const consume: fc.Arbitrary<Step> = fc.record({
  step: fc.constant('consume' as const),
  queue: queueNumber,
  noAck: rarely,
  exclusive: rarely,
  priority: fc.constantFrom(0, 0, 0, 0, 1, -1),
  prefetch,
})

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.record({ step: fc.constant('declare-queue' as const), queue: queueNumber, shape: queueShape }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ step: fc.constantFrom('look-up-queue' as const, 'purge' as const), queue: queueNumber }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      step: fc.constant('delete-queue' as const),
      queue: queueNumber,
      ifUnused: fc.boolean(),
      ifEmpty: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      step: fc.constant('declare-exchange' as const),
      exchange: exchangeNumber,
      shape: exchangeShape,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      step: fc.constant('delete-exchange' as const),
      exchange: exchangeNumber,
      ifUnused: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      step: fc.constantFrom('bind' as const, 'bind' as const, 'unbind' as const),
      binding: bindingShape,
    }),
  },
  {
    weight: 40,
    arbitrary: fc.record({
      step: fc.constant('publish' as const),
      publish: publishShape,
      times: fc.constantFrom(1, 1, 1, 2, 3),
    }),
  },
  { weight: 12, arbitrary: fc.record({ step: fc.constant('get' as const), queue: queueNumber, noAck: rarely }) },
  { weight: 10, arbitrary: consume },
  { weight: 2, arbitrary: fc.record({ step: fc.constant('cancel' as const), consumer: place }) },
  {
    weight: 16,
    arbitrary: fc.record({ step: fc.constant('acknowledge' as const), delivery: place, multiple: fc.boolean() }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      step: fc.constant('reject' as const),
      delivery: place,
      multiple: fc.boolean(),
      requeue: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('acknowledge-unknown' as const), multiple: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ step: fc.constant('limit-channel' as const), count: fc.nat(3) }) },
  { weight: 1, arbitrary: plainly('recover', 'confirm-select', 'confirm-select', 'tx-select') },
  {
    weight: 3,
    arbitrary: fc.constantFrom('tx-commit', 'tx-commit', 'tx-rollback').map((name): Step => ({ step: name })),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ step: 'close-channel' }) },
  { weight: 1, arbitrary: fc.constant<Step>({ step: 'pause' }) },
)

const setUp: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.array(queueShape, { minLength: queueCount, maxLength: queueCount }),
    fc.array(exchangeShape, { minLength: exchangeCount, maxLength: exchangeCount }),
    fc.array(bindingShape, { maxLength: 5 }),
  )
  .map(([queues, exchanges, bindings]) => [
    ...queues.map((shape, queue): Step => ({ step: 'declare-queue', queue, shape })),
    ...exchanges.map((shape, exchange): Step => ({ step: 'declare-exchange', exchange, shape })),
    ...bindings.map((binding): Step => ({ step: 'bind', binding })),
  ])

/** The first channel confirms from the start in most plans, or has transactions in a few; and there may be consumers before the first message. */
const opening: fc.Arbitrary<readonly OnChannel[]> = fc
  .tuple(
    fc.constantFrom('confirm-select' as const, 'confirm-select' as const, undefined, 'tx-select' as const),
    fc.array(fc.record({ channel: fc.nat(channelCount - 1), action: consume }), { maxLength: 3 }),
  )
  .map(([name, consumers]) => [...(name === undefined ? [] : [{ channel: 0, action: { step: name } }]), ...consumers])

export const plans: fc.Arbitrary<Plan> = fc
  .tuple(
    setUp,
    opening,
    fc.array(fc.record({ channel: fc.nat(channelCount - 1), action: step }), {
      minLength: 5,
      maxLength: 30,
      size: 'max',
    }),
  )
  .map(([topology, first, steps]) => ({ setUp: topology, steps: [...first, ...steps] }))
