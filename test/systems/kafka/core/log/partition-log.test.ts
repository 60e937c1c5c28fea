import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PartitionLog } from '../../../../../src/systems/kafka/core/log/partition-log.ts'
import type { RecordBatch } from '../../../../../src/systems/kafka/core/log/record-batch.ts'
import { plainBatch, sequencedBatch } from './batches.ts'

function logOf(...batches: (readonly number[])[]): PartitionLog {
  const log = new PartitionLog()
  for (const messages of batches) log.appendAsLeader(plainBatch(...messages), 0)
  return log
}

function messagesOf(batches: readonly RecordBatch[]): readonly number[] {
  return batches.flatMap((batch) => Array.from(batch.messages))
}

describe('a partition log', () => {
  it('gives offsets that follow each other across batches', () => {
    const log = logOf([10, 11], [12])
    const outcome = log.appendAsLeader(plainBatch(13, 14), 3)
    expect(outcome).toMatchObject({ type: 'appended', batch: { baseOffset: 3, lastOffset: 4, leaderEpoch: 3 } })
    expect(log.endOffset).toBe(5)
  })

  it('reads whole batches from the one that holds the offset', () => {
    expect(messagesOf(logOf([0, 1], [2, 3], [4, 5]).read(3, 6, 1_000))).toEqual([2, 3, 4, 5])
  })

  it('reads nothing at or past the bound', () => {
    const log = logOf([0, 1], [2, 3])
    expect(messagesOf(log.read(0, 2, 1_000))).toEqual([0, 1])
    expect(log.read(2, 2, 1_000)).toEqual([])
    expect(log.read(4, 4, 1_000)).toEqual([])
  })

  it('reads one batch even if that alone is larger than allowed', () => {
    const log = logOf([0, 1], [2])
    expect(messagesOf(log.read(0, 3, 1))).toEqual([0, 1])
    expect(messagesOf(log.read(0, 3, 299))).toEqual([0, 1])
    expect(messagesOf(log.read(0, 3, 300))).toEqual([0, 1, 2])
  })

  it('shares batch objects between leader and follower', () => {
    const leader = logOf([0], [1, 2])
    const follower = new PartitionLog()
    follower.appendAsFollower(leader.allBatches)
    expect(follower.allBatches[1]).toBe(leader.allBatches[1])
  })

  it('refuses replicated batches that begin before its end', () => {
    const leader = logOf([0, 1], [2])
    const follower = new PartitionLog()
    follower.appendAsFollower(leader.allBatches)
    expect(follower.appendAsFollower(leader.allBatches)).toEqual({ type: 'out-of-order', expectedOffset: 3 })
    expect(follower.endOffset).toBe(3)
  })

  it('brings the high watermark down when truncated below it, and never above the end', () => {
    const log = logOf([0], [1], [2])
    expect(log.raiseHighWatermark(9)).toBe(true)
    expect(log.highWatermark).toBe(3)
    log.truncateTo(1)
    expect(log.highWatermark).toBe(1)
    expect(log.raiseHighWatermark(1)).toBe(false)
  })

  it('forgets an epoch that wrote nothing when it is told to truncate to its end', () => {
    const log = logOf([1, 2])
    log.beginEpoch(4)
    expect(log.latestEpoch).toBe(4)
    expect(log.truncateTo(2)).toEqual([])
    expect(log.latestEpoch).toBe(0)
  })

  it('drops a batch whole when truncated in its middle', () => {
    const log = logOf([0], [1, 2, 3])
    expect(messagesOf(log.truncateTo(2))).toEqual([1, 2, 3])
    expect(log.endOffset).toBe(1)
    expect(log.sizeBytes).toBe(100)
  })

  it('never ends before it starts, even when the batch that the start fell into is dropped', () => {
    const log = logOf([0, 1])
    log.advanceStartOffset(1)
    expect(messagesOf(log.truncateTo(1))).toEqual([0, 1])
    expect([log.startOffset, log.endOffset, log.highWatermark]).toEqual([0, 0, 0])
    expect(messagesOf(log.allBatches)).toEqual([])
    log.appendAsLeader(plainBatch(2), 0)
    expect(messagesOf(log.read(log.startOffset, log.endOffset, 1_000))).toEqual([2])
  })

  it('forgets producers and batches below a raised start', () => {
    const log = new PartitionLog()
    log.appendAsLeader(sequencedBatch({ id: 1, sequence: 0 }, 0, 1), 0)
    log.appendAsLeader(sequencedBatch({ id: 2, sequence: 0 }, 2), 1)
    expect(log.advanceStartOffset(2)).toHaveLength(1)
    expect(log.producers.stateOf(1)).toBeUndefined()
    expect(log.producers.stateOf(2)).toBeDefined()
    expect(log.endOffsetForEpoch(0)).toEqual({ epoch: 0, endOffset: 2 })
    expect(log.startOffset).toBe(2)
  })

  it('keeps a batch that the start falls into, and reads it whole', () => {
    const log = logOf([0, 1, 2], [3])
    log.advanceStartOffset(1)
    expect(messagesOf(log.read(1, 4, 1_000))).toEqual([0, 1, 2, 3])
  })

  it('goes on wherever it is told to after truncating everything', () => {
    const log = logOf([0, 1])
    log.truncateFullyAndStartAt(7)
    expect([log.startOffset, log.endOffset, log.highWatermark, log.sizeBytes]).toEqual([7, 7, 7, 0])
    expect(log.appendAsLeader(plainBatch(9), 2)).toMatchObject({ batch: { baseOffset: 7 } })
  })

  it('says of an epoch where it ended, and of an older one where the next began', () => {
    const log = new PartitionLog()
    log.appendAsLeader(plainBatch(0, 1), 2)
    log.appendAsLeader(plainBatch(2), 5)
    expect(log.endOffsetForEpoch(5)).toEqual({ epoch: 5, endOffset: 3 })
    expect(log.endOffsetForEpoch(4)).toEqual({ epoch: 2, endOffset: 2 })
    expect(log.endOffsetForEpoch(2)).toEqual({ epoch: 2, endOffset: 2 })
    expect(log.endOffsetForEpoch(1)).toEqual({ epoch: 1, endOffset: 0 })
    expect(log.endOffsetForEpoch(6)).toBeUndefined()
    expect(log.epochAt(1)).toBe(2)
  })

  it('replaces an epoch that wrote nothing by its successor', () => {
    const log = logOf([0])
    log.beginEpoch(1)
    log.beginEpoch(2)
    expect(log.endOffsetForEpoch(1)).toEqual({ epoch: 0, endOffset: 1 })
  })

  it('finds records among a million in few steps', () => {
    const log = new PartitionLog()
    for (let base = 0; base < 1_000_000; base += 10) {
      log.appendAsLeader(plainBatch(base, 1, 2, 3, 4, 5, 6, 7, 8, 9), 0)
    }
    for (let offset = 5; offset < 1_000_000; offset += 997) {
      expect(log.read(offset, 1_000_000, 1)[0]?.messages[0]).toBe(offset - (offset % 10))
    }
  })
})

