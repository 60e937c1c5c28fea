import { describe, expect, it } from 'vitest'
import { AutoCommit } from '../../../../../src/systems/kafka/core/consumer/auto-commit.ts'
import { ConsumerPositions } from '../../../../../src/systems/kafka/core/consumer/consumer-positions.ts'
import { FetchBuffer } from '../../../../../src/systems/kafka/core/consumer/fetch-buffer.ts'
import { KafkaJsOffsets } from '../../../../../src/systems/kafka/core/consumer/kafka-js-offsets.ts'
import { decideReset } from '../../../../../src/systems/kafka/core/consumer/offset-reset.ts'
import { placedAt } from '../../../../../src/systems/kafka/core/log/record-batch.ts'
import { plainBatch } from '../log/batches.ts'

function positionsAt(offsets: Readonly<Record<number, number>>): ConsumerPositions {
  const positions = new ConsumerPositions()
  positions.assign(Object.keys(offsets).map(Number))
  for (const [partition, offset] of Object.entries(offsets)) positions.seek(Number(partition), offset)
  return positions
}

describe('the position of a consumer', () => {
  it('moves when records are returned, not when they are fetched', () => {
    const positions = positionsAt({ 0: 0 })
    const buffer = new FetchBuffer()
    buffer.add(0, 0, [placedAt(plainBatch(10, 11, 12), 0, 4)])
    expect(positions.get(0)?.offset).toBe(0)
    expect(buffer.poll(positions, 2)).toEqual({ partitions: [0, 0], offsets: [0, 1], messages: [10, 11] })
    expect(positions.get(0)).toMatchObject({ offset: 2, leaderEpoch: 4 })
    expect(buffer.poll(positions, 2).messages).toEqual([12])
    expect(buffer.isEmpty).toBe(true)
  })

  it('skips the records of the first batch that lie before it', () => {
    const positions = positionsAt({ 0: 6 })
    const buffer = new FetchBuffer()
    buffer.add(0, 6, [placedAt(plainBatch(10, 11, 12), 5, 0), placedAt(plainBatch(13), 8, 0)])
    expect(buffer.poll(positions, 500)).toEqual({ partitions: [0, 0, 0], offsets: [6, 7, 8], messages: [11, 12, 13] })
    expect(positions.get(0)?.offset).toBe(9)
  })

  it('goes past the gap that a batch leaves at its end', () => {
    const positions = positionsAt({ 0: 0 })
    const buffer = new FetchBuffer()
    buffer.add(0, 0, [{ ...placedAt(plainBatch(10), 0, 0), lastOffset: 4 }])
    buffer.poll(positions, 500)
    expect(positions.get(0)?.offset).toBe(5)
  })

  it('keeps what stays assigned and is unknown for what is new', () => {
    const positions = positionsAt({ 0: 5, 1: 6 })
    positions.assign([1, 2])
    expect(positions.get(1)?.offset).toBe(6)
    expect(positions.get(0)).toBeUndefined()
    expect(positions.withoutPosition).toEqual([2])
  })
})

describe('the fetch buffer', () => {
  it('drops what was fetched before a seek, and what is not assigned any more', () => {
    const positions = positionsAt({ 0: 0, 1: 0 })
    const buffer = new FetchBuffer()
    buffer.add(0, 0, [placedAt(plainBatch(10), 0, 0)])
    buffer.add(1, 0, [placedAt(plainBatch(20), 0, 0)])
    positions.seek(0, 7)
    positions.assign([0])
    expect(buffer.poll(positions, 500).messages).toEqual([])
    expect(buffer.isEmpty).toBe(true)
  })

  it('keeps what belongs to a paused partition', () => {
    const positions = positionsAt({ 0: 0, 1: 0 })
    const buffer = new FetchBuffer()
    buffer.add(0, 0, [placedAt(plainBatch(10), 0, 0)])
    buffer.add(1, 0, [placedAt(plainBatch(20), 0, 0)])
    positions.pause(0)
    expect(buffer.poll(positions, 500).messages).toEqual([20])
    positions.resume(0)
    expect(buffer.poll(positions, 500).messages).toEqual([10])
  })

  it('lets a large answer of one partition keep the others waiting', () => {
    const positions = positionsAt({ 0: 0, 1: 0 })
    const buffer = new FetchBuffer()
    buffer.add(0, 0, [placedAt(plainBatch(1, 2, 3, 4), 0, 0)])
    buffer.add(1, 0, [placedAt(plainBatch(9), 0, 0)])
    expect(buffer.poll(positions, 2).messages).toEqual([1, 2])
    expect(buffer.poll(positions, 2).messages).toEqual([3, 4])
    expect(buffer.poll(positions, 2).messages).toEqual([9])
  })

  it('holds back the next fetch of a partition until its records are returned', () => {
    const positions = positionsAt({ 0: 0, 1: 0, 2: 0 })
    const buffer = new FetchBuffer()
    buffer.add(0, 0, [placedAt(plainBatch(1), 0, 0)])
    positions.pause(1)
    expect(
      positions.assigned.filter((partition) => positions.isFetchable(partition) && !buffer.has(partition)),
    ).toEqual([2])
  })
})

