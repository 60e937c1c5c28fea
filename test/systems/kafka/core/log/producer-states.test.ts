import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PartitionLog } from '../../../../../src/systems/kafka/core/log/partition-log.ts'
import { plainBatch, sequencedBatch } from './batches.ts'

describe('what a partition remembers of idempotent producers', () => {
  it('answers a retry of one of the last five batches with its first offsets, and appends nothing', () => {
    const log = new PartitionLog()
    for (let sequence = 0; sequence < 5; sequence += 1) {
      log.appendAsLeader(sequencedBatch({ id: 7, sequence }, sequence), 0)
    }
    const retried = log.appendAsLeader(sequencedBatch({ id: 7, sequence: 0 }, 0), 0)
    expect(retried).toMatchObject({ type: 'duplicate', baseOffset: 0, lastOffset: 0 })
    expect(log.endOffset).toBe(5)
  })

  it('finds the sixth batch back out of order: it is remembered no more', () => {
    const log = new PartitionLog()
    for (let sequence = 0; sequence < 6; sequence += 1) {
      log.appendAsLeader(sequencedBatch({ id: 7, sequence }, sequence), 0)
    }
    const retried = log.appendAsLeader(sequencedBatch({ id: 7, sequence: 0 }, 0), 0)
    expect(retried).toEqual({ type: 'rejected', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
  })

  it('takes a batch with the same first but another last sequence for no retry', () => {
    const log = new PartitionLog()
    log.appendAsLeader(sequencedBatch({ id: 7, sequence: 0 }, 1, 2), 0)
    expect(log.appendAsLeader(sequencedBatch({ id: 7, sequence: 0 }, 1), 0)).toMatchObject({ type: 'rejected' })
  })

  it('refuses a gap and accepts the next sequence', () => {
    const log = new PartitionLog()
    log.appendAsLeader(sequencedBatch({ id: 7, sequence: 0 }, 1, 2, 3), 0)
    expect(log.appendAsLeader(sequencedBatch({ id: 7, sequence: 4 }, 4), 0)).toMatchObject({ type: 'rejected' })
    expect(log.appendAsLeader(sequencedBatch({ id: 7, sequence: 3 }, 4), 0)).toMatchObject({ type: 'appended' })
  })

  it('accepts any first sequence of a producer that it does not know', () => {
    expect(new PartitionLog().appendAsLeader(sequencedBatch({ id: 7, sequence: 41 }, 1), 0).type).toBe('appended')
  })

  it('refuses an older epoch, and lets a newer one begin at 0 only', () => {
    const log = new PartitionLog()
    log.appendAsLeader(sequencedBatch({ id: 7, epoch: 2, sequence: 0 }, 1), 0)
    const older = log.appendAsLeader(sequencedBatch({ id: 7, epoch: 1, sequence: 1 }, 2), 0)
    expect(older).toEqual({ type: 'rejected', error: 'INVALID_PRODUCER_EPOCH' })
    const middle = log.appendAsLeader(sequencedBatch({ id: 7, epoch: 3, sequence: 1 }, 2), 0)
    expect(middle).toEqual({ type: 'rejected', error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    expect(log.appendAsLeader(sequencedBatch({ id: 7, epoch: 3, sequence: 0 }, 2), 0).type).toBe('appended')
  })

  it('takes 0 for the successor of the largest sequence', () => {
    const log = new PartitionLog()
    log.appendAsLeader(sequencedBatch({ id: 7, sequence: 2_147_483_646 }, 1, 2), 0)
    expect(log.appendAsLeader(sequencedBatch({ id: 7, sequence: 0 }, 3), 0).type).toBe('appended')
  })

  it('knows a batch that wraps when it comes again', () => {
    const log = new PartitionLog()
    log.appendAsLeader(sequencedBatch({ id: 7, sequence: 2_147_483_647 }, 1, 2), 0)
    expect(log.appendAsLeader(sequencedBatch({ id: 7, sequence: 2_147_483_647 }, 1, 2), 0).type).toBe('duplicate')
    expect(log.appendAsLeader(sequencedBatch({ id: 7, sequence: 1 }, 3), 0).type).toBe('appended')
  })

  it('forgets a producer that was idle, and then accepts its retry as new', () => {
    const log = new PartitionLog()
    const batch = sequencedBatch({ id: 7, sequence: 3, at: 100 }, 1)
    log.appendAsLeader(batch, 0)
    log.producers.expire(1_099, 1_000)
    expect(log.appendAsLeader(batch, 0).type).toBe('duplicate')
    log.producers.expire(1_100, 1_000)
    expect(log.appendAsLeader(batch, 0).type).toBe('appended')
  })

  it('recognises a retry on the follower that became leader', () => {
    const leader = new PartitionLog()
    const batch = sequencedBatch({ id: 7, sequence: 0 }, 1)
    leader.appendAsLeader(batch, 0)
    const follower = new PartitionLog()
    follower.appendAsFollower(leader.allBatches)
    expect(follower.appendAsLeader(batch, 1)).toMatchObject({ type: 'duplicate', baseOffset: 0 })
  })

  it('leaves producers without idempotence alone', () => {
    const log = new PartitionLog()
    log.appendAsLeader(plainBatch(1), 0)
    expect(log.producers.size).toBe(0)
  })
})

interface Sent {
  readonly id: number
  readonly epoch: number
  readonly sequence: number
  readonly size: number
}

/** Judges a batch by reading the whole history of its producer. */
function judgeByHistory(history: readonly Sent[], sent: Sent): string {
  const own = history.filter(({ id }) => id === sent.id)
  const epoch = Math.max(-1, ...own.map((batch) => batch.epoch))
  const current = own.filter((batch) => batch.epoch === epoch)
  const last = current.at(-1)
  if (last === undefined) return 'appended'
  const isKnown = current.slice(-5).some((old) => old.sequence === sent.sequence && old.size === sent.size)
  if (sent.epoch === epoch && isKnown) return 'duplicate'
  if (sent.epoch < epoch) return 'rejected'
  const expected = sent.epoch > epoch ? 0 : last.sequence + last.size
  return sent.sequence === expected ? 'appended' : 'rejected'
}

const sentBatch = fc.record({
  id: fc.integer({ min: 1, max: 2 }),
  epoch: fc.integer({ min: 0, max: 2 }),
  sequence: fc.integer({ min: 0, max: 9 }),
  size: fc.integer({ min: 1, max: 2 }),
})

describe('producer states against the full history of the log', () => {
  it('judge every batch alike, also after truncations', () => {
    const step = fc.oneof(
      { weight: 9, arbitrary: sentBatch },
      { weight: 1, arbitrary: fc.constant('truncate' as const) },
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.integer({ min: 0, max: 6 }), (steps, keep) => {
        const log = new PartitionLog()
        let history: Sent[] = []
        for (const sent of steps) {
          if (sent === 'truncate') {
            const end = log.allBatches[history.length - keep]?.baseOffset ?? log.endOffset
            log.truncateTo(end)
            history = history.slice(0, log.allBatches.length)
            continue
          }
          const messages = Array.from({ length: sent.size }, (_, index) => index)
          const outcome = log.appendAsLeader(sequencedBatch(sent, ...messages), 0)
          expect(outcome.type).toBe(judgeByHistory(history, sent))
          if (outcome.type === 'appended') history.push(sent)
        }
      }),
      { numRuns: 500 },
    )
  })
})
