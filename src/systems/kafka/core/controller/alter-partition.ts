import type { IsrMember, IsrProposal } from '../replication/isr-proposal.ts'
import type { BrokerRegistry } from './broker-registry.ts'
import type { PartitionRegistration } from './partition-registration.ts'

/**
 * Judges a leader's wish for another ISR. It is a compare-and-set: the leader names the leader epoch and the partition
 * epoch that it knows, and a stale one is refused.
 */
export function alterPartition(
  partition: PartitionRegistration | undefined,
  leader: number,
  proposal: IsrProposal,
  brokers: BrokerRegistry,
): AlterPartitionVerdict {
  if (partition === undefined) return rejected('UNKNOWN_TOPIC_OR_PARTITION')
  const stale = staleness(partition, leader, proposal)
  if (stale !== undefined) return rejected(stale)
  const isr = proposal.newIsr.map((member) => member.brokerId)
  if (!isPossible(partition, isr)) return rejected('INVALID_REQUEST')
  if (!proposal.newIsr.every((member) => isEligible(member, brokers))) return rejected('INELIGIBLE_REPLICA')
  return { type: 'granted', isr }
}

export type AlterPartitionError =
  | 'UNKNOWN_TOPIC_OR_PARTITION'
  | 'NOT_CONTROLLER'
  | 'FENCED_LEADER_EPOCH'
  | 'INVALID_REQUEST'
  | 'INVALID_UPDATE_VERSION'
  | 'INELIGIBLE_REPLICA'

export type AlterPartitionVerdict =
  | { readonly type: 'granted'; readonly isr: readonly number[] }
  | { readonly type: 'rejected'; readonly error: AlterPartitionError }

export type AlterPartitionOutcome =
  | {
      readonly type: 'changed'
      readonly leaderEpoch: number
      readonly partitionEpoch: number
      readonly isr: readonly number[]
    }
  | { readonly type: 'rejected'; readonly error: AlterPartitionError }

/** A leader ahead of this controller shows that the controller is not the active one. */
function staleness(
  partition: PartitionRegistration,
  leader: number,
  { leaderEpoch, partitionEpoch }: IsrProposal,
): AlterPartitionError | undefined {
  if (leaderEpoch > partition.leaderEpoch || partitionEpoch > partition.partitionEpoch) return 'NOT_CONTROLLER'
  if (leaderEpoch < partition.leaderEpoch) return 'FENCED_LEADER_EPOCH'
  if (leader !== partition.leader) return 'INVALID_REQUEST'
  return partitionEpoch < partition.partitionEpoch ? 'INVALID_UPDATE_VERSION' : undefined
}

function isPossible(partition: PartitionRegistration, isr: readonly number[]): boolean {
  if (new Set(isr).size !== isr.length || !isr.includes(partition.leader)) return false
  return isr.every((brokerId) => partition.replicas.includes(brokerId))
}

/** A member must be alive and staying, and the incarnation that caught up must still be the registered one. */
function isEligible({ brokerId, brokerEpoch }: IsrMember, brokers: BrokerRegistry): boolean {
  const broker = brokers.get(brokerId)
  if (broker?.state !== 'unfenced') return false
  return brokerEpoch === -1 || brokerEpoch === broker.brokerEpoch
}

function rejected(error: AlterPartitionError): AlterPartitionVerdict {
  return { type: 'rejected', error }
}
