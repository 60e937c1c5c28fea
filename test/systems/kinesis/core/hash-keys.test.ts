import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evenRanges, halves, hashKeyOf, includes, union } from '../../../../src/systems/kinesis/core/hash-keys.ts'

const highest = (1n << 128n) - 1n

describe('Hash keys', () => {
  it('are covered by the first shards without a gap, each with the same share but for rounding', () => {
    for (const count of [1, 2, 3, 7, 200]) {
      const ranges = evenRanges(count)
      expect(ranges.at(0)?.from).toBe(0n)
      expect(ranges.at(-1)?.to).toBe(highest)
      const sizes = ranges.map(({ from, to }) => to - from + 1n)
      for (const [place, range] of ranges.entries()) expect(ranges[place + 1]?.from ?? highest + 1n).toBe(range.to + 1n)
      for (const size of sizes) expect(size - (sizes[0] ?? 0n)).toSatisfy((more: bigint) => more >= -1n && more <= 1n)
    }
  })

  it('of a key are in one range, and in one half of it, which together are the range again', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 20 }), (key, count) => {
        const hashKey = hashKeyOf(key)
        const owners = evenRanges(count).filter((range) => includes(range, hashKey))
        expect(owners).toHaveLength(1)
        const [owner] = owners
        const [low, high] = (owner && halves(owner)) ?? []
        if (owner === undefined || low === undefined || high === undefined) throw new Error('It can be split.')
        expect([low, high].filter((range) => includes(range, hashKey))).toHaveLength(1)
        expect(union(high, low)).toEqual(owner)
      }),
    )
  })

  it('that are no neighbours cannot be merged, and a single one cannot be split', () => {
    const [first, , third] = evenRanges(3)
    if (first === undefined || third === undefined) throw new Error('There are three.')
    expect(union(first, third)).toBeUndefined()
    expect(halves({ from: 5n, to: 5n })).toBeUndefined()
  })
})
