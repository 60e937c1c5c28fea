import type { EpochEnd } from '../log/leader-epoch-cache.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { RecordBatch } from '../log/record-batch.ts'
import type { FetchPosition } from './fetch-reading.ts'

/**
 * A follower of one partition on one broker: what it asks its leader for, and what it does with the answer. It never
 * truncates to its own high watermark, which may be stale, but only to where an epoch ended on its leader.
 */
export class FollowerReplica {
  readonly log: PartitionLog
  readonly leaderEpoch: number

  constructor(log: PartitionLog, leaderEpoch: number) {
    this.log = log
    this.leaderEpoch = leaderEpoch
  }

  /** The next fetch. Its offset acknowledges everything below. */
  nextFetch(maxBytes: number): FetchPosition & { readonly leaderEpoch: number } {
    return {
      fetchOffset: this.log.endOffset,
      lastFetchedEpoch: this.log.latestEpoch,
      leaderEpoch: this.leaderEpoch,
      maxBytes,
    }
  }

  /**
   * Appends what the leader sent for a fetch at `fetchOffset`. An answer to an earlier position is ignored. The high
   * watermark follows the leader's as far as this log reaches.
   */
  appendFetched(fetched: FetchedRecords): FetchEffect {
    if (fetched.fetchOffset !== this.log.endOffset) return { type: 'ignored' }
    const outcome = this.log.appendAsFollower(fetched.batches)
    if (outcome.type === 'out-of-order') return { type: 'ignored' }
    this.log.raiseHighWatermark(fetched.highWatermark)
    this.log.advanceStartOffset(fetched.logStartOffset)
    return { type: 'appended', endOffset: outcome.endOffset }
  }

  /**
   * Truncates after the leader said where it and this log part. If this log never had the leader's epoch, it falls back
   * to the end of its own last epoch before it, and the next fetch asks about that one.
   */
  truncateTo(leaderEnd: EpochEnd): FetchEffect {
    const ownEnd = this.log.endOffsetForEpoch(leaderEnd.epoch)
    const target = truncationOffset(leaderEnd, ownEnd, this.log.endOffset)
    return { type: 'truncated', endOffset: target, dropped: this.log.truncateTo(target) }
  }

  /** The leader has nothing at this log's end: start anew where the leader starts, or truncate to where it ends. */
  outOfRange(leaderStartOffset: number, leaderEndOffset: number): FetchEffect {
    if (leaderEndOffset < this.log.endOffset) {
      return { type: 'truncated', endOffset: leaderEndOffset, dropped: this.log.truncateTo(leaderEndOffset) }
    }
    const restartAt = Math.max(leaderStartOffset, this.log.endOffset)
    if (restartAt === this.log.endOffset) return { type: 'ignored' }
    return { type: 'truncated', endOffset: restartAt, dropped: this.log.truncateFullyAndStartAt(restartAt) }
  }
}

export interface FetchedRecords {
  /** The offset that was asked for. */
  readonly fetchOffset: number
  readonly batches: readonly RecordBatch[]
  readonly highWatermark: number
  readonly logStartOffset: number
}

export type FetchEffect =
  | { readonly type: 'appended'; readonly endOffset: number }
  | { readonly type: 'truncated'; readonly endOffset: number; readonly dropped: readonly RecordBatch[] }
  | { readonly type: 'ignored' }

function truncationOffset(leaderEnd: EpochEnd, ownEnd: EpochEnd | undefined, logEndOffset: number): number {
  if (ownEnd === undefined) return Math.min(leaderEnd.endOffset, logEndOffset)
  if (ownEnd.epoch !== leaderEnd.epoch) return Math.min(ownEnd.endOffset, logEndOffset)
  return Math.min(leaderEnd.endOffset, ownEnd.endOffset, logEndOffset)
}
