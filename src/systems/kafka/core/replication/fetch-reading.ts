import type { EpochEnd } from '../log/leader-epoch-cache.ts'
import type { PartitionLog } from '../log/partition-log.ts'
import type { RecordBatch } from '../log/record-batch.ts'

/** Where a reader stands, as its fetch says. */
export interface FetchPosition {
  readonly fetchOffset: number
  /** Leader epoch of the reader's last record; `undefined` when it has none or does not say. */
  readonly lastFetchedEpoch?: number | undefined
  /** At least one batch is answered, however large. */
  readonly maxBytes: number
}

/**
 * Where the reader's log leaves this one, if the epoch of its last record shows that it does: the reader has an epoch
 * that this log never had, or more of it than this log. It must truncate there and ask again.
 */
export function divergenceFrom(log: PartitionLog, position: FetchPosition): EpochEnd | undefined {
  if (position.lastFetchedEpoch === undefined) return undefined
  const end = log.endOffsetForEpoch(position.lastFetchedEpoch)
  if (end === undefined) return undefined
  return end.epoch < position.lastFetchedEpoch || end.endOffset < position.fetchOffset ? end : undefined
}

/** What a consumer gets: records below the high watermark, or the reason why none. */
export function readForConsumer(log: PartitionLog, position: FetchPosition): ConsumerRead {
  const { startOffset: logStartOffset, highWatermark } = log
  if (position.fetchOffset < logStartOffset) return outOfRange
  const diverging = divergenceFrom(log, position)
  if (diverging !== undefined) return { type: 'diverging', ...diverging, highWatermark }
  if (position.fetchOffset > log.endOffset) return outOfRange
  const batches = log.read(position.fetchOffset, highWatermark, position.maxBytes)
  return { type: 'records', batches, highWatermark, logStartOffset }
}

export type ConsumerRead =
  | {
      readonly type: 'records'
      /** Empty at the high watermark. */
      readonly batches: readonly RecordBatch[]
      readonly highWatermark: number
      readonly logStartOffset: number
    }
  | ({ readonly type: 'diverging'; readonly highWatermark: number } & EpochEnd)
  | { readonly type: 'error'; readonly error: 'OFFSET_OUT_OF_RANGE' }

const outOfRange: ConsumerRead = { type: 'error', error: 'OFFSET_OUT_OF_RANGE' }
