import { describe, expect, it } from 'vitest'
import type { Source } from './strategy-scenario.ts'
import { runText } from './strategy-scenario.ts'

/** What a strategy comes to under a fault, and what it would come to with one thing changed. */
interface Case {
  readonly title: string
  readonly strategy: string
  readonly stores?: string
  /** More of what the shop sends. */
  readonly sends?: string
  readonly keys?: number
  readonly handling?: string
  readonly faults?: string
  readonly source?: Source
  /** Effects of billing: lost, had more than once, or neither. */
  readonly comesTo: 'lost' | 'twice' | 'once'
}

const systems: Readonly<Record<Source, string>> = {
  queue: 'memory: { queues: { orders: { visibility-timeout: 5s, attempts: 20 } } }',
  log: 'kafka: { brokers: 1, topics: { orders: { replication.factor: 1 } } }',
}

function outcomeOf({ strategy, stores, sends, keys = 4, handling, faults, source = 'queue' }: Case): string {
  const { rows, faults: judged } = runText(`title: A case
systems: { broker: { ${systems[source]} } }
stores: ${stores ?? '{ records: database }'}
services:
  shop: { sends: { to: broker/orders, messages: 20, rate: 100/s, keys: ${keys}${sends === undefined ? '' : `, ${sends}`} } }
  billing:
    receives: broker/orders
    consumer: ${source === 'log' ? '{ auto.offset.reset: earliest }' : ''}
    members: 2
    handling: { takes: 3ms, strategy: ${strategy}${handling === undefined ? '' : `, ${handling}`} }
faults: ${faults ?? '[]'}
`)
  expect(judged.filter(({ state }) => state !== 'over')).toEqual([])
  const verdict = (guarantee: string): string | undefined =>
    rows.find((row) => row.service === 'billing' && row.guarantee === guarantee && row.level === 'effect')?.verdict
  const words = [
    ...(verdict('no-loss') === 'violated' ? ['lost'] : []),
    ...(verdict('no-duplicates') === 'violated' ? ['twice'] : []),
  ]
  return words.length === 0 && verdict('exactly-once') === 'holds' ? 'once' : words.join(' and ')
}

const at = (fact: string, crash = 'crash: handler(order-7), for: 1s', cut = 'after-step'): string =>
  `[{ when: { fact: ${fact}, message: order-7 }, cut: ${cut}, ${crash} }]`

/** The first member is frozen in the middle of its work on order-7 for longer than anybody waits. */
const frozen =
  '[{ when: { fact: operation-began, message: order-7, operation: work }, pause: handler(order-7), for: 30s }]'

const afterEffect = at('effect-applied')
const beforeEffect =
  '[{ when: { fact: operation-began, message: order-7, operation: work }, crash: handler(order-7), for: 1s }]'
const twiceAtOnce = 'duplicates: { messages: order-7, id: same }'
const underNewId = 'duplicates: { messages: order-7, after: 1s }'
const muchLater = 'duplicates: { messages: order-7, after: 20s, id: same }'
const ledger = '{ records: ledger }'
const handling = 'store: records'
const marks = '{ records: ledger, marks: { cache: { replica: false } } }'

/** The consumer dies when it has marked order-7 and not acknowledged it, and so does the server with the mark. */
const crashAfterMark = [
  '{ when: { fact: key-written, key: billing/order-7 }, crash: marks-1, for: 4s }',
  '{ when: { fact: acknowledged, message: order-7 }, cut: after-state, crash: handler(order-7), for: 1s }',
].join(', ')

