import type { Name } from '../../../history/fact.ts'
import type { Envelope } from '../../system.ts'
import type { TopicPartition } from '../core/controller/partition-registration.ts'
import type { RecordTable } from '../record-table.ts'
import type { CommittedView } from './committed-view.ts'
import type { CopyAudit } from './copy-audit.ts'
import type { ClusterSettings } from './cluster-settings.ts'
import type { OffsetsRecord } from './group/offsets-record.ts'

/** What the nodes of a cluster share: how it is set up, and the run's own view of it, which no node may ask. */
export interface ClusterContext {
  readonly name: string
  readonly settings: ClusterSettings
  /** What records contain. */
  readonly records: RecordTable<Envelope>
  readonly offsetsRecords: RecordTable<OffsetsRecord>
  /** Where facts of the metadata are recorded from, once each. */
  readonly view: CommittedView
  readonly audit: CopyAudit
  /** The name of a text in facts. */
  intern(text: string): Name
  /** The name of a partition in facts: `events/orders/0`. */
  placeOf(partition: TopicPartition): Name
}