describe('auto-commit', () => {
  it('takes its turn at the first poll after each interval', () => {
    const autoCommit = new AutoCommit(5_000, 100, 0)
    expect(autoCommit.takeTurn(4_999)).toBe(false)
    expect(autoCommit.takeTurn(5_000)).toBe(true)
    expect(autoCommit.takeTurn(9_999)).toBe(false)
    expect(autoCommit.takeTurn(12_000)).toBe(true)
    expect(autoCommit.dueAt).toBe(17_000)
  })

  it('tries again after the back-off when a commit failed', () => {
    const autoCommit = new AutoCommit(5_000, 100, 0)
    autoCommit.takeTurn(5_000)
    autoCommit.failed(5_050)
    expect(autoCommit.dueAt).toBe(5_150)
  })
})

describe('a consumer without a valid position', () => {
  const earliest = { type: 'earliest' } as const
  const none = { type: 'none' } as const

  it('goes by the policy without a committed offset, and when its leader has not the offset', () => {
    for (const loss of [{ type: 'no-committed-offset' }, { type: 'out-of-range', from: 'leader' }] as const) {
      expect(decideReset(loss, earliest, 0)).toEqual({ type: 'look-up', which: 'earliest' })
      expect(decideReset(loss, { type: 'latest' }, 0)).toEqual({ type: 'look-up', which: 'latest' })
      expect(decideReset(loss, { type: 'by_duration', duration: 30 }, 100)).toEqual({
        type: 'look-up-time',
        timestamp: 70,
      })
      expect(decideReset(loss, none, 0).type).toBe('fail')
    }
  })

  it('asks the leader when a follower has not the offset, whatever the policy', () => {
    for (const policy of [earliest, none]) {
      expect(decideReset({ type: 'out-of-range', from: 'follower' }, policy, 0)).toEqual({ type: 'fetch-from-leader' })
    }
  })

  it('goes on where a truncated log parts from what it read, or fails without a policy', () => {
    const loss = { type: 'truncated', endOffset: 4 } as const
    expect(decideReset(loss, earliest, 0)).toEqual({ type: 'seek', offset: 4 })
    expect(decideReset(loss, none, 0)).toEqual({ type: 'fail', error: 'LogTruncationException' })
  })
})

describe('offsets of kafkajs', () => {
  it('are committed for messages whose handler has finished, and no others', () => {
    const offsets = new KafkaJsOffsets({ autoCommitInterval: undefined, autoCommitThreshold: undefined }, 0)
    offsets.start(0, 5)
    expect(offsets.uncommitted.size).toBe(0)
    offsets.resolve(0, 5)
    expect(offsets.uncommitted).toEqual(new Map([[0, 6]]))
    offsets.commitSucceeded(offsets.uncommitted, 9)
    expect(offsets.uncommitted.size).toBe(0)
  })

  it('are due after a message by interval or by threshold, and by default by neither', () => {
    const due = (autoCommitInterval: number | undefined, autoCommitThreshold: number | undefined, now: number) => {
      const offsets = new KafkaJsOffsets({ autoCommitInterval, autoCommitThreshold }, 0)
      offsets.start(0, -1)
      offsets.resolve(0, 1)
      return offsets.isCommitDue(now)
    }
    expect(due(undefined, undefined, 1e9)).toBe(false)
    expect([due(10, undefined, 9), due(10, undefined, 10)]).toEqual([false, true])
    expect([due(undefined, 3, 0), due(undefined, 2, 0)]).toEqual([false, true])
  })
})
