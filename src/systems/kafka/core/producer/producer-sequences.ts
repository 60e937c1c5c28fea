import { sequenceAfter } from '../log/record-batch.ts'
import type { ProducerBatch } from './producer-batch.ts'

const largestEpoch = 32_767
const nothingAcknowledged = -1

/**
 * The identity of an idempotent producer and the sequences that it gave out, partition by partition: what may be sent,
 * what a broker's objection means, and when the epoch must be bumped. Transactions are left out.
 */
export class ProducerSequences {
  private producerId: number | undefined
  private producerEpoch = 0
  private readonly partitions = new Map<number, PartitionSequences>()
  /** Partitions with a batch that was given up after it may have been written, and the sequence after it. */
  private readonly unresolved = new Map<number, number>()
  private readonly toRewrite = new Set<number>()
  private needsBump = false

  /** Takes the answer of InitProducerId. */
  initialise(producerId: number, producerEpoch: number): void {
    this.producerId = producerId
    this.producerEpoch = producerEpoch
  }

  /** `undefined` until the broker gave one; nothing is sent before. */
  get identity(): ProducerIdentity | undefined {
    return this.producerId === undefined
      ? undefined
      : { producerId: this.producerId, producerEpoch: this.producerEpoch }
  }

  /**
   * Whether the partition's first queued batch must wait: for an identity; for batches in flight under an older one;
   * for the fate of a batch that was given up; or, if it is a retry, for an earlier sequence in flight.
   */
  forbidsSending(first: ProducerBatch): boolean {
    if (this.producerId === undefined) return true
    const { inFlight, producerEpoch } = this.sequencesOf(first.partition)
    if (!first.hasSequence) {
      return (inFlight.length > 0 && producerEpoch !== this.producerEpoch) || this.unresolved.has(first.partition)
    }
    const earliest = inFlight[0]
    return earliest !== undefined && earliest.baseSequence !== first.baseSequence
  }

  /** Gives a batch that is about to be sent its sequence. A retry keeps the one that it has. */
  assign(batch: ProducerBatch): void {
    if (batch.hasSequence || this.producerId === undefined) return
    const sequences = this.sequencesOf(batch.partition)
    const isStale = sequences.producerEpoch !== this.producerEpoch || sequences.producerId !== this.producerId
    if (isStale && sequences.inFlight.length === 0) this.startAtBeginning(batch.partition)
    batch.setProducerState(this.producerId, this.producerEpoch, sequences.next)
    sequences.next = sequenceAfter(sequences.next, batch.messages.length)
    track(sequences.inFlight, batch)
  }

  /** The broker has the batch. */
  completed(batch: ProducerBatch): void {
    const sequences = this.sequencesOf(batch.partition)
    sequences.lastAcknowledged = Math.max(sequences.lastAcknowledged, batch.lastSequence)
    untrack(sequences.inFlight, batch)
  }

  /** The batch is given up. If that leaves a gap in the sequences at the broker, only a new epoch closes it. */
  failed(batch: ProducerBatch, leavesGap: boolean): void {
    untrack(this.sequencesOf(batch.partition).inFlight, batch)
    if (leavesGap) this.requestBump(batch.partition)
  }

  /** The batch ran out of time after it had been sent: the broker may or may not have it. */
  markUnresolved(batch: ProducerBatch): void {
    const next = sequenceAfter(batch.lastSequence, 1)
    this.unresolved.set(batch.partition, Math.max(next, this.unresolved.get(batch.partition) ?? next))
  }

  hasUnresolved(partition: number): boolean {
    return this.unresolved.has(partition)
  }

  /** Looks at partitions whose batches in flight are all done: either a later one succeeded, or the epoch is bumped. */
  resolve(): void {
    for (const partition of this.unresolved.keys()) {
      const { inFlight, next, lastAcknowledged } = this.sequencesOf(partition)
      if (inFlight.length > 0) continue
      if (next - lastAcknowledged !== 1) this.requestBump(partition)
      this.unresolved.delete(partition)
    }
  }

