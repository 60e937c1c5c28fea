import type { Micros } from '../../simulation/duration.ts'
import type { TopicPartition } from './core/controller/partition-registration.ts'
import type { KafkaError } from './core/error-table.ts'
import type { GroupProtocol } from './core/group/group-member.ts'
import type { MemberSubscription } from './core/group/group-replies.ts'
import type { EpochEnd } from './core/log/leader-epoch-cache.ts'
import type { ProducedBatch, RecordBatch } from './core/log/record-batch.ts'
import type { Acks } from './core/replication/leader-replica.ts'

/*
 * What clients and brokers say to brokers. A broker takes up the requests of a connection one after the other: the next one is looked at when
 * the one before it is answered, so a fetch or a produce that is parked holds up whatever comes behind it on the same connection.
 */

/** The port that brokers listen on. */
export const brokerPort = 'kafka'

/** A request with its number on the connection; numbers count up from 1. */
export interface Request {
  readonly number: number
  readonly body: RequestBody
}

/** The answer to the request of the same number. A produce request with `acks: 'none'` has none; an error on it closes the connection. */
export interface Response {
  readonly number: number
  readonly body: ResponseBody
}

export type RequestBody =
  | MetadataRequest
  | InitProducerIdRequest
  | ProduceRequest
  | FetchRequest
  | ListOffsetsRequest
  | OffsetForLeaderEpochRequest
  | FindCoordinatorRequest
  | JoinGroupRequest
  | SyncGroupRequest
  | HeartbeatRequest
  | LeaveGroupRequest
  | OffsetCommitRequest
  | OffsetFetchRequest

/** The `type` of an answer is that of its request. */
export type ResponseBody =
  | MetadataResponse
  | InitProducerIdResponse
  | ProduceResponse
  | FetchResponse
  | ListOffsetsResponse
  | OffsetForLeaderEpochResponse
  | FindCoordinatorResponse
  | JoinGroupResponse
  | SyncGroupResponse
  | HeartbeatResponse
  | LeaveGroupResponse
  | OffsetCommitResponse
  | OffsetFetchResponse

/** The answer that belongs to a request. */
export type ResponseTo<R extends RequestBody> = Extract<ResponseBody, { readonly type: R['type'] }>

/** A broker and the node that it runs on. */
export interface BrokerAddress {
  readonly brokerId: number
  readonly node: string
}

// Metadata

export interface MetadataRequest {
  readonly type: 'metadata'
  /** Empty: no topics, only brokers. */
  readonly topics: readonly string[]
  /** Whether the broker may create topics that do not exist (`allow.auto.create.topics`; producers always allow it). */
  readonly allowAutoCreate: boolean
}

export interface MetadataResponse {
  readonly type: 'metadata'
  /** Live brokers. */
  readonly brokers: readonly BrokerAddress[]
  readonly topics: readonly TopicMetadata[]
}

export interface TopicMetadata {
  readonly topic: string
  /** UNKNOWN_TOPIC_OR_PARTITION, also while a topic is being created, or LEADER_NOT_AVAILABLE. */
  readonly error: KafkaError
  /** In order of their numbers. */
  readonly partitions: readonly PartitionMetadata[]
}

