import { present } from '../invariant.ts'
import { commonProtocols, type GroupMember, type GroupProtocol } from './group-member.ts'

/** The inside of a classic group, which the functions of this folder change. Times are microseconds. */
export interface GroupData {
  readonly settings: GroupSettings
  /** In the order in which they joined. */
  readonly members: Map<string, GroupMember>
  /** Ids given to members that have not come back with them, with the end of their patience. */
  readonly pendingMembers: Map<string, number>
  /** Members that have been told of the generation and have not sent SyncGroup. */
  readonly pendingSync: Set<string>
  state: GroupState
  generation: number
  leader: string | undefined
  protocol: string | undefined
  joinPhase: JoinPhase | undefined
  syncDeadline: number | undefined
}

export type GroupState = 'Empty' | 'PreparingRebalance' | 'CompletingRebalance' | 'Stable'

export interface GroupSettings {
  /** `group.initial.rebalance.delay.ms`. */
  readonly initialRebalanceDelay: number
  /** `group.min.session.timeout.ms`. */
  readonly minSessionTimeout: number
  /** `group.max.session.timeout.ms`. */
  readonly maxSessionTimeout: number
}

/** The wait for members to join. The first one of an empty group is short, and longer for every newcomer. */
export type JoinPhase =
  | { readonly type: 'all-members'; readonly deadline: number }
  | {
      readonly type: 'initial'
      readonly deadline: number
      readonly delay: number
      /** How much longer it may still be extended. */
      readonly remaining: number
      readonly newMemberAdded: boolean
    }

export function emptyGroup(settings: GroupSettings): GroupData {
  return {
    settings,
    members: new Map(),
    pendingMembers: new Map(),
    pendingSync: new Set(),
    state: 'Empty',
    generation: 0,
    leader: undefined,
    protocol: undefined,
    joinPhase: undefined,
    syncDeadline: undefined,
  }
}

export function memberOf(group: GroupData, memberId: string): GroupMember {
  return present(group.members.get(memberId), `${memberId} is a member of the group`)
}

export function changeMember(group: GroupData, memberId: string, change: Partial<GroupMember>): void {
  group.members.set(memberId, { ...memberOf(group, memberId), ...change })
}

/** The longest wait that any member asked for. */
export function rebalanceTimeout(group: GroupData): number {
  return Math.max(0, ...[...group.members.values()].map((member) => member.rebalanceTimeout))
}

export function haveAllJoined(group: GroupData): boolean {
  return group.pendingMembers.size === 0 && [...group.members.values()].every(({ joining }) => joining !== undefined)
}

/** Whether a newcomer shares an assignor with every member. */
export function supportsProtocols(group: GroupData, protocols: readonly GroupProtocol[]): boolean {
  return commonProtocols([...group.members.values(), { protocols }]).length > 0
}

/**
 * When the member's session ends. A member whose request is parked cannot send heartbeats and is not given up, but for
 * one that has never completed a join: it may be a client that gave up and asked again.
 */
export function sessionEnd(member: GroupMember): number {
  const isParked = member.joining !== undefined || member.syncing !== undefined
  return isParked && !member.isNew ? Number.POSITIVE_INFINITY : member.sessionDeadline
}
