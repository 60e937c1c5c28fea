import type { EpochEnd } from '../log/leader-epoch-cache.ts'
import type { LeaderAppend, PartitionLog } from '../log/partition-log.ts'
import type { ProducedBatch, RecordBatch } from '../log/record-batch.ts'
import { type ConsumerRead, divergenceFrom, type FetchPosition, readForConsumer } from './fetch-reading.ts'
import { type FetchMark, FollowerFleet } from './follower-fleet.ts'
import { type BrokerViews, type InSyncReplicas, maximalIsr, proposedIsr } from './in-sync-replicas.ts'
import {
  type IsrMember,
  type IsrProposal,
  isSameProposal,
  isSentAgainAfter,
  type ProposalAnswer,
  type ProposalEffect,
} from './isr-proposal.ts'
import { fenceLeaderEpoch, type StaleEpoch } from './leader-epoch-fencing.ts'

/**
 * The leader of one partition on one broker: it appends, serves fetches, decides the high watermark and asks the
 * controller for changes of the ISR. It is made anew when the broker becomes leader, and dropped when it stops. Right
 * after it is made, `advanceHighWatermark` is called: a leader alone in the ISR waits for nobody.
 */
export class LeaderReplica {
  readonly log: PartitionLog
  private readonly brokerId: number
  private readonly settings: LeaderSettings
  private readonly followers: FollowerFleet
  private epoch: number
  private epochStart: number
  private partitionEpochSeen: number
  private replicas: InSyncReplicas
  private inFlight: IsrProposal | undefined

  constructor(brokerId: number, log: PartitionLog, role: LeaderRole, settings: LeaderSettings, now: number) {
    this.log = log
    this.brokerId = brokerId
    this.settings = settings
    this.followers = new FollowerFleet(
      role.replicas.filter((replica) => replica !== brokerId),
      role.isr,
      now,
    )
    this.epoch = role.leaderEpoch
    this.epochStart = log.endOffset
    this.partitionEpochSeen = role.partitionEpoch
    this.replicas = { type: 'committed', isr: role.isr }
    log.beginEpoch(role.leaderEpoch)
  }

  get leaderEpoch(): number {
    return this.epoch
  }

  get partitionEpoch(): number {
    return this.partitionEpochSeen
  }

  get inSyncReplicas(): InSyncReplicas {
    return this.replicas
  }

  /** Where a follower's log ends, as far as its last fetch said. */
  endOffsetOf(brokerId: number): number | undefined {
    return this.followers.progressOf(brokerId)?.endOffset
  }

  /** `min.insync.replicas`, but never more than there are replicas. */
  get effectiveMinIsr(): number {
    return Math.min(this.settings.minInsyncReplicas, this.followers.count + 1)
  }

  /** Appends a batch from a client. `acks: "all"` is refused beforehand while the ISR is too small. */
  append(batch: ProducedBatch, acks: Acks, brokers: BrokerViews, now: number): LeaderAppend | NotEnoughReplicas {
    if (acks === 'all' && this.replicas.isr.length < this.effectiveMinIsr) return notEnoughReplicas
    const outcome = this.log.appendAsLeader(batch, this.epoch)
    if (outcome.type === 'appended') this.advanceHighWatermark(brokers, now)
    return outcome
  }

  /**
   * Serves a follower's fetch. The answer carries the high watermark from before the fetch counted, so followers
   * learn of a commit one fetch later. A fetch that shows diverging logs acknowledges nothing.
   */
  fetchAsFollower(fetch: FollowerFetch, brokers: BrokerViews, now: number): FollowerFetchOutcome {
    const error = this.refuseFollower(fetch, brokers)
    if (error !== undefined) return { type: 'error', error }
    const { highWatermark, endOffset, startOffset: logStartOffset } = this.log
    const diverging = divergenceFrom(this.log, fetch)
    if (diverging !== undefined) return { type: 'diverging', ...diverging, highWatermark }
    if (fetch.fetchOffset > endOffset) return { type: 'error', error: 'OFFSET_OUT_OF_RANGE' }
    const batches = this.log.read(fetch.fetchOffset, endOffset, fetch.maxBytes)
    this.followers.recordFetch(fetch, endOffset, now)
    const proposal = this.proposeExpansion(fetch.brokerId, brokers)
    const advanced = this.advanceHighWatermark(brokers, now)
    return { type: 'records', batches, highWatermark, logStartOffset, advanced, proposal }
  }

