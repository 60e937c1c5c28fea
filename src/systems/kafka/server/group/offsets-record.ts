import type { TopicPartition } from '../../core/controller/partition-registration.ts'
import type { CommittedOffset } from '../../core/group/committed-offsets.ts'
import type { GroupRecord } from '../../core/group/group-replies.ts'
import type { ProducedBatch } from '../../core/log/record-batch.ts'
import { noProducerEpoch, noProducerId, noSequence } from '../../core/log/record-batch.ts'
import type { RecordTable } from '../../record-table.ts'

/** What stands in `__consumer_offsets`: everything that the next coordinator of a group must know. */
export type OffsetsRecord =
  | { readonly type: 'offsets'; readonly group: string; readonly offsets: readonly CommittedOffset[] }
  | { readonly type: 'group'; readonly group: string; readonly record: GroupRecord }
  /** Offsets that were kept long enough after the group had become empty. */
  | { readonly type: 'expired'; readonly group: string; readonly partitions: readonly TopicPartition[] }

/** Bytes of a record and of each partition or member in it: orders of magnitude. */
const recordBytes = 100
const itemBytes = 60

export function batchOf(record: OffsetsRecord, table: RecordTable<OffsetsRecord>, wallClock: number): ProducedBatch {
  return {
    producerId: noProducerId,
    producerEpoch: noProducerEpoch,
    baseSequence: noSequence,
    maxTimestamp: wallClock,
    sizeBytes: recordBytes + itemBytes * itemsOf(record),
    messages: [table.add(record)],
  }
}

function itemsOf(record: OffsetsRecord): number {
  if (record.type === 'group') return record.record.members.length
  return record.type === 'offsets' ? record.offsets.length : record.partitions.length
}
