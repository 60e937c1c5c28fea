import { reenqueueAtFront, reenqueueInSequence } from './batch-queue.ts'
import { ProducerBatch } from './producer-batch.ts'
import type { ProducerSequences } from './producer-sequences.ts'
import { type Backoff, retryBackoff } from './retry-backoff.ts'

/**
 * A producer's records between `send()` and the network: batches in one queue a partition, and the rules when a batch
 * is closed, sent, put back and given up. Partitions are named by small integers of the caller's. Times are microseconds.
 */
export class RecordAccumulator {
  private readonly settings: AccumulatorSettings
  private readonly sequences: ProducerSequences | undefined
  private readonly queues = new Map<number, ProducerBatch[]>()
  private readonly muted = new Set<number>()
  private readonly reserved = new Map<ProducerBatch, number>()
  private usedBytes = 0
  /** Set while a flush, a close or a sender that waits for memory makes every batch sendable at once. */
  hurry = false

  /** `sequences` is given for an idempotent producer. */
  constructor(settings: AccumulatorSettings, sequences: ProducerSequences | undefined) {
    this.settings = settings
    this.sequences = sequences
  }

  /** Adds a record to the partition's last batch or to a new one, or says that the buffer has no room for another. */
  append(record: NewRecord, now: number): AppendOutcome {
    const queue = this.queueOf(record.partition)
    const last = queue.at(-1)
    if (last !== undefined && this.tryAdd(last, record)) return this.appended(queue, last, false, record.sizeBytes)
    if (last !== undefined) last.isClosed = true
    const batch = new ProducerBatch(record.partition, now)
    if (!this.reserve(batch, Math.max(this.settings.batchSize, record.sizeBytes))) return { type: 'buffer-full' }
    this.tryAdd(batch, record)
    queue.push(batch)
    return this.appended(queue, batch, true, record.sizeBytes)
  }

  /**
   * When the partition's first batch may be sent; `undefined` when there is none or the partition is muted. A batch
   * goes when it is full, or another waits behind it, or it has lingered; a retried one after its back-off.
   */
  sendableAt(partition: number, leaderEpoch: number): number | undefined {
    const queue = this.queueOf(partition)
    const first = queue[0]
    if (first === undefined || this.muted.has(partition)) return undefined
    first.noteLeaderEpoch(leaderEpoch)
    if (isBackingOff(first)) return first.retryAt
    const isFull = queue.length > 1 || first.isFull(this.settings.batchSize)
    return isFull || this.hurry ? first.createdAt : first.createdAt + this.settings.linger
  }

  /**
   * Takes at most one batch a partition for one broker, beginning at `startIndex` so that no partition starves, within
   * `maxRequestSize` bytes but for the first. A partition whose sequences forbid it ends the round, as it does in the
   * Java client. The caller has seen that the broker has something to send.
   */
  drain(partitions: readonly LedPartition[], startIndex: number, maxRequestSize: number, now: number): Drained {
    const batches: ProducerBatch[] = []
    let sizeBytes = 0
    let lastIndex = startIndex
    for (let step = 0; step < partitions.length; step += 1) {
      const index = (startIndex + step) % partitions.length
      lastIndex = index
      const first = this.drainable(partitions[index], now)
      if (first === undefined) continue
      if (sizeBytes + first.sizeBytes > maxRequestSize && batches.length > 0) break
      if (this.sequences?.forbidsSending(first) === true) break
      batches.push(this.take(first))
      sizeBytes += first.sizeBytes
    }
    return { batches, nextIndex: lastIndex }
  }

  /** Puts back a batch whose attempt failed; `draw` is uniform in [0, 1). */
  reenqueue(batch: ProducerBatch, draw: number, now: number): void {
    batch.attempts += 1
    batch.retryAt = now + retryBackoff(batch.attempts, this.settings.retryBackoff, draw)
    this.putBack(batch)
  }

  /** Puts back the parts of a batch that the broker found too large, as if they had never been tried. */
  splitAndReenqueue(batch: ProducerBatch): readonly ProducerBatch[] {
    const parts = batch.split(this.settings.batchSize)
    this.sequences?.replaceInFlight(batch, parts)
    this.release(batch)
    for (const part of [...parts].reverse()) {
      this.reserved.set(part, part.sizeBytes)
      this.usedBytes += part.sizeBytes
      this.putBack(part)
    }
    return parts
  }

  /** Takes out the queued batches whose delivery timeout is over. Those in flight are the caller's. */
  takeExpired(now: number): readonly ProducerBatch[] {
    const expired: ProducerBatch[] = []
    for (const queue of this.queues.values()) {
      for (let first = queue[0]; first !== undefined && this.hasExpired(first, now); first = queue[0]) {
        queue.shift()
        expired.push(first)
      }
    }
    return expired
  }