/** The same log as an array with a record an offset: obvious, and slow. */
class RecordArray {
  start = 0
  records: { readonly message: number; readonly batch: number; readonly epoch: number }[] = []
  private batches = 0

  append(messages: readonly number[], epoch: number): void {
    this.batches += 1
    for (const message of messages) this.records.push({ message, batch: this.batches, epoch })
  }

  truncate(offset: number): void {
    if (offset < this.start) {
      this.records = Array.from({ length: offset }, () => ({ message: -1, batch: -1, epoch: -1 }))
      this.start = offset
      return
    }
    const cut = this.records[offset]?.batch
    const end = cut === undefined ? offset : this.records.findIndex(({ batch }) => batch === cut)
    this.records = this.records.slice(0, Math.min(end, this.records.length))
    this.start = Math.min(this.start, this.records.length)
  }

  read(offset: number, upTo: number): readonly number[] {
    const first = this.records[offset]?.batch
    const from = this.records.findIndex(({ batch }) => batch === first)
    if (first === undefined) return []
    const whole = this.records.slice(from).filter(({ batch }) => {
      return this.records.findLastIndex((other) => other.batch === batch) < upTo
    })
    return whole.map(({ message }) => message)
  }
}

const command = fc.oneof(
  fc.record({ type: fc.constant('append' as const), size: fc.integer({ min: 1, max: 4 }), newEpoch: fc.boolean() }),
  fc.record({ type: fc.constant('truncate' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
  fc.record({ type: fc.constant('start' as const), part: fc.double({ min: 0, max: 1, noNaN: true }) }),
)

describe('a partition log against an array of records', () => {
  it('has the same records, epochs and ends after any appends, truncations and moves of the start', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
        const log = new PartitionLog()
        const model = new RecordArray()
        let epoch = 0
        let message = 0
        for (const step of commands) {
          if (step.type === 'append') {
            if (step.newEpoch) epoch += 1
            const messages = Array.from({ length: step.size }, () => (message += 1))
            log.appendAsLeader(plainBatch(...messages), epoch)
            model.append(messages, epoch)
          } else if (step.type === 'truncate') {
            const offset = Math.floor(step.part * log.endOffset)
            log.truncateTo(offset)
            model.truncate(offset)
          } else {
            const offset = Math.floor(step.part * log.endOffset)
            log.advanceStartOffset(offset)
            model.start = Math.max(model.start, offset)
          }
          expect(log.endOffset).toBe(model.records.length)
          expect(log.startOffset).toBe(model.start)
        }
        for (let offset = log.startOffset; offset < log.endOffset; offset += 1) {
          expect(log.epochAt(offset)).toBe(model.records[offset]?.epoch)
          expect(messagesOf(log.read(offset, log.endOffset, 1e9))).toEqual(model.read(offset, log.endOffset))
        }
      }),
      { numRuns: 300 },
    )
  })
})
