import { describe, expect, it } from 'vitest'
import { CommittedOffsets, offsetsPartition } from '../../../../../src/systems/kafka/core/group/committed-offsets.ts'

function commit(offset: number, committedAt: number) {
  return { topic: 'orders', partition: 0, offset, leaderEpoch: -1, committedAt }
}

describe('committed offsets', () => {
  it('are those of the last commit, even if it goes back', () => {
    const offsets = new CommittedOffsets()
    offsets.apply(commit(9, 1))
    offsets.apply(commit(4, 2))
    expect(offsets.get({ topic: 'orders', partition: 0 })?.offset).toBe(4)
    expect(offsets.get({ topic: 'orders', partition: 1 })).toBeUndefined()
  })

  it('expire when the group has been empty for long enough, counted from the later of both', () => {
    const offsets = new CommittedOffsets()
    offsets.apply(commit(9, 50))
    expect(offsets.expire(undefined, 100, 999)).toEqual([])
    expect(offsets.expire(10, 100, 149)).toEqual([])
    expect(offsets.expire(10, 100, 150)).toHaveLength(1)
    expect(offsets.all).toEqual([])
  })

  it('of a group lie in the partition that its name hashes to as in Java', () => {
    // "abc".hashCode() is 96354, and "polygenelubricants" hashes to the least int, whose sign is cleared.
    expect(offsetsPartition('abc', 50)).toBe(96_354 % 50)
    expect(offsetsPartition('polygenelubricants', 50)).toBe(0)
  })
})
