import type { TopicPartition } from '../controller/partition-registration.ts'
import {
  changeMember,
  emptyGroup,
  type GroupData,
  type GroupSettings,
  type GroupState,
  memberOf,
  sessionEnd,
  supportsProtocols,
} from './group-data.ts'
import { type GroupMember, type GroupProtocol, sameProtocols } from './group-member.ts'
import {
  completeIfAllJoined,
  joinDeadlineReached,
  prepareRebalance,
  rebalance,
  removeMember,
  syncDeadlineReached,
} from './group-rebalance.ts'
import {
  answer,
  type GroupEffects,
  type GroupRecord,
  type GroupReply,
  type JoinError,
  joinError,
  joinReply,
  type MembershipError,
  merged,
  noEffects,
  recordOf,
  syncError,
  type SyncReply,
  syncReply,
} from './group-replies.ts'

/** How long a member that never completed a join may stay parked. */
const newMemberJoinTimeout = 300_000_000

/**
 * One consumer group at its coordinator, under the classic protocol: members join, the coordinator waits for all it
 * knows, the leader among the members assigns, and everybody gets a part with SyncGroup. Requests that must wait are
 * kept by their number and answered among the effects of a later call. Times are microseconds.
 *
 * Left out: static members (`group.instance.id` would map to a member id that a restart takes over), a bound on the
 * size of a group, and the server-side assignment of KIP-848.
 */
export class ClassicGroup {
  private readonly data: GroupData

  constructor(settings: GroupSettings) {
    this.data = emptyGroup(settings)
  }

  /** The group as a stored record says, after a change of coordinator: every member has a fresh session. */
  static restore(record: GroupRecord, settings: GroupSettings, now: number): ClassicGroup {
    const group = new ClassicGroup(settings)
    const parked = { joining: undefined, syncing: undefined, isNew: false }
    for (const member of record.members) {
      group.data.members.set(member.memberId, { ...member, ...parked, sessionDeadline: now + member.sessionTimeout })
    }
    group.data.generation = record.generation
    group.data.leader = record.leader
    group.data.protocol = record.protocol
    group.data.state = record.members.length === 0 ? 'Empty' : 'Stable'
    return group
  }

  get state(): GroupState {
    return this.data.state
  }

  get generation(): number {
    return this.data.generation
  }

  get leader(): string | undefined {
    return this.data.leader
  }

  /** Members in the order in which they joined. */
  get members(): readonly GroupMember[] {
    return [...this.data.members.values()]
  }

  /**
   * Takes a JoinGroup. A member without an id is given one and must ask again with it, so that a lost answer leaves no
   * ghost behind. Everybody else waits until all known members have joined.
   */
  join(request: JoinRequest, now: number): GroupEffects {
    const error = this.refuseJoin(request)
    if (error !== undefined) return answer(joinError(request.request, request.memberId, error))
    if (request.memberId === '') {
      this.data.pendingMembers.set(request.newMemberId, now + request.sessionTimeout)
      return answer(joinError(request.request, request.newMemberId, 'MEMBER_ID_REQUIRED'))
    }
    if (this.data.pendingMembers.delete(request.memberId)) return this.add(request, now)
    return this.rejoin(memberOf(this.data, request.memberId), request, now)
  }

  /**
   * Takes a SyncGroup. The leader's one carries the assignment, which must be stored before anybody learns it: it comes
   * back as `store`, and `assignmentStored` goes on.
   */
  sync(request: SyncRequest): GroupEffects {
    const error = this.refuseSync(request)
    if (error !== undefined) return answer(syncError(request.request, error))
    this.data.pendingSync.delete(request.memberId)
    if (this.data.state === 'Stable') {
      return answer(syncReply(request.request, memberOf(this.data, request.memberId).assignment))
    }
    changeMember(this.data, request.memberId, { syncing: request.request })
    if (request.memberId !== this.data.leader) return noEffects
    return { replies: [], store: recordOf(this.data, request.assignments) }
  }

  /** The record of an assignment is stored, or could not be: hands it out, unless a rebalance has begun since. */
  assignmentStored(record: GroupRecord, stored: boolean, now: number): GroupEffects {
    if (this.data.state !== 'CompletingRebalance' || record.generation !== this.data.generation) return noEffects
    if (!stored) return prepareRebalance(this.data, now, 'NOT_COORDINATOR')
    this.data.state = 'Stable'
    const replies = record.members.flatMap(({ memberId, assignment }) => this.handOut(memberId, assignment, now))
    return { replies, store: undefined }
  }

  /** Takes a heartbeat and says what the member learns from it. */
  heartbeat(memberId: string, generation: number, now: number): MembershipError | 'REBALANCE_IN_PROGRESS' | 'NONE' {
    const error = this.refuseMember(memberId, generation)
    if (error !== undefined) return error
    changeMember(this.data, memberId, { sessionDeadline: now + memberOf(this.data, memberId).sessionTimeout })
    return this.data.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : 'NONE'
  }

  /** A member leaves by itself: it is closed, or `max.poll.interval.ms` has passed on its side. */
  leave(memberId: string, now: number): GroupEffects & { readonly error: 'UNKNOWN_MEMBER_ID' | 'NONE' } {
    if (this.data.pendingMembers.delete(memberId)) return { ...completeIfAllJoined(this.data, now), error: 'NONE' }
    if (!this.data.members.has(memberId)) return { ...noEffects, error: 'UNKNOWN_MEMBER_ID' }
    return { ...removeMember(this.data, memberId, now), error: 'NONE' }
  }

