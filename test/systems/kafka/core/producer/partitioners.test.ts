import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { murmur2, partitionForKey } from '../../../../../src/systems/kafka/core/producer/murmur2.ts'
import {
  choosePartition,
  RoundRobinPartitioner,
  StickyPartitioner,
} from '../../../../../src/systems/kafka/core/producer/sticky-partitioner.ts'

describe('the hash of keys', () => {
  it.each([
    ['21', -973_932_308],
    ['foobar', -790_332_482],
    ['a-little-bit-long-string', -985_981_536],
    ['a-little-bit-longer-string', -1_486_304_829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58_897_971],
    ['abc', 479_470_107],
  ])('of %s is the one of Kafka’s clients', (key, hash) => {
    expect(murmur2(new TextEncoder().encode(key))).toBe(hash)
  })

  it('spreads k0 to k5 as the clients do', () => {
    const keys = ['k0', 'k1', 'k2', 'k3', 'k4', 'k5']
    expect(keys.map((key) => partitionForKey(key, 3))).toEqual([2, 2, 0, 1, 1, 0])
    expect(keys.map((key) => partitionForKey(key, 6))).toEqual([5, 5, 3, 4, 4, 0])
  })

  it('names an existing partition for every key', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 50 }), (key, partitions) => {
        const partition = partitionForKey(key, partitions)
        expect(partition).toBeGreaterThanOrEqual(0)
        expect(partition).toBeLessThan(partitions)
      }),
    )
  })
})

describe('the sticky partitioner', () => {
  it('stays until batch.size bytes went to a partition', () => {
    const partitioner = new StickyPartitioner(100)
    partitioner.choose(4)
    expect(partitioner.appended(99, true)).toBe(false)
    expect(partitioner.partition).toBe(4)
    expect(partitioner.appended(1, true)).toBe(true)
    expect(partitioner.partition).toBeUndefined()
  })

  it('stays longer while the last batch has room, but not past twice as much', () => {
    const partitioner = new StickyPartitioner(100)
    partitioner.choose(4)
    expect(partitioner.appended(199, false)).toBe(false)
    expect(partitioner.appended(1, false)).toBe(true)
  })

  it('counts anew after each choice', () => {
    const partitioner = new StickyPartitioner(100)
    partitioner.choose(4)
    partitioner.appended(100, true)
    partitioner.choose(5)
    expect(partitioner.appended(99, true)).toBe(false)
  })
})

describe('the next sticky partition', () => {
  const loads = [
    { partition: 7, queuedBatches: 0 },
    { partition: 8, queuedBatches: 3 },
    { partition: 9, queuedBatches: 1 },
  ]

  it('is the likelier the shorter its queue: 4, 1 and 3 chances for queues of 0, 3 and 1', () => {
    const chosen = [0, 1, 2, 3, 4, 5, 6, 7].map((draw) => choosePartition(loads, 3, true, draw))
    expect(chosen).toEqual([7, 7, 7, 7, 8, 9, 9, 9])
  })

  it('is drawn evenly when not adaptive', () => {
    expect([0, 1, 2, 3].map((draw) => choosePartition(loads, 3, false, draw))).toEqual([7, 8, 9, 7])
  })

  it('is any partition when none has a leader', () => {
    expect(choosePartition([], 3, true, 5)).toBe(2)
  })
})

describe('the round-robin partitioner', () => {
  it('takes the partitions with a leader in turn, and all of them when none has one', () => {
    const partitioner = new RoundRobinPartitioner(0)
    expect([1, 2, 3].map(() => partitioner.choose([4, 6], 8))).toEqual([4, 6, 4])
    expect(partitioner.choose([], 8)).toBe(3)
  })
})
