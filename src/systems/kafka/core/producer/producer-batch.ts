import { noProducerEpoch, noProducerId, noSequence, type ProducedBatch, sequenceAfter } from '../log/record-batch.ts'

/** What a batch takes beside its records. */
export const batchOverheadBytes = 61

/** A batch on its way through a producer: filled, sent, perhaps sent again. Times are microseconds. */
export class ProducerBatch {
  /** The producer's number for the topic partition. */
  readonly partition: number
  /** When its first record came; the delivery timeout counts from here. */
  readonly createdAt: number
  readonly messages: number[] = []
  readonly recordBytes: number[] = []
  sizeBytes = batchOverheadBytes
  maxTimestamp = 0
  /** Takes no more records. */
  isClosed = false
  /** How often it came back to be sent again. */
  attempts = 0
  /** Has left the producer at least once: the broker may have it. */
  wasSent = false
  /** Moment before which it is not sent again. */
  retryAt = 0
  producerId = noProducerId
  producerEpoch = noProducerEpoch
  baseSequence = noSequence
  /** Its sequence was given anew after an epoch bump. */
  sequenceWasReset = false
  private leaderEpoch = -1
  private attemptsAtLeaderChange = -1

  constructor(partition: number, createdAt: number) {
    this.partition = partition
    this.createdAt = createdAt
  }

  get hasSequence(): boolean {
    return this.baseSequence !== noSequence
  }

  /** Sequence of the last record. */
  get lastSequence(): number {
    return sequenceAfter(this.baseSequence, this.messages.length - 1)
  }

  /** Adds a record if there is room for it: the first one always fits. */
  add(message: number, sizeBytes: number, timestamp: number, limitBytes: number): boolean {
    const hasRoom = this.messages.length === 0 || this.sizeBytes + sizeBytes <= limitBytes
    if (this.isClosed || !hasRoom) return false
    this.messages.push(message)
    this.recordBytes.push(sizeBytes)
    this.sizeBytes += sizeBytes
    this.maxTimestamp = Math.max(this.maxTimestamp, timestamp)
    return true
  }

  isFull(limitBytes: number): boolean {
    return this.isClosed || this.sizeBytes >= limitBytes
  }

  setProducerState(producerId: number, producerEpoch: number, baseSequence: number): void {
    this.producerId = producerId
    this.producerEpoch = producerEpoch
    this.baseSequence = baseSequence
  }

  /** Notes the leader epoch that the client knows now. */
  noteLeaderEpoch(leaderEpoch: number): void {
    if (leaderEpoch <= this.leaderEpoch) return
    this.leaderEpoch = leaderEpoch
    this.attemptsAtLeaderChange = this.attempts
  }

  /** A retry for which a new leader is known does not wait out its back-off. */
  get hasNewLeaderForRetry(): boolean {
    return this.attempts > 0 && this.attempts === this.attemptsAtLeaderChange
  }

  /** The batch as it is sent now. */
  toProduced(): ProducedBatch {
    const { producerId, producerEpoch, baseSequence, maxTimestamp, sizeBytes } = this
    return { producerId, producerEpoch, baseSequence, maxTimestamp, sizeBytes, messages: this.messages }
  }

  /**
   * Parts of at most `limitBytes` with the same records, in order; a record larger than that is alone. They count from
   * the same creation, and carry on the sequence if there is one.
   */
  split(limitBytes: number): readonly ProducerBatch[] {
    const parts: ProducerBatch[] = []
    this.messages.forEach((message, index) => {
      const sizeBytes = this.recordBytes[index] ?? 0
      if (parts.at(-1)?.add(message, sizeBytes, this.maxTimestamp, limitBytes) === true) return
      const part = new ProducerBatch(this.partition, this.createdAt)
      if (this.hasSequence)
        part.setProducerState(this.producerId, this.producerEpoch, sequenceAfter(this.baseSequence, index))
      part.add(message, sizeBytes, this.maxTimestamp, limitBytes)
      parts.push(part)
    })
    for (const part of parts) part.isClosed = true
    return parts
  }
}