  /**
   * Whether an offset commit counts. Generation -1 comes from a consumer outside the group protocol and is taken only
   * while the group is empty; any other must be the present one, of a present member.
   */
  refuseCommit(memberId: string, generation: number): MembershipError | 'REBALANCE_IN_PROGRESS' | undefined {
    if (generation < 0 && this.data.state === 'Empty') return undefined
    const error = this.refuseMember(memberId, generation)
    if (error !== undefined) return error
    return this.data.state === 'CompletingRebalance' ? 'REBALANCE_IN_PROGRESS' : undefined
  }

  /** When `advance` must next be called; `undefined` while nothing is waited for. */
  get deadline(): number | undefined {
    const { members, pendingMembers, joinPhase, syncDeadline } = this.data
    const sessions = [...members.values()].map(sessionEnd)
    const phases = [joinPhase?.deadline, syncDeadline].filter((deadline) => deadline !== undefined)
    const least = Math.min(...sessions, ...pendingMembers.values(), ...phases)
    return least === Number.POSITIVE_INFINITY ? undefined : least
  }

  /** Does what is due: ends sessions, and ends or extends the waits of a rebalance. */
  advance(now: number): GroupEffects {
    const { joinPhase, syncDeadline } = this.data
    const effects = [...this.expirePending(now), ...this.expireSessions(now)]
    if (joinPhase !== undefined && joinPhase === this.data.joinPhase && joinPhase.deadline <= now) {
      effects.push(joinDeadlineReached(this.data, joinPhase, now))
    }
    if (syncDeadline !== undefined && syncDeadline === this.data.syncDeadline && syncDeadline <= now) {
      effects.push(syncDeadlineReached(this.data, now))
    }
    return merged(effects)
  }

  private refuseJoin(request: JoinRequest): JoinError | undefined {
    const { minSessionTimeout, maxSessionTimeout } = this.data.settings
    if (request.sessionTimeout < minSessionTimeout || request.sessionTimeout > maxSessionTimeout) {
      return 'INVALID_SESSION_TIMEOUT'
    }
    const { memberId } = request
    const isKnown = this.data.members.has(memberId) || this.data.pendingMembers.has(memberId)
    if (memberId !== '' && !isKnown) return 'UNKNOWN_MEMBER_ID'
    return supportsProtocols(this.data, request.protocols) ? undefined : 'INCONSISTENT_GROUP_PROTOCOL'
  }

  private refuseSync(request: SyncRequest): Exclude<SyncReply['error'], 'NONE'> | undefined {
    const error = this.refuseMember(request.memberId, request.generation)
    return error ?? (this.data.state === 'PreparingRebalance' ? 'REBALANCE_IN_PROGRESS' : undefined)
  }

  private refuseMember(memberId: string, generation: number): MembershipError | undefined {
    if (!this.data.members.has(memberId)) return 'UNKNOWN_MEMBER_ID'
    return generation === this.data.generation ? undefined : 'ILLEGAL_GENERATION'
  }

  private add(request: JoinRequest, now: number): GroupEffects {
    const { memberId, sessionTimeout, rebalanceTimeout, protocols, request: joining } = request
    const sessionDeadline = now + newMemberJoinTimeout
    const state = { assignment: [], sessionDeadline, joining, syncing: undefined, isNew: true }
    this.data.members.set(memberId, { memberId, sessionTimeout, rebalanceTimeout, protocols, ...state })
    this.data.leader ??= memberId
    const phase = this.data.joinPhase
    if (phase?.type === 'initial') this.data.joinPhase = { ...phase, newMemberAdded: true }
    return rebalance(this.data, now)
  }

  /** Only a leader or a member with another subscription makes a settled group rebalance by joining again. */
  private rejoin(member: GroupMember, request: JoinRequest, now: number): GroupEffects {
    const { memberId, state, leader } = { memberId: member.memberId, ...this.data }
    const same = sameProtocols(member.protocols, request.protocols)
    const isSettled = state === 'CompletingRebalance' ? same : state === 'Stable' && same && memberId !== leader
    if (isSettled) return answer(joinReply(this.data, memberId, request.request))
    const { sessionTimeout, rebalanceTimeout, protocols, request: joining } = request
    changeMember(this.data, memberId, { sessionTimeout, rebalanceTimeout, protocols, joining })
    return rebalance(this.data, now)
  }

  private handOut(memberId: string, assignment: readonly TopicPartition[], now: number): readonly GroupReply[] {
    const { syncing, sessionTimeout } = memberOf(this.data, memberId)
    changeMember(this.data, memberId, { assignment, syncing: undefined, sessionDeadline: now + sessionTimeout })
    return syncing === undefined ? [] : [syncReply(syncing, assignment)]
  }

  private expirePending(now: number): GroupEffects[] {
    const due = [...this.data.pendingMembers].filter(([, patience]) => patience <= now)
    return due.map(([memberId]) => {
      this.data.pendingMembers.delete(memberId)
      return completeIfAllJoined(this.data, now)
    })
  }

  private expireSessions(now: number): GroupEffects[] {
    const due = this.members.filter((member) => sessionEnd(member) <= now)
    return due.flatMap(({ memberId }) => {
      const isStillDue = this.members.some((member) => member.memberId === memberId && sessionEnd(member) <= now)
      return isStillDue ? [removeMember(this.data, memberId, now)] : []
    })
  }
}

export interface JoinRequest {
  /** The caller's number for the request, named by its answer. */
  readonly request: number
  /** Empty for a member that has none yet. */
  readonly memberId: string
  /** The id to give to a member that has none; unlike any other. */
  readonly newMemberId: string
  readonly sessionTimeout: number
  readonly rebalanceTimeout: number
  readonly protocols: readonly GroupProtocol[]
}

export interface SyncRequest {
  readonly request: number
  readonly memberId: string
  readonly generation: number
  /** By member id; empty unless the leader asks. */
  readonly assignments: ReadonlyMap<string, readonly TopicPartition[]>
}
