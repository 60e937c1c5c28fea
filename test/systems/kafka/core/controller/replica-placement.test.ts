import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { placeReplicas } from '../../../../../src/systems/kafka/core/controller/replica-placement.ts'

function broker(brokerId: number, rack?: string, fenced = false) {
  return { brokerId, rack, fenced }
}

describe('the placement of replicas', () => {
  it('stripes over racks, and over the brokers of each', () => {
    const brokers = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((id) => broker(id, 'abc'.charAt(Math.floor(id / 3))))
    expect(placeReplicas(brokers, 3, 3, 0)).toEqual({
      type: 'placed',
      assignments: [
        [0, 3, 6],
        [4, 7, 1],
        [8, 2, 5],
      ],
    })
  })

  it('lets each broker lead in turn without racks', () => {
    const placement = placeReplicas([broker(1), broker(2), broker(3)], 3, 3, 0)
    expect(placement).toEqual({
      type: 'placed',
      assignments: [
        [1, 2, 3],
        [2, 3, 1],
        [3, 1, 2],
      ],
    })
  })

  it('is refused without a live broker, or with more replicas than brokers', () => {
    expect(placeReplicas([broker(1, undefined, true)], 1, 1, 0).type).toBe('refused')
    expect(placeReplicas([broker(1)], 1, 2, 0).type).toBe('refused')
  })

  it('never puts two replicas on a broker, begins with a live one, and uses every rack before one twice', () => {
    const brokers = fc.uniqueArray(
      fc.record({
        brokerId: fc.integer({ min: 0, max: 9 }),
        rack: fc.constantFrom('a', 'b', 'c'),
        fenced: fc.boolean(),
      }),
      { selector: ({ brokerId }) => brokerId, minLength: 1, maxLength: 8 },
    )
    const replicas = fc.integer({ min: 1, max: 4 })
    fc.assert(
      fc.property(brokers, replicas, fc.nat(20), (given, replicationFactor, start) => {
        const placement = placeReplicas(given, 5, replicationFactor, start)
        fc.pre(placement.type === 'placed')
        for (const assignment of placement.assignments) {
          expect(new Set(assignment).size).toBe(replicationFactor)
          expect(given.find(({ brokerId }) => brokerId === assignment[0])?.fenced).toBe(false)
          const racks = assignment.map((id) => given.find(({ brokerId }) => brokerId === id)?.rack)
          const possible = Math.min(replicationFactor, new Set(given.map(({ rack }) => rack)).size)
          expect(new Set(racks).size).toBe(possible)
        }
      }),
    )
  })
})