  /** Serves a consumer, who sees records below the high watermark only. */
  fetchAsConsumer(
    position: FetchPosition,
    leaderEpoch: number,
  ): ConsumerRead | { readonly type: 'error'; readonly error: StaleEpoch } {
    const error = fenceLeaderEpoch(leaderEpoch, this.epoch)
    return error === undefined ? readForConsumer(this.log, position) : { type: 'error', error }
  }

  /** Where a client finds the log's ends. The latest one is unknown until the new leader's watermark reached its epoch. */
  listOffset(which: 'earliest' | 'latest'): OffsetAnswer {
    if (which === 'earliest') return { type: 'offset', offset: this.log.startOffset }
    if (this.log.highWatermark < this.epochStart) return { type: 'error', error: 'OFFSET_NOT_AVAILABLE' }
    return { type: 'offset', offset: this.log.highWatermark }
  }

  /** Where a client finds the first visible record not older than `timestamp`, microseconds. */
  listOffsetForTime(timestamp: number): OffsetAnswer | { readonly type: 'none' } {
    const offset = this.log.offsetForTime(timestamp, this.log.highWatermark)
    if (offset !== undefined) return { type: 'offset', offset }
    const isLagging = this.log.highWatermark < this.epochStart
    return isLagging ? { type: 'error', error: 'OFFSET_NOT_AVAILABLE' } : { type: 'none' }
  }

  /** What a produce request with `acks=all` that waits for `requiredOffset` (last offset + 1) is told. */
  replicationOf(requiredOffset: number): 'waiting' | 'replicated' | 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' {
    if (this.log.highWatermark < requiredOffset) return 'waiting'
    const enough = maximalIsr(this.replicas).length >= this.effectiveMinIsr
    return enough ? 'replicated' : 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'
  }

  /** Looks for members of the ISR that lag. Called every half `replica.lag.time.max.ms`, so eviction comes after 1 to 1.5 of it. */
  proposeShrink(now: number): IsrProposal | undefined {
    if (this.replicas.type !== 'committed') return undefined
    const lags = (brokerId: number): boolean => brokerId !== this.brokerId && !this.isCaughtUp(brokerId, now)
    if (!this.replicas.isr.some(lags)) return undefined
    const leaving = this.replicas.isr.filter(lags)
    this.replicas = { type: 'shrinking', isr: this.replicas.isr, leaving }
    this.inFlight = this.proposal()
    return this.inFlight
  }

  /** The proposal in flight, to be sent again after a lost answer. */
  get proposalInFlight(): IsrProposal | undefined {
    return this.inFlight
  }

  /**
   * Takes the controller's answer to a proposal. An answer to another one than that in flight is late and means nothing:
   * metadata has told more since.
   */
  proposalAnswered(proposal: IsrProposal, answer: ProposalAnswer, brokers: BrokerViews, now: number): ProposalEffect {
    if (this.inFlight === undefined || !isSameProposal(proposal, this.inFlight)) return unchanged
    if (answer.type === 'changed') return this.commitIsr(answer.isr, answer.partitionEpoch, brokers, now)
    // Only these say for certain that the ISR is what it was; after the others it stays pending until new metadata.
    if (answer.error === 'INELIGIBLE_REPLICA' || answer.error === 'OPERATION_NOT_ATTEMPTED')
      this.settle(this.replicas.isr)
    return { advanced: false, sendAgain: isSentAgainAfter(answer.error) }
  }

  /** Takes newer metadata that leaves this broker the leader: another ISR, or a new epoch of its own. */
  updateRole(role: LeaderRole, brokers: BrokerViews, now: number): ProposalEffect {
    // The same partition epoch was learnt from the controller's answer; applying it again would drop a newer proposal.
    if (role.partitionEpoch <= this.partitionEpochSeen) return unchanged
    if (role.leaderEpoch > this.epoch) this.beginOwnEpoch(role, now)
    return this.commitIsr(role.isr, role.partitionEpoch, brokers, now)
  }

  /**
   * Raises the high watermark to the least end among the maximal ISR and the eligible followers that are caught up
   * but not yet members: these would otherwise never catch a moving watermark. Says whether it moved.
   */
  advanceHighWatermark(brokers: BrokerViews, now: number): boolean {
    if (this.settings.strictMinIsr && this.replicas.isr.length < this.effectiveMinIsr) return false
    const { endOffset } = this.log
    const waitedFor = { members: maximalIsr(this.replicas), replicaLagTimeMax: this.settings.replicaLagTimeMax }
    return this.log.raiseHighWatermark(this.followers.leastEndOffset(endOffset, waitedFor, brokers, now))
  }

  private refuseFollower(fetch: FollowerFetch, brokers: BrokerViews): FollowerFetchError | undefined {
    const fenced = fenceLeaderEpoch(fetch.leaderEpoch, this.epoch)
    if (fenced !== undefined) return fenced
    if (this.followers.progressOf(fetch.brokerId) === undefined) return 'UNKNOWN_LEADER_EPOCH'
    const known = brokers.get(fetch.brokerId)?.brokerEpoch
    if (fetch.brokerEpoch !== -1 && known !== undefined && known > fetch.brokerEpoch) return 'NOT_LEADER_OR_FOLLOWER'
    return fetch.fetchOffset < this.log.startOffset ? 'OFFSET_OUT_OF_RANGE' : undefined
  }

  private proposeExpansion(brokerId: number, brokers: BrokerViews): IsrProposal | undefined {
    if (this.replicas.type !== 'committed' || this.replicas.isr.includes(brokerId)) return undefined
    const needed = Math.max(this.log.highWatermark, this.epochStart)
    if (!this.followers.mayJoinIsr(brokerId, needed, brokers)) return undefined
    this.replicas = { type: 'expanding', isr: this.replicas.isr, joining: brokerId }
    this.inFlight = this.proposal()
    return this.inFlight
  }

  private proposal(): IsrProposal {
    const newIsr = proposedIsr(this.replicas).map((brokerId): IsrMember => {
      if (brokerId === this.brokerId) return { brokerId, brokerEpoch: -1 }
      return { brokerId, brokerEpoch: this.followers.progressOf(brokerId)?.brokerEpoch ?? -1 }
    })
    return { leaderEpoch: this.epoch, partitionEpoch: this.partitionEpochSeen, newIsr }
  }

  private commitIsr(isr: readonly number[], partitionEpoch: number, brokers: BrokerViews, now: number): ProposalEffect {
    this.settle(isr)
    this.partitionEpochSeen = partitionEpoch
    return { advanced: this.advanceHighWatermark(brokers, now), sendAgain: false }
  }

  private settle(isr: readonly number[]): void {
    this.replicas = { type: 'committed', isr }
    this.inFlight = undefined
  }

  private beginOwnEpoch(role: LeaderRole, now: number): void {
    this.epoch = role.leaderEpoch
    this.epochStart = this.log.endOffset
    this.log.beginEpoch(role.leaderEpoch)
    this.followers.beginEpoch(role.isr, this.log.endOffset, now)
  }

  private isCaughtUp(brokerId: number, now: number): boolean {
    return this.followers.isCaughtUp(brokerId, this.log.endOffset, this.settings.replicaLagTimeMax, now)
  }
}

