import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runText } from './strategy-scenario.ts'

/** Without a limit, the transaction of a consumer whose host is gone keeps its locks until the server probes the connection, after two hours. */
const database = '{ database: { idle_in_transaction_session_timeout: 10s } }'

/** Strategies that are to keep every effect to once under anything that happens to consumers and producers. */
const compositions = [
  { strategy: 'inbox-and-version', store: database },
  { strategy: 'outbox-and-inbox', store: database },
  { strategy: 'event-sourcing', store: database },
  { strategy: 'idempotency-key-and-reconciliation', store: 'api' },
] as const

/** Something that happens to a consumer at one of the operations by which it handles a message. */
const mishap = fc.record({
  message: fc.integer({ min: 0, max: 14 }),
  step: fc.integer({ min: 1, max: 7 }),
  fact: fc.constantFrom('operation-began', 'operation-answered'),
  cut: fc.constantFrom('after-state', 'after-step'),
  action: fc.constantFrom('crash', 'pause', 'power-loss'),
  seconds: fc.constantFrom(1, 8, 30),
})

type Mishap = typeof mishap extends fc.Arbitrary<infer M> ? M : never

/** The guarantees of effects that the mishaps broke. */
function brokenBy(strategy: string, store: string, mishaps: readonly Mishap[]): readonly string[] {
  const faults = mishaps.map(
    ({ message, step, fact, cut, action, seconds }) =>
      `  - { when: { fact: ${fact}, message: order-${message}, step: ${step} }, cut: ${cut}, ${action}: handler(order-${message}), for: ${seconds}s }`,
  )
  const { rows } = runText(`title: Anything
systems: { queue: { memory: { queues: { orders: { visibility-timeout: 5s, attempts: 0 } } } } }
stores: { records: ${store} }
services:
  shop: { sends: { to: queue/orders, messages: 15, rate: 50/s, keys: 3, duplicates: { probability: 30%, after: 50ms } } }
  billing: { receives: queue/orders, members: 3, handling: { takes: 3ms, varies: 50%, strategy: ${strategy} } }
faults:
${faults.join('\n')}
`)
  const judged = rows.filter(({ service, level }) => service === 'billing' && level === 'effect')
  return judged
    .filter(({ guarantee, verdict }) => verdict === 'violated' && ['no-loss', 'no-duplicates'].includes(guarantee))
    .map(({ guarantee }) => guarantee)
}

describe.each(compositions)('$strategy', ({ strategy, store }) => {
  it('has every effect once, whenever consumers die or freeze and whatever is sent twice', () => {
    fc.assert(
      fc.property(fc.array(mishap, { minLength: 1, maxLength: 3 }), (mishaps) => {
        expect(brokenBy(strategy, store, mishaps)).toEqual([])
      }),
      { numRuns: 15, seed: 20 },
    )
  }, 60_000)
})

it('finds what breaks strategies that are not made for it', () => {
  const breaks = (strategy: string): boolean =>
    fc.check(
      fc.property(mishap, (one) => brokenBy(strategy, database, [one]).length === 0),
      { numRuns: 60, seed: 20 },
    ).failed
  expect([breaks('none, store: records'), breaks('redelivered-flag'), breaks('memory-cache, store: records')]).toEqual([
    true,
    true,
    true,
  ])
}, 60_000)
