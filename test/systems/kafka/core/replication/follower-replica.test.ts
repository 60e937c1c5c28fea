import { describe, expect, it } from 'vitest'
import { PartitionLog } from '../../../../../src/systems/kafka/core/log/partition-log.ts'
import { FollowerReplica } from '../../../../../src/systems/kafka/core/replication/follower-replica.ts'
import { plainBatch } from '../log/batches.ts'

function logOf(...epochs: readonly number[]): PartitionLog {
  const log = new PartitionLog()
  for (const epoch of epochs) log.appendAsLeader(plainBatch(epoch), epoch)
  return log
}

describe('a follower', () => {
  it('asks from its end and says the epoch of its last record', () => {
    const follower = new FollowerReplica(logOf(1, 1, 3), 5)
    expect(follower.nextFetch(9)).toEqual({ fetchOffset: 3, lastFetchedEpoch: 3, leaderEpoch: 5, maxBytes: 9 })
  })

  it('truncates to where an epoch that both have ended on the leader', () => {
    const follower = new FollowerReplica(logOf(1, 1, 1), 5)
    expect(follower.truncateTo({ epoch: 1, endOffset: 2 })).toMatchObject({ type: 'truncated', endOffset: 2 })
  })

  it('falls back to the end of its own earlier epoch when it never had the leader’s', () => {
    const follower = new FollowerReplica(logOf(1, 1, 4, 4), 5)
    expect(follower.truncateTo({ epoch: 3, endOffset: 4 })).toMatchObject({ endOffset: 2 })
    expect(follower.nextFetch(9).lastFetchedEpoch).toBe(1)
  })

  it('gives up no more than its own later epochs in one step, however short the leader’s epoch was', () => {
    const follower = new FollowerReplica(logOf(1, 1, 4), 5)
    expect(follower.truncateTo({ epoch: 3, endOffset: 1 })).toMatchObject({ endOffset: 2 })
  })

  it('keeps records above its own stale high watermark when the leader has them', () => {
    const follower = new FollowerReplica(logOf(1, 1), 5)
    expect(follower.log.highWatermark).toBe(0)
    expect(follower.truncateTo({ epoch: 1, endOffset: 2 })).toMatchObject({ endOffset: 2, dropped: [] })
  })

  it('lets its high watermark follow the leader’s no further than its own end', () => {
    const leader = logOf(1, 1, 1)
    const follower = new FollowerReplica(new PartitionLog(), 1)
    const batches = leader.read(0, 3, 100)
    follower.appendFetched({ fetchOffset: 0, batches, highWatermark: 3, logStartOffset: 0 })
    expect([follower.log.endOffset, follower.log.highWatermark]).toEqual([1, 1])
  })

  it('ignores the answer to a fetch from another position', () => {
    const follower = new FollowerReplica(logOf(1), 1)
    const late = { fetchOffset: 0, batches: logOf(1).allBatches, highWatermark: 1, logStartOffset: 0 }
    expect(follower.appendFetched(late)).toEqual({ type: 'ignored' })
    expect(follower.log.endOffset).toBe(1)
  })

  it('starts anew where the leader starts when its own end is gone there', () => {
    const follower = new FollowerReplica(logOf(1), 1)
    expect(follower.outOfRange(5, 9)).toMatchObject({ type: 'truncated', endOffset: 5 })
    expect(follower.log.startOffset).toBe(5)
  })

  it('truncates to the end of a leader that has less', () => {
    const follower = new FollowerReplica(logOf(1, 1, 1), 1)
    expect(follower.outOfRange(0, 1)).toMatchObject({ type: 'truncated', endOffset: 1 })
  })
})
