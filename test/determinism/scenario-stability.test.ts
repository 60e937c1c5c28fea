import { describe, expect, it } from 'vitest'
import { measureStability, stabilityTable } from '../../scripts/scenario-stability.ts'
import { scenarioFrom } from './scenario-from.ts'

const text = `
title: A queue
seed: stability
systems: { queue: { memory: { queues: { orders: { visibility-timeout: 5s } } } } }
services:
  shop: { sends: { to: queue/orders, messages: 30, rate: 100/s } }
  billing: { receives: { from: queue/orders }, handling: { takes: 1ms, effect: billed } }
`
const anchored = `${text}
faults: [{ when: { fact: handled, message: order-7 }, cut: after-state, crash: billing, for: 1s }]
expect: { billing: { no-loss: holds, no-duplicates: violated } }
`

describe('the stability of a scenario', () => {
  it('is perfect where a fault waits for the fact that matters', () => {
    const rows = measureStability(scenarioFrom(anchored), 6)
    expect(rows.find(({ name }) => name === 'billing no-duplicates (effect)')).toMatchObject({
      violated: [6, 6],
      flips: 0,
    })
    expect(rows.find(({ name }) => name === 'the run')).toMatchObject({ flips: 0 })
    expect(stabilityTable(rows)).not.toContain('FLIPS')
  })

  it('is marked where the outcome is a matter of luck', () => {
    const lucky = text.replace('effect: billed', 'effect: billed, fails: { probability: 2% }, on-error: swallow')
    const rows = measureStability(scenarioFrom(`${lucky}\nexpect: { billing: { no-loss/effect: violated } }\n`), 12)
    const [row] = rows.filter(({ name }) => name === 'billing no-loss (effect)')
    expect(row?.flips).toBeGreaterThan(0)
    expect(row?.flips).toBeLessThan(24)
    expect(stabilityTable(rows)).toMatch(/billing no-loss \(effect\) +violated .*FLIPS in \d+ of 24/)
  })

  it('is the same table every time', () => {
    const measured = [1, 2].map(() => stabilityTable(measureStability(scenarioFrom(anchored), 3)))
    expect(measured[0]).toBe(measured[1])
  })
})
