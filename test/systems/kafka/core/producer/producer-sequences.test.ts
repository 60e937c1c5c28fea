import { describe, expect, it } from 'vitest'
import { PartitionLog } from '../../../../../src/systems/kafka/core/log/partition-log.ts'
import { decideOnAnswer } from '../../../../../src/systems/kafka/core/producer/produce-answer.ts'
import { ProducerBatch } from '../../../../../src/systems/kafka/core/producer/producer-batch.ts'
import { ProducerSequences } from '../../../../../src/systems/kafka/core/producer/producer-sequences.ts'

function batchOf(...messages: readonly number[]): ProducerBatch {
  const batch = new ProducerBatch(0, 0)
  for (const message of messages) batch.add(message, 10, 0, 1e6)
  return batch
}

function producer(): ProducerSequences {
  const sequences = new ProducerSequences()
  sequences.initialise(9, 0)
  return sequences
}

/** A batch of two records that has been given its sequence. */
function sent(sequences: ProducerSequences): ProducerBatch {
  const batch = batchOf(1, 2)
  sequences.assign(batch)
  return batch
}

function limits(sequences?: ProducerSequences, retries = 10) {
  return { retries, hasExpired: false, sequences }
}

describe('the sequences of an idempotent producer', () => {
  it('follow each other, and stay with a batch that is sent again', () => {
    const sequences = producer()
    const first = sent(sequences)
    const second = sent(sequences)
    expect([first.baseSequence, second.baseSequence]).toEqual([0, 2])
    sequences.assign(first)
    expect(first.baseSequence).toBe(0)
  })

  it('forbid sending before the broker gave an identity', () => {
    expect(new ProducerSequences().forbidsSending(batchOf(1))).toBe(true)
  })

  it('let only the earliest sequence in flight be sent again', () => {
    const sequences = producer()
    const first = sent(sequences)
    const second = sent(sequences)
    expect(sequences.forbidsSending(second)).toBe(true)
    expect(sequences.forbidsSending(first)).toBe(false)
    sequences.completed(first)
    expect(sequences.forbidsSending(second)).toBe(false)
  })

  it('hold new batches back while the fate of a given-up one is unknown', () => {
    const sequences = producer()
    const first = sent(sequences)
    const second = sent(sequences)
    sequences.failed(first, false)
    sequences.markUnresolved(first)
    expect(sequences.forbidsSending(batchOf(9))).toBe(true)
    sequences.resolve()
    expect(sequences.hasUnresolved(0)).toBe(true) // The second is still in flight.
    sequences.completed(second)
    sequences.resolve()
    expect(sequences.bumpIfNeeded()).toBe('unchanged') // It was appended, so the first was too.
    expect(sequences.forbidsSending(batchOf(9))).toBe(false)
  })

  it('begin a new epoch when nothing tells whether a given-up batch was appended', () => {
    const sequences = producer()
    const only = sent(sequences)
    sequences.failed(only, false)
    sequences.markUnresolved(only)
    sequences.resolve()
    expect(sequences.bumpIfNeeded()).toBe('bumped')
    const next = batchOf(9)
    sequences.assign(next)
    expect(next).toMatchObject({ producerEpoch: 1, baseSequence: 0 })
  })

  it('need a new identity when the epochs are used up', () => {
    const sequences = new ProducerSequences()
    sequences.initialise(9, 32_767)
    sequences.requestBump(0)
    expect(sequences.bumpIfNeeded()).toBe('needs-producer-id')
    expect(sequences.identity).toBeUndefined()
  })

  it('keep the old epoch on other partitions until their batches in flight are done', () => {
    const sequences = producer()
    const other = new ProducerBatch(1, 0)
    other.add(1, 10, 0, 1e6)
    sequences.assign(other)
    sequences.requestBump(0)
    sequences.bumpIfNeeded()
    const next = new ProducerBatch(1, 0)
    next.add(2, 10, 0, 1e6)
    expect(other.producerEpoch).toBe(0)
    expect(sequences.forbidsSending(next)).toBe(true)
    sequences.completed(other)
    expect(sequences.forbidsSending(next)).toBe(false)
    sequences.assign(next)
    expect(next).toMatchObject({ producerEpoch: 1, baseSequence: 0 })
  })
})