  /**
   * Whether a batch that the broker found out of order is tried again. One that is not next in line waits for those
   * before it; one that is next shows that the broker lost something, and goes on under a new epoch.
   */
  retryOutOfOrder(batch: ProducerBatch): 'retry' | 'retry-after-bump' {
    const { partition, baseSequence } = batch
    const isNext = baseSequence - this.sequencesOf(partition).lastAcknowledged === 1
    const afterUnresolved = this.unresolved.get(partition)
    if (afterUnresolved === undefined && (batch.sequenceWasReset || !isNext)) return 'retry'
    if (afterUnresolved !== undefined && afterUnresolved !== baseSequence) return 'retry'
    this.requestBump(partition)
    return 'retry-after-bump'
  }

  /** Asks for a new epoch; `bumpIfNeeded` makes it. */
  requestBump(partition: number): void {
    this.needsBump = true
    this.toRewrite.add(partition)
  }

  /**
   * Begins a new epoch if one was asked for: the partitions concerned count from 0 again, batches in flight first.
   * When the epochs are used up, the identity is gone and a new one must be fetched.
   */
  bumpIfNeeded(): 'unchanged' | 'bumped' | 'needs-producer-id' {
    if (!this.needsBump) return 'unchanged'
    this.needsBump = false
    const isExhausted = this.producerEpoch === largestEpoch
    if (isExhausted) this.producerId = undefined
    else this.producerEpoch += 1
    for (const partition of this.toRewrite) this.startAtBeginning(partition)
    this.toRewrite.clear()
    return isExhausted ? 'needs-producer-id' : 'bumped'
  }

  /** The parts of a batch that was split take its place. */
  replaceInFlight(batch: ProducerBatch, parts: readonly ProducerBatch[]): void {
    const { inFlight } = this.sequencesOf(batch.partition)
    untrack(inFlight, batch)
    for (const part of parts) track(inFlight, part)
  }

  inFlight(partition: number): readonly ProducerBatch[] {
    return this.sequencesOf(partition).inFlight
  }

  private startAtBeginning(partition: number): void {
    const sequences = this.sequencesOf(partition)
    sequences.producerId = this.producerId
    sequences.producerEpoch = this.producerEpoch
    sequences.lastAcknowledged = nothingAcknowledged
    sequences.next = 0
    this.unresolved.delete(partition)
    for (const batch of sequences.inFlight) {
      batch.setProducerState(this.producerId ?? batch.producerId, this.producerEpoch, sequences.next)
      batch.sequenceWasReset = true
      sequences.next = sequenceAfter(sequences.next, batch.messages.length)
    }
  }

  private sequencesOf(partition: number): PartitionSequences {
    const known = this.partitions.get(partition)
    if (known !== undefined) return known
    const { producerId, producerEpoch } = this
    const fresh = { producerId, producerEpoch, next: 0, lastAcknowledged: nothingAcknowledged, inFlight: [] }
    this.partitions.set(partition, fresh)
    return fresh
  }
}

export interface ProducerIdentity {
  readonly producerId: number
  readonly producerEpoch: number
}

interface PartitionSequences {
  producerId: number | undefined
  producerEpoch: number
  next: number
  lastAcknowledged: number
  /** Sent at least once and undecided, in order of sequence. */
  readonly inFlight: ProducerBatch[]
}

function track(inFlight: ProducerBatch[], batch: ProducerBatch): void {
  const behind = inFlight.findIndex((other) => other.baseSequence > batch.baseSequence)
  inFlight.splice(behind < 0 ? inFlight.length : behind, 0, batch)
}

function untrack(inFlight: ProducerBatch[], batch: ProducerBatch): void {
  const index = inFlight.indexOf(batch)
  if (index >= 0) inFlight.splice(index, 1)
}
