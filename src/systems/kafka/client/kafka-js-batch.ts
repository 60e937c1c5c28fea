import type { Cluster } from '../cluster.ts'
import type { FetchedPartition } from '../protocol.ts'
import type { KafkaJsCommits } from './kafka-js-commits.ts'
import type { KafkaJsBatch } from './kafka-js-workers.ts'
import { RecordDelivery } from './record-delivery.ts'

/** What was fetched of one partition, from an offset on. */
export function batchOf(
  { partition, batches, highWatermark }: FetchedPartition,
  from: number,
  assignment: KafkaJsCommits['assignment'],
  content: Cluster['records'],
): KafkaJsBatch {
  const records: RecordDelivery[] = []
  for (const { baseOffset, messages, maxTimestamp: timestamp } of batches) {
    const origin = { highWatermark, timestamp }
    for (let index = Math.max(0, from - baseOffset); index < messages.length; index++) {
      const envelope = content.content(messages[index] ?? -1)
      records.push(new RecordDelivery(envelope, partition, baseOffset + index, assignment, origin))
    }
  }
  return { partition, records }
}
