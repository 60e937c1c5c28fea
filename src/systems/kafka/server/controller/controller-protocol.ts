import type { StaleBroker } from '../../core/controller/broker-registry.ts'
import type { BrokerHeartbeat } from '../../core/controller/controller-state.ts'
import type { TopicPartition } from '../../core/controller/partition-registration.ts'
import type { IsrProposal, ProposalAnswer } from '../../core/replication/isr-proposal.ts'
import { headerBytes, partitionBytes } from '../../protocol.ts'
import type { MetadataEntry } from './metadata-log.ts'

/*
 * What brokers say to controllers and controllers to each other. Only the active controller serves brokers; the others name the one they
 * believe in.
 */

export const controllerPort = 'kafka-controller'

export type ControllerRequest =
  | VoteRequest
  | BeginEpochRequest
  | QuorumFetchRequest
  | RegisterBrokerRequest
  | BrokerHeartbeatRequest
  | AlterPartitionsRequest
  | CreateTopicsRequest
  | AllocateProducerIdsRequest

export type ControllerResponse =
  | VoteResponse
  | BeginEpochResponse
  | QuorumFetchResponse
  | RegisterBrokerResponse
  | BrokerHeartbeatResponse
  | AlterPartitionsResponse
  | CreateTopicsResponse
  | AllocateProducerIdsResponse
  | NotController

/** The controller that was asked is not the active one, or ceased to be before the change was safe. */
export interface NotController {
  readonly type: 'not-controller'
  /** Number of the controller that it follows. */
  readonly leader: number | undefined
}

export interface VoteRequest {
  readonly type: 'vote'
  readonly epoch: number
  readonly candidate: number
  readonly lastEpoch: number
  readonly endOffset: number
}

export interface VoteResponse {
  readonly type: 'vote'
  readonly epoch: number
  readonly granted: boolean
}

export interface BeginEpochRequest {
  readonly type: 'begin-epoch'
  readonly epoch: number
  readonly leader: number
}

export interface BeginEpochResponse {
  readonly type: 'begin-epoch'
  readonly epoch: number
}

export interface QuorumFetchRequest {
  readonly type: 'quorum-fetch'
  readonly epoch: number
  /** `undefined` for a broker, which only observes and sees what is committed. */
  readonly voter: number | undefined
  readonly fetchOffset: number
  readonly lastFetchedEpoch: number
  /** The committed end that the asker knows. */
  readonly highWatermark: number
}

export interface QuorumFetchResponse {
  readonly type: 'quorum-fetch'
  readonly epoch: number
  readonly entries: readonly MetadataEntry[]
  readonly highWatermark: number
  /** The asker's log leaves the leader's here. */
  readonly diverging: { readonly epoch: number; readonly endOffset: number } | undefined
}

export interface RegisterBrokerRequest {
  readonly type: 'register-broker'
  readonly brokerId: number
  readonly incarnation: number
  readonly rack: string | undefined
}

export interface RegisterBrokerResponse {
  readonly type: 'register-broker'
  readonly error: 'DUPLICATE_BROKER_REGISTRATION' | 'NONE'
  readonly brokerEpoch: number
}

export interface BrokerHeartbeatRequest {
  readonly type: 'broker-heartbeat'
  readonly beat: BrokerHeartbeat
}

export interface BrokerHeartbeatResponse {
  readonly type: 'broker-heartbeat'
  readonly error: StaleBroker | 'NONE'
  readonly fenced: boolean
  readonly shouldShutDown: boolean
  /** Further heartbeats of this broker would change nothing and hear the same, until something happens. */
  readonly mayRest: boolean
}

export interface AlterPartitionsRequest {
  readonly type: 'alter-partitions'
  readonly brokerId: number
  readonly brokerEpoch: number
  readonly proposals: readonly PartitionProposal[]
}

export interface PartitionProposal extends TopicPartition {
  readonly proposal: IsrProposal
}

export interface AlterPartitionsResponse {
  readonly type: 'alter-partitions'
  /** In the order of the proposals; none when the broker's epoch is stale. */
  readonly answers: readonly ProposalAnswer[]
}

export interface CreateTopicsRequest {
  readonly type: 'create-topics'
  readonly topics: readonly string[]
}

export interface CreateTopicsResponse {
  readonly type: 'create-topics'
}

export interface AllocateProducerIdsRequest {
  readonly type: 'allocate-producer-ids'
  readonly brokerId: number
}

export interface AllocateProducerIdsResponse {
  readonly type: 'allocate-producer-ids'
  readonly first: number
  readonly count: number
}

export function controllerBytes(body: ControllerRequest | ControllerResponse): number {
  if (body.type === 'quorum-fetch' && 'entries' in body) return headerBytes + partitionBytes * body.entries.length
  if (body.type === 'alter-partitions' && 'proposals' in body)
    return headerBytes + partitionBytes * body.proposals.length
  return headerBytes
}
