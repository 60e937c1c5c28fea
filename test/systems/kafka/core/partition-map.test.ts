import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { partitionName } from '../../../../src/systems/kafka/core/controller/partition-registration.ts'
import { PartitionMap } from '../../../../src/systems/kafka/core/partition-map.ts'

const partition = fc.record({ topic: fc.constantFrom('orders', 'bills', 'orders-1'), partition: fc.nat(3) })
const step = fc.record({ of: partition, does: fc.constantFrom('set', 'delete') })

it('does what a map by the name of the partition does, whatever topics take turns', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const map = new PartitionMap<number>()
      const plain = new Map<string, number>()
      for (const [value, { of, does }] of steps.entries()) {
        if (does === 'set') {
          map.set(of, value)
          plain.set(partitionName(of), value)
        } else {
          map.delete(of)
          plain.delete(partitionName(of))
        }
        for (const { of: asked } of steps) expect(map.get(asked)).toBe(plain.get(partitionName(asked)))
        expect([...map.entries()]).toEqual([...plain])
        expect([...map.values()]).toEqual([...plain.values()])
        expect(map.size).toBe(plain.size)
      }
    }),
  )
})