export interface PartitionMetadata {
  readonly partition: number
  /** LEADER_NOT_AVAILABLE when there is none. */
  readonly error: KafkaError
  /** The leader's broker id, or -1. */
  readonly leader: number
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

/** Who leads as far as the broker knows; given with NOT_LEADER_OR_FOLLOWER and FENCED_LEADER_EPOCH (since 3.7). */
export interface CurrentLeader extends BrokerAddress {
  readonly leaderEpoch: number
}

// Producing

export interface InitProducerIdRequest {
  readonly type: 'init-producer-id'
}

export interface InitProducerIdResponse {
  readonly type: 'init-producer-id'
  readonly error: KafkaError
  readonly producerId: number
  readonly producerEpoch: number
}

export interface ProduceRequest {
  readonly type: 'produce'
  readonly acks: Acks
  /** How long the broker waits for replicas: the client's `request.timeout.ms`, in µs. */
  readonly timeout: Micros
  /** At most one batch a partition. */
  readonly batches: readonly PartitionBatch[]
}

export interface PartitionBatch extends TopicPartition {
  readonly batch: ProducedBatch
}

export interface ProduceResponse {
  readonly type: 'produce'
  /** In the order of the request. */
  readonly results: readonly ProduceResult[]
}

export interface ProduceResult extends TopicPartition {
  readonly error: KafkaError
  /** Offset of the batch's first record; -1 with an error. A recognised retry gets the offset of the original. */
  readonly baseOffset: number
  readonly currentLeader: CurrentLeader | undefined
}

// Fetching

export interface FetchRequest {
  readonly type: 'fetch'
  /** `undefined` for a consumer. */
  readonly replica: FetchingReplica | undefined
  /** `fetch.max.wait.ms` in µs: how long the request is parked while there are fewer than `minBytes`. */
  readonly maxWait: Micros
  readonly minBytes: number
  /** `fetch.max.bytes`; the first batch is sent however large it is. */
  readonly maxBytes: number
  readonly partitions: readonly FetchPartition[]
  /** The rack of a consumer that would rather read nearby (KIP-392); empty for none, and for followers. */
  readonly rack: string
  /** The reader wants nothing else from this broker: as long as there is nothing, it would ask the same again. */
  readonly asksForAll: boolean
}

export interface FetchingReplica {
  readonly brokerId: number
  readonly brokerEpoch: number
  /** The fetch session: in a new one the leader says everything again, since what it said before may not have arrived. */
  readonly session: number
}

export interface FetchPartition extends TopicPartition {
  readonly fetchOffset: number
  /** Leader epoch of the reader's last record; `undefined` when it has none or does not say. */
  readonly lastFetchedEpoch: number | undefined
  /** The leader epoch that the reader believes in, or -1. */
  readonly currentLeaderEpoch: number
  /** `max.partition.fetch.bytes`. */
  readonly maxBytes: number
}

export interface FetchResponse {
  readonly type: 'fetch'
  /**
   * For a consumer one for each partition of the request, in its order: the high watermark is news too. A follower hears only of partitions
   * with news.
   */
  readonly partitions: readonly FetchedPartition[]
}

export interface FetchedPartition extends TopicPartition {
  readonly error: KafkaError
  /** Whole batches; the first may begin before the offset asked for, and the reader skips those records. */
  readonly batches: readonly RecordBatch[]
  /** -1 with an error; a follower that is out of range is told the end of the log instead. */
  readonly highWatermark: number
  readonly logStartOffset: number
  /** The reader's log leaves the leader's here: a follower truncates, a consumer has read records that are gone. */
  readonly diverging: EpochEnd | undefined
  /** The node that a consumer is to read from instead; nothing is read then. */
  readonly preferredReadReplica: string | undefined
  readonly currentLeader: CurrentLeader | undefined
}

export interface ListOffsetsRequest {
  readonly type: 'list-offsets'
  readonly partitions: readonly ListOffsetsPartition[]
}

export interface ListOffsetsPartition extends TopicPartition {
  readonly currentLeaderEpoch: number
  /** An end of the log, or the first record not older than this time (µs by the wall clock). */
  readonly at: 'earliest' | 'latest' | Micros
}

export interface ListOffsetsResponse {
  readonly type: 'list-offsets'
  readonly results: readonly ListedOffset[]
}

export interface ListedOffset extends TopicPartition {
  readonly error: KafkaError
  /** -1 when no record is that young, or with an error. */
  readonly offset: number
}

/** Asks where an epoch ends: a consumer checks its position with it after a change of leader. */
export interface OffsetForLeaderEpochRequest {
  readonly type: 'offset-for-leader-epoch'
  readonly partitions: readonly EpochQuestion[]
}

export interface EpochQuestion extends TopicPartition {
  readonly currentLeaderEpoch: number
  readonly leaderEpoch: number
}

export interface OffsetForLeaderEpochResponse {
  readonly type: 'offset-for-leader-epoch'
  readonly results: readonly EpochAnswer[]
}

export interface EpochAnswer extends TopicPartition {
  readonly error: KafkaError
  /** `undefined` when the leader cannot say. */
  readonly end: EpochEnd | undefined
}

// Groups

export interface FindCoordinatorRequest {
  readonly type: 'find-coordinator'
  readonly group: string
}

export interface FindCoordinatorResponse {
  readonly type: 'find-coordinator'
  readonly error: KafkaError
  readonly coordinator: BrokerAddress | undefined
}

export interface JoinGroupRequest {
  readonly type: 'join-group'
  readonly group: string
  /** Empty on the first try: the answer is MEMBER_ID_REQUIRED with an id. */
  readonly memberId: string
  /** The client's `client.id`; member ids begin with it. */
  readonly clientId: string
  readonly sessionTimeout: Micros
  readonly rebalanceTimeout: Micros
  readonly protocols: readonly GroupProtocol[]
}

export interface JoinGroupResponse {
  readonly type: 'join-group'
  readonly error: KafkaError
  readonly memberId: string
  readonly generation: number
  readonly protocol: string | undefined
  readonly leader: string | undefined
  /** Given to the leader only, who assigns. */
  readonly members: readonly MemberSubscription[]
}

export interface SyncGroupRequest {
  readonly type: 'sync-group'
  readonly group: string
  readonly memberId: string
  readonly generation: number
  /** By member id; empty unless the leader asks. */
  readonly assignments: ReadonlyMap<string, readonly TopicPartition[]>
}

export interface SyncGroupResponse {
  readonly type: 'sync-group'
  readonly error: KafkaError
  readonly assignment: readonly TopicPartition[]
}

export interface HeartbeatRequest {
  readonly type: 'heartbeat'
  readonly group: string
  readonly memberId: string
  readonly generation: number
  /** Between this heartbeat and the next, µs, where those that change nothing may be left out; `undefined` where they must not. */
  readonly interval: Micros | undefined
}

export interface HeartbeatResponse {
  readonly type: 'heartbeat'
  readonly error: KafkaError
  /** Further heartbeats of this member would hear the same, until something happens. */
  readonly mayRest: boolean
}

export interface LeaveGroupRequest {
  readonly type: 'leave-group'
  readonly group: string
  readonly memberId: string
}

export interface LeaveGroupResponse {
  readonly type: 'leave-group'
  readonly error: KafkaError
}

export interface OffsetCommitRequest {
  readonly type: 'offset-commit'
  readonly group: string
  /** Empty, with generation -1, from a consumer that is in no group protocol. */
  readonly memberId: string
  readonly generation: number
  readonly offsets: readonly OffsetToCommit[]
}

export interface OffsetToCommit extends TopicPartition {
  /** Offset of the next record to read. */
  readonly offset: number
  /** Leader epoch of the last record read, or -1. */
  readonly leaderEpoch: number
}

export interface OffsetCommitResponse {
  readonly type: 'offset-commit'
  /** One for all: the commit is one record batch. */
  readonly error: KafkaError
}

export interface OffsetFetchRequest {
  readonly type: 'offset-fetch'
  readonly group: string
  readonly partitions: readonly TopicPartition[]
}

export interface OffsetFetchResponse {
  readonly type: 'offset-fetch'
  readonly error: KafkaError
  /** Partitions without a commit are missing. */
  readonly offsets: readonly OffsetToCommit[]
}

// Sizes

/** Bytes of everything on the wire besides records: the order of magnitude of a request header with a few fields. */
export const headerBytes = 64

/** Bytes for each partition that a request or answer names. */
export const partitionBytes = 32

export function requestBytes(body: RequestBody): number {
  switch (body.type) {
    case 'produce':
      return headerBytes + body.batches.reduce((sum, { batch }) => sum + partitionBytes + batch.sizeBytes, 0)
    case 'fetch':
    case 'list-offsets':
    case 'offset-for-leader-epoch':
    case 'offset-fetch':
      return headerBytes + partitionBytes * body.partitions.length
    case 'offset-commit':
      return headerBytes + partitionBytes * body.offsets.length
    default:
      return headerBytes
  }
}

export function responseBytes(body: ResponseBody): number {
  switch (body.type) {
    case 'fetch':
      return body.partitions.reduce((sum, { batches }) => sum + partitionBytes + totalBytes(batches), headerBytes)
    case 'produce':
    case 'list-offsets':
    case 'offset-for-leader-epoch':
      return headerBytes + partitionBytes * body.results.length
    case 'metadata':
      return body.topics.reduce((sum, { partitions }) => sum + partitionBytes * (1 + partitions.length), headerBytes)
    default:
      return headerBytes
  }
}

function totalBytes(batches: readonly ProducedBatch[]): number {
  let bytes = 0
  for (const { sizeBytes } of batches) bytes += sizeBytes
  return bytes
}
