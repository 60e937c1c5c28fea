import type { Name } from '../../../history/fact.ts'
import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import { noLeader } from '../core/controller/partition-registration.ts'
import type { PartitionRegistration, TopicPartition } from '../core/controller/partition-registration.ts'
import type { KafkaError } from '../core/error-table.ts'
import type { PartitionLog } from '../core/log/partition-log.ts'
import type { RecordBatch } from '../core/log/record-batch.ts'
import type { ConsumerRead, FetchPosition } from '../core/replication/fetch-reading.ts'
import { readForConsumer } from '../core/replication/fetch-reading.ts'
import { FollowerReplica } from '../core/replication/follower-replica.ts'
import type { BrokerViews } from '../core/replication/in-sync-replicas.ts'
import { fenceLeaderEpoch } from '../core/replication/leader-epoch-fencing.ts'
import type { FollowerFetch, LeaderSettings } from '../core/replication/leader-replica.ts'
import { LeaderReplica } from '../core/replication/leader-replica.ts'
import type { ParkedProduce } from '../core/replication/parked-produce.ts'
import { answerParkedProduce } from '../core/replication/parked-produce.ts'
import type { TopicOptions } from '../options/topic-options.ts'
import type { FetchingReplica, FetchPartition } from '../protocol.ts'
import type { ParkedFetch } from './parked-fetch.ts'
import type { ReplicaLog } from './replica-log.ts'

/** What a broker does for a partition that it has a replica of. */
export type ReplicaRole =
  | { readonly type: 'leader'; readonly replica: LeaderReplica }
  | { readonly type: 'follower'; readonly replica: FollowerReplica; readonly leader: number }
  /** Nobody leads, so there is nobody to follow. */
  | { readonly type: 'waiting' }

interface ParkedAppend extends ParkedProduce {
  readonly answered: (error: KafkaError) => void
}

/** What a leader keeps of a follower besides its progress. */
interface FollowerNotes {
  readonly brokerId: number
  session: number
  toldHighWatermark: number
  /** The last fetch that had nothing to bring, when the same came last, and up to when that is counted. */
  idle:
    | { readonly position: FetchPartition; readonly replica: FetchingReplica; at: Micros; countedAt: Micros }
    | undefined
}

/** A follower's fetch at one of its positions. */
export function followerFetch(
  { fetchOffset, lastFetchedEpoch, currentLeaderEpoch: leaderEpoch }: FetchPartition,
  { brokerId, brokerEpoch }: FetchingReplica,
  maxBytes: number,
): FollowerFetch {
  return { brokerId, brokerEpoch, fetchOffset, lastFetchedEpoch, leaderEpoch, maxBytes }
}

export interface HostedPartitionOptions {
  readonly of: TopicPartition
  /** Its name in facts. */
  readonly place: Name
  readonly options: TopicOptions
  readonly brokerId: number
  readonly leaderSettings: LeaderSettings
}

/** One replica on one broker: its log, its role, and the requests that wait for it. */
export class HostedPartition {
  readonly of: TopicPartition
  readonly place: Name
  readonly options: TopicOptions
  readonly replicaLog: ReplicaLog
  /** Fetches of consumers that wait for the high watermark. */
  readonly waitingConsumers: ParkedFetch[] = []
  readonly #followers: FollowerNotes[] = []
  readonly #process: Process
  readonly #brokerId: number
  readonly #leaderSettings: LeaderSettings
  #role: ReplicaRole = { type: 'waiting' }
  #registration: PartitionRegistration | undefined
  #parked: ParkedAppend[] = []

  constructor(process: Process, replicaLog: ReplicaLog, options: HostedPartitionOptions) {
    this.#process = process
    this.replicaLog = replicaLog
    this.of = options.of
    this.place = options.place
    this.options = options.options
    this.#brokerId = options.brokerId
    this.#leaderSettings = options.leaderSettings
  }

  get log(): PartitionLog {
    return this.replicaLog.log
  }

  get role(): ReplicaRole {
    return this.#role
  }

  get leader(): LeaderReplica | undefined {
    return this.#role.type === 'leader' ? this.#role.replica : undefined
  }

  get registration(): PartitionRegistration | undefined {
    return this.#registration
  }