describe('a batch that the broker finds out of order', () => {
  it('is tried again when an earlier one is undecided', () => {
    const sequences = producer()
    sent(sequences)
    const second = sent(sequences)
    const decision = decideOnAnswer('OUT_OF_ORDER_SEQUENCE_NUMBER', second, limits(sequences))
    expect(decision.type).toBe('retry')
    expect(sequences.bumpIfNeeded()).toBe('unchanged')
  })

  it('goes on under a new epoch, with all behind it, when it was next: the broker has lost something', () => {
    const sequences = producer()
    const first = sent(sequences)
    const second = sent(sequences)
    const third = sent(sequences)
    sequences.completed(first)
    expect(decideOnAnswer('OUT_OF_ORDER_SEQUENCE_NUMBER', second, limits(sequences)).type).toBe('retry')
    expect(sequences.bumpIfNeeded()).toBe('bumped')
    expect(second).toMatchObject({ producerEpoch: 1, baseSequence: 0 })
    expect(third).toMatchObject({ producerEpoch: 1, baseSequence: 2 })
  })

  it('is accepted under its new epoch by a log that lost the records before', () => {
    const sequences = producer()
    const first = sent(sequences)
    const second = sent(sequences)
    const log = new PartitionLog()
    log.appendAsLeader({ ...batchOf(7).toProduced(), producerId: 9, producerEpoch: 0, baseSequence: 90 }, 0)
    sequences.completed(first)
    expect(log.appendAsLeader(second.toProduced(), 1)).toMatchObject({ error: 'OUT_OF_ORDER_SEQUENCE_NUMBER' })
    decideOnAnswer('OUT_OF_ORDER_SEQUENCE_NUMBER', second, limits(sequences))
    sequences.bumpIfNeeded()
    expect(log.appendAsLeader(second.toProduced(), 1).type).toBe('appended')
  })
})

describe('the answer to a batch', () => {
  it.each(['NOT_LEADER_OR_FOLLOWER', 'NETWORK_EXCEPTION', 'FENCED_LEADER_EPOCH', 'KAFKA_STORAGE_ERROR'] as const)(
    '%s is tried again with new metadata',
    (error) => {
      expect(decideOnAnswer(error, batchOf(1), limits())).toEqual({ type: 'retry', refreshMetadata: true })
    },
  )

  it.each(['REQUEST_TIMED_OUT', 'NOT_ENOUGH_REPLICAS', 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'] as const)(
    '%s is tried again at the same leader',
    (error) => {
      expect(decideOnAnswer(error, batchOf(1), limits())).toEqual({ type: 'retry', refreshMetadata: false })
    },
  )

  it.each(['INVALID_RECORD', 'INVALID_PRODUCER_EPOCH', 'PRODUCER_FENCED', 'OUT_OF_ORDER_SEQUENCE_NUMBER'] as const)(
    '%s fails a producer without idempotence',
    (error) => {
      expect(decideOnAnswer(error, batchOf(1), limits())).toMatchObject({ type: 'fail' })
    },
  )

  it('that it is too large splits it, unless it is a single record', () => {
    expect(decideOnAnswer('MESSAGE_TOO_LARGE', batchOf(1, 2), limits()).type).toBe('split')
    expect(decideOnAnswer('MESSAGE_TOO_LARGE', batchOf(1), limits()).type).toBe('fail')
  })

  it('is final when retries are used up or the delivery timeout is over', () => {
    const tried = batchOf(1)
    tried.attempts = 2
    expect(decideOnAnswer('REQUEST_TIMED_OUT', tried, limits(undefined, 3)).type).toBe('retry')
    expect(decideOnAnswer('REQUEST_TIMED_OUT', tried, limits(undefined, 2))).toMatchObject({
      type: 'fail',
      leavesGap: false,
      isUnresolved: false,
    })
    const expired = { ...limits(), hasExpired: true }
    expect(decideOnAnswer('REQUEST_TIMED_OUT', tried, expired)).toMatchObject({
      type: 'fail',
      leavesGap: false,
      isUnresolved: true,
    })
  })

  it('leaves a gap when the broker refused the batch for good, or found it out of order to the end', () => {
    expect(decideOnAnswer('INVALID_RECORD', batchOf(1), limits(producer()))).toMatchObject({ leavesGap: true })
    const expired = { ...limits(producer()), hasExpired: true }
    expect(decideOnAnswer('OUT_OF_ORDER_SEQUENCE_NUMBER', batchOf(1), expired)).toMatchObject({ leavesGap: true })
  })

  it('is success, and nothing else, after NONE', () => {
    expect(decideOnAnswer('NONE', batchOf(1), limits())).toEqual({ type: 'complete' })
  })
})
