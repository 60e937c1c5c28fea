import { describe, expect, it } from 'vitest'
import { faultStruck } from '../../src/history/facts.ts'
import { placeStruck } from '../../src/report/fault-place.ts'
import type { JudgedFault } from '../../src/run.ts'

const fact = { index: 5, kind: faultStruck.name, time: 10, node: 0, cause: -1, waitedFor: -1, fault: 0 }

function placeOf(action: string, targets: JudgedFault['fault']['targets']): string {
  const fault = { action, targets, strikes: { at: 10 }, duration: undefined, parameters: {} }
  return placeStruck(fact, [{ fault, state: 'over' }])
}

describe('where a fault struck', () => {
  it('says who is on which side, as the nodes in a row do not', () => {
    expect(placeOf('partition', [['shop', 'leader(events/orders/0)'], ['billing']])).toBe(
      'with the sides shop, leader(events/orders/0) | billing',
    )
  })

  it('says nothing of sides where these are plain, and where there are none', () => {
    expect(placeOf('partition', [['shop'], ['billing']])).toBe('')
    expect(placeOf('crash', [['shop', 'billing', 'queue']])).toBe('')
  })
})