const cases: readonly Case[] = [
  { title: 'nothing remembers', strategy: 'none', stores: ledger, handling, faults: afterEffect, comesTo: 'twice' },
  { title: 'acknowledged before', strategy: 'acknowledge-first', stores: '{}', faults: beforeEffect, comesTo: 'lost' },
  {
    title: 'the broker hands out again',
    strategy: 'broker-deduplication',
    stores: ledger,
    handling,
    faults: afterEffect,
    comesTo: 'twice',
  },
  {
    title: 'marked as redelivered, and never done',
    strategy: 'redelivered-flag',
    stores: '{}',
    faults: beforeEffect,
    comesTo: 'lost',
  },
  {
    title: 'a memory that dies',
    strategy: 'memory-cache',
    stores: ledger,
    handling,
    faults: afterEffect,
    comesTo: 'twice',
  },
  {
    title: 'a filter that is too small',
    strategy: '{ bloom-filter: { bits: 8, hashes: 1 } }',
    stores: '{}',
    comesTo: 'lost',
  },
  { title: 'a filter that is large enough', strategy: 'bloom-filter', stores: '{}', comesTo: 'once' },

  {
    title: 'a crash between effect and mark',
    strategy: 'check-then-mark',
    stores: marks,
    handling: 'store: records',
    faults: afterEffect,
    comesTo: 'twice',
  },
  {
    title: 'a crash after the mark',
    strategy: 'check-then-mark',
    stores: marks,
    handling: 'store: records',
    faults: at('acknowledged', undefined, 'after-state'),
    comesTo: 'once',
  },
  {
    title: 'two who look at the same time',
    strategy: 'check-then-mark',
    stores: marks,
    handling: 'store: records',
    sends: twiceAtOnce,
    comesTo: 'twice',
  },
  {
    title: 'two of whom one claims',
    strategy: 'claim-first',
    stores: marks,
    handling: 'store: records',
    sends: twiceAtOnce,
    comesTo: 'once',
  },
  {
    title: 'two of whom one claims in a database',
    strategy: '{ claim-first: { dedup: marks } }',
    stores: '{ records: ledger, marks: database }',
    handling: 'store: records',
    sends: twiceAtOnce,
    comesTo: 'once',
  },
  {
    title: 'who claims and dies',
    strategy: 'claim-first',
    stores: marks,
    handling: 'store: records',
    faults: beforeEffect,
    comesTo: 'lost',
  },
  {
    title: 'who claims and fails',
    strategy: 'claim-first',
    stores: marks,
    handling: 'store: records, fails: { messages: order-7, attempts: 1 }',
    comesTo: 'lost',
  },
  {
    title: 'who fails and gives the claim back',
    strategy: '{ claim-first: { gives-back: true } }',
    stores: marks,
    handling: 'store: records, fails: { messages: order-7, attempts: 1 }',
    comesTo: 'once',
  },
  {
    title: 'who has a lease and dies',
    strategy: '{ lease-then-complete: { lease: 2s } }',
    stores: marks,
    handling: 'store: records',
    faults: beforeEffect,
    comesTo: 'once',
  },
  {
    title: 'who has a lease in a database and dies',
    strategy: '{ lease-then-complete: { lease: 2s, dedup: marks } }',
    stores: '{ records: ledger, marks: database }',
    handling: 'store: records',
    faults: beforeEffect,
    comesTo: 'once',
  },
  {
    title: 'a lease that ends before the record',
    strategy: '{ lease-then-complete: { lease: 2s } }',
    stores: marks,
    handling: 'store: records',
    faults: afterEffect,
    comesTo: 'twice',
  },
  {
    title: 'a mark that is forgotten',
    strategy: '{ claim-first: { time-to-live: 10s } }',
    stores: marks,
    handling: 'store: records',
    sends: muchLater,
    comesTo: 'twice',
  },
  {
    title: 'a mark that is not',
    strategy: '{ claim-first: { time-to-live: 30s } }',
    stores: marks,
    handling: 'store: records',
    sends: muchLater,
    comesTo: 'once',
  },

  {
    title: 'a mark that a failover forgets',
    strategy: 'check-then-mark',
    stores: '{ records: ledger, marks: { cache: { down-after: 2s } } }',
    handling: 'store: records',
    faults: `[{ at: 1ms, partition: [[marks-1], [marks-2]], for: 20s }, ${crashAfterMark}]`,
    comesTo: 'twice',
  },
  {
    title: 'a mark that a failover keeps',
    strategy: 'check-then-mark',
    stores: '{ records: ledger, marks: { cache: { down-after: 2s } } }',
    handling: 'store: records',
    faults: `[${crashAfterMark}]`,
    comesTo: 'once',
  },

  { title: 'a crash after the commit', strategy: 'inbox', faults: afterEffect, comesTo: 'once' },
  { title: 'a crash before the commit', strategy: 'inbox', faults: beforeEffect, comesTo: 'once' },
  { title: 'two at the same time', strategy: 'inbox', sends: twiceAtOnce, comesTo: 'once' },
  { title: 'a zombie', strategy: 'inbox', faults: frozen, comesTo: 'once' },
  { title: 'another id', strategy: 'inbox', sends: underNewId, comesTo: 'twice' },
  { title: 'another id, by operation', strategy: '{ inbox: { key: operation } }', sends: underNewId, comesTo: 'once' },
  {
    title: 'an inbox that is purged',
    strategy: '{ inbox: { time-to-live: 10s } }',
    sends: muchLater,
    comesTo: 'twice',
  },
  {
    title: 'acknowledged inside of the transaction',
    strategy: '{ inbox: { acknowledges-inside: true } }',
    faults: at('acknowledged'),
    comesTo: 'lost',
  },
  { title: 'two who select at the same time', strategy: 'inbox-without-key', sends: twiceAtOnce, comesTo: 'twice' },
  {
    title: 'two whose transactions are serializable',
    strategy: '{ inbox-without-key: { isolation: serializable } }',
    sends: twiceAtOnce,
    comesTo: 'once',
  },
  {
    title: 'a crash after the commit, without a key',
    strategy: 'inbox-without-key',
    faults: afterEffect,
    comesTo: 'once',
  },

  {
    title: 'a log that is read again',
    strategy: 'none',
    stores: '{}',
    source: 'log',
    faults: afterEffect,
    comesTo: 'twice',
  },
  {
    title: 'a position beside the effect',
    strategy: 'stored-position',
    source: 'log',
    faults: afterEffect,
    comesTo: 'once',
  },
  {
    title: 'another place of the log',
    strategy: 'stored-position',
    source: 'log',
    sends: underNewId,
    comesTo: 'twice',
  },

  { title: 'the same state', strategy: 'upsert', keys: 20, faults: afterEffect, comesTo: 'once' },
  { title: 'a row for each message', strategy: '{ upsert: { row: message } }', sends: underNewId, comesTo: 'twice' },
  {
    title: 'a version that is not newer',
    strategy: 'newer-version',
    sends: underNewId,
    faults: afterEffect,
    comesTo: 'once',
  },
  {
    title: 'a version that was expected before',
    strategy: 'expected-version',
    sends: underNewId,
    faults: afterEffect,
    comesTo: 'once',
  },
  { title: 'a version that is read anew', strategy: 'read-compare-set', faults: afterEffect, comesTo: 'twice' },
  {
    title: 'a command that the stream knows',
    strategy: 'event-sourcing',
    sends: underNewId,
    faults: afterEffect,
    comesTo: 'once',
  },
  {
    title: 'a command that nobody looks for',
    strategy: '{ event-sourcing: { checks-command: false } }',
    faults: afterEffect,
    comesTo: 'twice',
  },

  {
    title: 'a zombie with a lock',
    strategy: '{ fencing: { lease: 2s, checks: false } }',
    stores: '{ records: database, locks: lock }',
    faults: frozen,
    comesTo: 'twice',
  },
  {
    title: 'a zombie with a token',
    strategy: '{ fencing: { lease: 2s } }',
    stores: '{ records: database, locks: lock }',
    faults: frozen,
    comesTo: 'once',
  },
  {
    title: 'a token that knows no messages',
    strategy: '{ fencing: { lease: 2s } }',
    stores: '{ records: database, locks: lock }',
    faults: afterEffect,
    comesTo: 'twice',
  },

  {
    title: 'a call without a key',
    strategy: 'none',
    stores: '{ records: api }',
    handling: 'store: records',
    faults: afterEffect,
    comesTo: 'twice',
  },
  {
    title: 'a call with a key',
    strategy: 'idempotency-key',
    stores: '{ records: api }',
    faults: afterEffect,
    comesTo: 'once',
  },
  {
    title: 'a key for each attempt',
    strategy: '{ idempotency-key: { key: attempt } }',
    stores: '{ records: api }',
    faults: afterEffect,
    comesTo: 'twice',
  },
  {
    title: 'a key for each message',
    strategy: '{ idempotency-key: { key: message } }',
    stores: '{ records: api }',
    sends: underNewId,
    comesTo: 'twice',
  },
  {
    title: 'two calls at the same time',
    strategy: 'idempotency-key',
    stores: '{ records: api }',
    sends: twiceAtOnce,
    comesTo: 'once',
  },
  {
    title: 'a key that is forgotten',
    strategy: 'idempotency-key',
    stores: '{ records: { api: { keeps-keys: 10s } } }',
    sends: muchLater,
    comesTo: 'twice',
  },
  {
    title: 'a search after that',
    strategy: 'idempotency-key-and-reconciliation',
    stores: '{ records: { api: { keeps-keys: 10s } } }',
    sends: muchLater,
    comesTo: 'once',
  },
]

describe.each(cases)('$strategy: $title', (each) => {
  it(`comes to effects that are ${each.comesTo}`, () => {
    expect(outcomeOf(each)).toBe(each.comesTo)
  })
})
