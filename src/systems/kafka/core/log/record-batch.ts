/**
 * A batch of records as a producer made it. It is the unit of append, of replication and of a retry, and it is never
 * changed: leader and followers share one object.
 */
export interface ProducedBatch {
  /** -1 for a producer without idempotence. */
  readonly producerId: number
  readonly producerEpoch: number
  /** Sequence of the first record, -1 for a producer without idempotence. */
  readonly baseSequence: number
  /** Creation time of the newest record, microseconds of the producer's clock. */
  readonly maxTimestamp: number
  /** Size on the wire and in the log. */
  readonly sizeBytes: number
  /** One opaque message number a record; a column rather than an object a record. At least one. */
  readonly messages: ArrayLike<number>
}

/**
 * A batch at its place in a log. Record n of an uncompacted batch has offset `baseOffset + n`.
 * Left out until they are modelled: transactional and control batches (a `kind` would stand here), and the offset
 * deltas that compaction leaves behind. Readers already go by `lastOffset` and so bear gaps between batches.
 */
export interface RecordBatch extends ProducedBatch {
  readonly baseOffset: number
  readonly lastOffset: number
  /** Epoch of the leader that gave the offsets. */
  readonly leaderEpoch: number
}

export const noProducerId = -1
export const noProducerEpoch = -1
export const noSequence = -1

const largestSequence = 2_147_483_647

/** The batch with the offsets and the epoch that its leader gives it. */
export function placedAt(batch: ProducedBatch, baseOffset: number, leaderEpoch: number): RecordBatch {
  return {
    producerId: batch.producerId,
    producerEpoch: batch.producerEpoch,
    baseSequence: batch.baseSequence,
    maxTimestamp: batch.maxTimestamp,
    sizeBytes: batch.sizeBytes,
    messages: batch.messages,
    baseOffset,
    lastOffset: baseOffset + batch.messages.length - 1,
    leaderEpoch,
  }
}

/** Sequence of the last record of a batch; sequences wrap from 2^31-1 to 0. */
export function lastSequence(batch: ProducedBatch): number {
  return sequenceAfter(batch.baseSequence, batch.messages.length - 1)
}

/** The sequence `increment` records after `sequence`, wrapping from 2^31-1 to 0. */
export function sequenceAfter(sequence: number, increment: number): number {
  const sum = sequence + increment
  return sum > largestSequence ? sum - largestSequence - 1 : sum
}