/** The part of a partition's registration that makes a broker its leader. */
export interface LeaderRole {
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  /** Every replica in its order of assignment, the leader among them. */
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

export interface LeaderSettings {
  readonly minInsyncReplicas: number
  /** `replica.lag.time.max.ms` in microseconds. */
  readonly replicaLagTimeMax: number
  /** Since 3.7 the high watermark stands still while the ISR is smaller than `min.insync.replicas`. */
  readonly strictMinIsr: boolean
}

export type Acks = 'none' | 'leader' | 'all'

export type NotEnoughReplicas = { readonly type: 'rejected'; readonly error: 'NOT_ENOUGH_REPLICAS' }

const notEnoughReplicas: NotEnoughReplicas = { type: 'rejected', error: 'NOT_ENOUGH_REPLICAS' }

export interface FollowerFetch extends FetchPosition, FetchMark {
  readonly leaderEpoch: number
}

export type FollowerFetchError = StaleEpoch | 'NOT_LEADER_OR_FOLLOWER' | 'OFFSET_OUT_OF_RANGE'

export type FollowerFetchOutcome =
  | {
      readonly type: 'records'
      readonly batches: readonly RecordBatch[]
      readonly highWatermark: number
      readonly logStartOffset: number
      /** The fetch moved the leader's high watermark: parked requests may be answered. */
      readonly advanced: boolean
      /** To be sent to the controller: the follower has caught up and should join the ISR. */
      readonly proposal: IsrProposal | undefined
    }
  | ({ readonly type: 'diverging'; readonly highWatermark: number } & EpochEnd)
  | { readonly type: 'error'; readonly error: FollowerFetchError }

export type OffsetAnswer =
  | { readonly type: 'offset'; readonly offset: number }
  | { readonly type: 'error'; readonly error: 'OFFSET_NOT_AVAILABLE' }

const unchanged: ProposalEffect = { advanced: false, sendAgain: false }