  /** The delivery timeout counts from the batch's creation, whether it was queued, sent or waiting to be sent again. */
  hasExpired(batch: ProducerBatch, now: number): boolean {
    return this.expiryOf(batch) <= now
  }

  expiryOf(batch: ProducerBatch): number {
    return batch.createdAt + this.settings.deliveryTimeout
  }

  /** When the next queued batch expires; `undefined` when none is queued. */
  get nextExpiry(): number | undefined {
    let earliest: number | undefined
    for (const [first] of this.queues.values()) {
      if (first !== undefined) earliest = Math.min(earliest ?? Infinity, this.expiryOf(first))
    }
    return earliest
  }

  /** Gives the memory of a batch back, once its fate is known. */
  release(batch: ProducerBatch): void {
    this.usedBytes -= this.reserved.get(batch) ?? 0
    this.reserved.delete(batch)
  }

  get availableBytes(): number {
    return this.settings.bufferMemory - this.usedBytes
  }

  /** With one request in flight a connection, a partition is muted while a batch of it is in flight. */
  mute(partition: number): void {
    this.muted.add(partition)
  }

  unmute(partition: number): void {
    this.muted.delete(partition)
  }

  queuedBatches(partition: number): number {
    return this.queues.get(partition)?.length ?? 0
  }

  /** Batches not yet given back, queued or in flight, in order of creation. */
  get incomplete(): readonly ProducerBatch[] {
    return [...this.reserved.keys()]
  }

  private drainable(led: LedPartition | undefined, now: number): ProducerBatch | undefined {
    if (led === undefined || this.muted.has(led.partition)) return undefined
    const first = this.queueOf(led.partition)[0]
    first?.noteLeaderEpoch(led.leaderEpoch)
    return first === undefined || (isBackingOff(first) && now < first.retryAt) ? undefined : first
  }

  private take(batch: ProducerBatch): ProducerBatch {
    this.queueOf(batch.partition).shift()
    this.sequences?.assign(batch)
    batch.isClosed = true
    batch.wasSent = true
    return batch
  }

  private putBack(batch: ProducerBatch): void {
    const queue = this.queueOf(batch.partition)
    if (this.sequences === undefined) reenqueueAtFront(queue, batch)
    else reenqueueInSequence(queue, batch)
  }

  private tryAdd(batch: ProducerBatch, { message, sizeBytes, timestamp }: NewRecord): boolean {
    return batch.add(message, sizeBytes, timestamp, this.settings.batchSize)
  }

  private reserve(batch: ProducerBatch, bytes: number): boolean {
    if (bytes > this.availableBytes) return false
    this.reserved.set(batch, bytes)
    this.usedBytes += bytes
    return true
  }

  private appended(
    queue: readonly ProducerBatch[],
    batch: ProducerBatch,
    isNew: boolean,
    bytes: number,
  ): AppendOutcome {
    const lastIsFull = batch.isFull(this.settings.batchSize)
    const appendedBytes = bytes + (isNew ? batch.sizeBytes - bytes : 0)
    return { type: 'appended', batch, isNew, isSendable: queue.length > 1 || lastIsFull, lastIsFull, appendedBytes }
  }

  private queueOf(partition: number): ProducerBatch[] {
    const known = this.queues.get(partition)
    if (known !== undefined) return known
    const queue: ProducerBatch[] = []
    this.queues.set(partition, queue)
    return queue
  }
}

export interface AccumulatorSettings {
  /** `batch.size`, bytes. */
  readonly batchSize: number
  /** `linger.ms`. */
  readonly linger: number
  /** `delivery.timeout.ms`. */
  readonly deliveryTimeout: number
  /** `retry.backoff.ms` and `retry.backoff.max.ms`. */
  readonly retryBackoff: Backoff
  /** `buffer.memory`, bytes. Every batch holds at least `batch.size` of it until its fate is known. */
  readonly bufferMemory: number
}

export interface NewRecord {
  readonly partition: number
  readonly message: number
  /** With the record's own overhead. */
  readonly sizeBytes: number
  readonly timestamp: number
}

export interface LedPartition {
  readonly partition: number
  readonly leaderEpoch: number
}

export type AppendOutcome =
  | {
      readonly type: 'appended'
      readonly batch: ProducerBatch
      readonly isNew: boolean
      /** Something of the partition may be sent without waiting any longer. */
      readonly isSendable: boolean
      /** The last batch takes no more; the sticky partitioner may move on. */
      readonly lastIsFull: boolean
      readonly appendedBytes: number
    }
  | { readonly type: 'buffer-full' }

export interface Drained {
  readonly batches: readonly ProducerBatch[]
  /** Where the next round for this broker begins. */
  readonly nextIndex: number
}

function isBackingOff(batch: ProducerBatch): boolean {
  return batch.attempts > 0 && !batch.hasNewLeaderForRetry
}
