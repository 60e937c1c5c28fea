import { present } from '../invariant.ts'
import { type EpochEnd, LeaderEpochCache } from './leader-epoch-cache.ts'
import { ProducerStates, type RememberedBatch } from './producer-states.ts'
import { placedAt, type ProducedBatch, type RecordBatch } from './record-batch.ts'

/**
 * One replica's log of one partition: batches in offset order, and what is derived from them (producer states, leader
 * epochs). Batches are shared among replicas, so a replica costs one reference a batch.
 *
 * Left out: segments and indexes (offsets are found by binary search over batches). Retention moves the start with
 * `advanceStartOffset`; compaction would replace batches by smaller ones with the same `lastOffset`.
 */
export class PartitionLog {
  readonly producers = new ProducerStates()
  private readonly epochs = new LeaderEpochCache()
  private readonly batches: RecordBatch[] = []
  private start = 0
  private end = 0
  private watermark = 0
  private bytes = 0

  /** Offset of the first record that may be read. */
  get startOffset(): number {
    return this.start
  }

  /** Offset that the next record will get. */
  get endOffset(): number {
    return this.end
  }

  /** Records below are committed as far as this replica knows; consumers see no others. */
  get highWatermark(): number {
    return this.watermark
  }

  get sizeBytes(): number {
    return this.bytes
  }

  get latestEpoch(): number | undefined {
    return this.epochs.latestEpoch
  }

  /** Every batch still held, oldest first; for audits and tests. */
  get allBatches(): readonly RecordBatch[] {
    return this.batches
  }

  /** Appends what a client sent, if its producer's epoch and sequence allow it. */
  appendAsLeader(batch: ProducedBatch, leaderEpoch: number): LeaderAppend {
    const check = this.producers.check(batch)
    if (check.type !== 'accepted') return check
    const placed = placedAt(batch, this.end, leaderEpoch)
    this.push(placed)
    return { type: 'appended', batch: placed }
  }

  /** Appends what a follower fetched from its leader. Batches that do not continue this log are refused. */
  appendAsFollower(batches: readonly RecordBatch[]): FollowerAppend {
    for (const batch of batches) {
      if (batch.baseOffset < this.end) return { type: 'out-of-order', expectedOffset: this.end }
      this.push(batch)
    }
    return { type: 'appended', endOffset: this.end }
  }

  /**
   * Whole batches from the one that holds `offset` on, below `upTo` and within `maxBytes`. The first batch may exceed
   * `maxBytes`, so that a reader always gets on. It may begin before `offset`: the reader skips those records.
   */
  read(offset: number, upTo: number, maxBytes: number): readonly RecordBatch[] {
    const first = this.indexOf(offset)
    let bytes = 0
    let next = first
    for (let batch = this.batches[next]; batch !== undefined; batch = this.batches[next]) {
      if (batch.lastOffset >= upTo) break
      bytes += batch.sizeBytes
      if (next > first && bytes > maxBytes) break
      next += 1
    }
    return this.batches.slice(first, next)
  }

  /** Notes that a leader of this epoch starts at the present end, even before it writes anything. */
  beginEpoch(leaderEpoch: number): void {
    this.epochs.assign(leaderEpoch, this.end)
  }

  /** See `LeaderEpochCache.endOffsetFor`. */
  endOffsetForEpoch(epoch: number): EpochEnd | undefined {
    return this.epochs.endOffsetFor(epoch, this.end)
  }

  epochAt(offset: number): number | undefined {
    return this.epochs.epochAt(offset)
  }

  /**
   * Offset of the first batch below `upTo` with a record not older than `timestamp` (microseconds); `undefined` if there
   * is none. Timestamps are those of clients and need not ascend, so every batch is looked at.
   */
  offsetForTime(timestamp: number, upTo: number): number | undefined {
    const found = this.batches.find((batch) => batch.maxTimestamp >= timestamp)
    if (found === undefined || found.lastOffset >= upTo) return undefined
    return Math.max(found.baseOffset, this.start)
  }

  /** Raises the high watermark, never past the end. Says whether it moved. */
  raiseHighWatermark(offset: number): boolean {
    const raised = Math.min(offset, this.end)
    if (raised <= this.watermark) return false
    this.watermark = raised
    return true
  }

  /** Sets the high watermark to what a checkpoint or a leader says, kept within the log. */
  restoreHighWatermark(offset: number): void {
    this.watermark = Math.max(this.start, Math.min(offset, this.end))
  }

  /**
   * Drops records from `offset` on. A batch that holds `offset` in its middle goes whole; if the log started in that
   * batch, it starts where the batch did. Returns the batches dropped, oldest first. The high watermark comes down with the end: only an unclean election or a lost disk asks for that.
   */
  truncateTo(offset: number): readonly RecordBatch[] {
    if (offset >= this.end) {
      // A leader that wrote nothing has noted its epoch at the end; left there, it would diverge from the next leader for ever.
      this.epochs.truncateFromEnd(this.end)
      return []
    }
    if (offset < this.start) return this.truncateFullyAndStartAt(offset)
    const dropped = this.batches.splice(this.indexOf(offset))
    this.end = Math.min(offset, dropped[0]?.baseOffset ?? offset)
    this.start = Math.min(this.start, this.end)
    this.bytes -= totalBytes(dropped)
    this.epochs.truncateFromEnd(this.end)
    this.producers.truncate(this.end, this.batches)
    this.watermark = Math.min(this.watermark, this.end)
    return dropped
  }

  /** Drops everything and goes on at `offset`: a follower whose leader no longer has what it would fetch next. */
  truncateFullyAndStartAt(offset: number): readonly RecordBatch[] {
    const dropped = this.batches.splice(0)
    this.bytes = 0
    this.start = offset
    this.end = offset
    this.watermark = offset
    this.epochs.clear()
    this.producers.clear()
    return dropped
  }

  /** Moves the log start up (retention, deleted records). Batches wholly below are dropped and returned. */
  advanceStartOffset(offset: number): readonly RecordBatch[] {
    if (offset <= this.start) return []
    this.start = Math.min(offset, this.end)
    const dropped = this.batches.splice(0, this.indexOf(this.start))
    this.bytes -= totalBytes(dropped)
    this.watermark = Math.max(this.watermark, this.start)
    this.epochs.truncateFromStart(this.start)
    this.producers.forgetBefore(this.start)
    return dropped
  }

  private push(batch: RecordBatch): void {
    this.epochs.assign(batch.leaderEpoch, batch.baseOffset)
    this.batches.push(batch)
    this.end = batch.lastOffset + 1
    this.bytes += batch.sizeBytes
    this.producers.append(batch)
  }

  /** Index of the first batch whose last record is at or after `offset`. */
  private indexOf(offset: number): number {
    let low = 0
    let high = this.batches.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (present(this.batches[middle], 'a log has no holes between its batches').lastOffset < offset) low = middle + 1
      else high = middle
    }
    return low
  }
}

export type LeaderAppend =
  | { readonly type: 'appended'; readonly batch: RecordBatch }
  | ({ readonly type: 'duplicate' } & RememberedBatch)
  | { readonly type: 'rejected'; readonly error: 'INVALID_PRODUCER_EPOCH' | 'OUT_OF_ORDER_SEQUENCE_NUMBER' }

export type FollowerAppend =
  | { readonly type: 'appended'; readonly endOffset: number }
  | { readonly type: 'out-of-order'; readonly expectedOffset: number }

function totalBytes(batches: readonly RecordBatch[]): number {
  return batches.reduce((sum, batch) => sum + batch.sizeBytes, 0)
}