  /** Takes up what the controller decided. `true` when the broker leads, or follows, anew: whoever waited is to be answered. */
  assign(registration: PartitionRegistration, views: BrokerViews): boolean {
    const before = this.#registration
    if (before !== undefined && registration.partitionEpoch <= before.partitionEpoch) return false
    this.#registration = registration
    const { now } = this.#process
    if (registration.leader === this.#brokerId) {
      if (this.#role.type === 'leader') {
        this.#role.replica.updateRole(registration, views, now)
        return false
      }
      this.#followers.length = 0
      const replica = new LeaderReplica(this.#brokerId, this.log, registration, this.#leaderSettings, now)
      this.#role = { type: 'leader', replica }
      replica.advanceHighWatermark(views, now)
      return true
    }
    if (before?.leaderEpoch === registration.leaderEpoch) return false
    this.#role =
      registration.leader === noLeader
        ? { type: 'waiting' }
        : {
            type: 'follower',
            replica: new FollowerReplica(this.log, registration.leaderEpoch),
            leader: registration.leader,
          }
    return true
  }

  /**
   * Serves a consumer: as the leader, or as a follower, up to the high watermark that it knows. Since Kafka 2.4 (KIP-392) a follower answers whoever
   * asks, also one that takes it for the leader and does not say which epoch it believes in (KAFKA-14255).
   */
  readForConsumer(
    position: FetchPosition,
    leaderEpoch: number,
  ): ConsumerRead | { readonly type: 'error'; readonly error: KafkaError } {
    if (this.leader !== undefined) return this.leader.fetchAsConsumer(position, leaderEpoch)
    if (this.#registration === undefined) return { type: 'error', error: 'NOT_LEADER_OR_FOLLOWER' }
    const error = fenceLeaderEpoch(leaderEpoch, this.#registration.leaderEpoch)
    return error === undefined ? readForConsumer(this.log, position) : { type: 'error', error }
  }

  /** In a new session a follower is told everything again. A fetch of an old one may still come, after its connection is lost. */
  beginSession({ brokerId, session }: FetchingReplica): void {
    const notes = this.#notesOf(brokerId)
    if (notes.session === session) return
    notes.session = session
    notes.toldHighWatermark = -1
    notes.idle = undefined
  }

  /** The high watermark that a follower was told last in its session; -1 for none. */
  toldHighWatermark({ brokerId, session }: FetchingReplica): number {
    const notes = this.#known(brokerId)
    return notes?.session === session ? notes.toldHighWatermark : -1
  }

  noteTold({ brokerId, session }: FetchingReplica, highWatermark: number): void {
    const notes = this.#notesOf(brokerId)
    if (notes.session === session) notes.toldHighWatermark = highWatermark
  }

  beginIdleFetch(replica: FetchingReplica, position: FetchPartition, at: Micros): void {
    this.#notesOf(replica.brokerId).idle = { position, replica, at, countedAt: at }
  }

  /**
   * A follower in sync asks again for what it asked for last, and there is still nothing: that is all there is to know until the next append,
   * when {@link countIdleFetches} makes up for it. `true` if it is so. The plain version has the leader count every fetch.
   */
  noteIdleFetch({ brokerId, brokerEpoch }: FetchingReplica, position: FetchPartition, at: Micros): boolean {
    const notes = this.#known(brokerId)
    const { leader, log } = this
    if (leader === undefined || notes?.idle?.position !== position || notes.idle.replica.brokerEpoch !== brokerEpoch)
      return false
    const isSame = leader.leaderEpoch === position.currentLeaderEpoch && log.endOffset === position.fetchOffset
    if (!isSame || log.highWatermark > notes.toldHighWatermark) return false
    if (leader.inSyncReplicas.type !== 'committed' || !leader.inSyncReplicas.isr.includes(brokerId)) return false
    notes.idle.at = at
    return true
  }

  /** Before an append: followers that asked in vain, or whose fetch is `parked`, are caught up since they last asked, or would have. */
  countIdleFetches(parked: readonly ParkedFetch[], views: BrokerViews): void {
    for (const { idle } of this.#followers) {
      if (idle === undefined || idle.at === idle.countedAt) continue
      idle.countedAt = idle.at
      this.#countFetch(idle.position, idle.replica, idle.at, views)
    }
    for (const { request, lastAskedAt, parkedAt } of parked) {
      if (request.replica === undefined || lastAskedAt === parkedAt) continue
      const { topic, partition } = this.of
      const position = request.partitions.find((each) => each.partition === partition && each.topic === topic)
      if (position !== undefined) this.#countFetch(position, request.replica, lastAskedAt, views)
    }
  }

  #countFetch(position: FetchPartition, replica: FetchingReplica, at: Micros, views: BrokerViews): void {
    if (position.fetchOffset !== this.log.endOffset) return
    this.leader?.fetchAsFollower(followerFetch(position, replica, position.maxBytes), views, at)
  }

  #notesOf(brokerId: number): FollowerNotes {
    const known = this.#known(brokerId)
    if (known !== undefined) return known
    const notes: FollowerNotes = { brokerId, session: -1, toldHighWatermark: -1, idle: undefined }
    this.#followers.push(notes)
    return notes
  }

  #known(brokerId: number): FollowerNotes | undefined {
    for (const notes of this.#followers) if (notes.brokerId === brokerId) return notes
    return undefined
  }

  /** Keeps an append until it is replicated; {@link answerParked} looks again. */
  park(parked: ParkedAppend): void {
    const answer = answerParkedProduce(parked, this.leader, this.#process.now)
    if (answer.type === 'answer') parked.answered(answer.error)
    else this.#parked.push(parked)
  }

  answerParked(): void {
    if (this.#parked.length === 0) return
    const parked = this.#parked
    this.#parked = []
    for (const each of parked) this.park(each)
  }

  /** Drops what the log has dropped from the file too. */
  recordsDropped(dropped: readonly RecordBatch[]): number {
    this.replicaLog.cut()
    let messages = 0
    for (const batch of dropped) messages += batch.messages.length
    return messages
  }
}
