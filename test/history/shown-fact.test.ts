import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AnyFact } from '../../src/history/fact.ts'
import { delivered, handled, nodeResumed } from '../../src/history/facts.ts'
import { History } from '../../src/history/history.ts'

/** What a listener can read of a fact, as a value of its own. */
function copyOf(fact: AnyFact, kind: { readonly fields: object }): Record<string, unknown> {
  const { index, time, node, cause, waitedFor } = fact
  const values = Object.keys(kind.fields).map((field) => [field, fact[field]])
  return { kind: fact.kind, index, time, node, cause, waitedFor, ...Object.fromEntries(values) }
}

const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const name = fc.constantFrom('billing', 'shop', '', 'orders-7', 'order-1')

describe('what listeners and readers are shown', () => {
  it('is what the history keeps', () => {
    const values = fc.record({
      message: name,
      service: name,
      channel: name,
      partition: name,
      position: int,
      attempt: int,
      redelivered: fc.boolean(),
    })
    const resumed = fc.record({ incarnation: int, paused: fc.maxSafeNat() })
    fc.assert(
      fc.property(fc.array(fc.tuple(values, resumed, fc.nat())), (facts) => {
        const history = new History()
        history.names.reserve('order', 3)
        const shown: unknown[] = []
        for (const kind of [delivered, nodeResumed]) history.listen(kind, (fact) => shown.push(copyOf(fact, kind)))
        for (const [of, paused, time] of facts) {
          history.record(delivered, time, 0, of, time - 1)
          history.record(nodeResumed, time, 1, paused)
        }
        expect(shown).toEqual([...history])
        const read: unknown[] = []
        const kinds = [delivered, nodeResumed]
        history.show(new Map(kinds.map((kind) => [kind.name, (fact) => void read.push(copyOf(fact, kind))])))
        expect(read).toEqual(shown)
      }),
    )
  })

  it('stays what it is while a listener records facts of the same kind', () => {
    const history = new History()
    const seen: [number, unknown, number][] = []
    history.listen(handled, ({ attempt }) => {
      if (Number(attempt) < 3) history.record(handled, 0, 0, { message: 0, service: 0, attempt: Number(attempt) + 1 })
    })
    history.listen(handled, ({ index, attempt, node }) => seen.push([index, attempt, node]))
    history.record(handled, 0, 7, { message: 0, service: 0, attempt: 1 })
    history.record(handled, 0, 8, { message: 0, service: 0, attempt: 9 })
    expect(seen).toEqual([
      [2, 3, 0],
      [1, 2, 0],
      [0, 1, 7],
      [3, 9, 8],
    ])
  })
})
