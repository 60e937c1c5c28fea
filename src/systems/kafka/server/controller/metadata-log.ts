import type { BrokerRegistration, RegistrationRequest } from '../../core/controller/broker-registry.ts'
import type { BrokerHeartbeat, NewTopic, PartitionUpdate } from '../../core/controller/controller-state.ts'
import type { TopicPartition } from '../../core/controller/partition-registration.ts'
import type { IsrProposal } from '../../core/replication/isr-proposal.ts'

/**
 * What the active controller decided, as it stands in the log of the quorum. Controllers go by the command: doing the same commands in the
 * same order gives them the same state. Brokers go by the changes. A real log holds only changes; there is one kind of truth in both.
 */
export interface MetadataEntry {
  readonly offset: number
  /** Epoch of the controller that wrote it. */
  readonly epoch: number
  readonly command: MetadataCommand
  readonly changes: MetadataChanges
}

/** Times are µs of the active controller's clock. */
export type MetadataCommand =
  /** The first entry of an epoch: what came before is committed with it. */
  | { readonly type: 'begin-epoch'; readonly now: number }
  | { readonly type: 'register-broker'; readonly request: RegistrationRequest; readonly now: number }
  | { readonly type: 'heartbeat'; readonly beat: BrokerHeartbeat; readonly now: number }
  | { readonly type: 'expire-sessions'; readonly expired: readonly number[]; readonly now: number }
  | {
      readonly type: 'alter-partition'
      readonly leader: number
      readonly of: TopicPartition
      readonly proposal: IsrProposal
    }
  | { readonly type: 'create-topic'; readonly topic: NewTopic; readonly start: number }
  | { readonly type: 'add-partitions'; readonly topic: string; readonly total: number; readonly start: number }
  | { readonly type: 'elect-preferred' }
  | { readonly type: 'allocate-producer-ids' }

export interface MetadataChanges {
  /** New registrations and new states. */
  readonly brokers: readonly BrokerRegistration[]
  readonly partitions: readonly PartitionUpdate[]
}
