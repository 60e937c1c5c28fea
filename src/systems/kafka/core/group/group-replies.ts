import type { TopicPartition } from '../controller/partition-registration.ts'
import { type GroupData, memberOf } from './group-data.ts'
import type { GroupMember } from './group-member.ts'

/** What a call to a group brings about: answers to requests, and a record to be stored before anything else happens. */
export interface GroupEffects {
  readonly replies: readonly GroupReply[]
  readonly store: GroupRecord | undefined
}

export type GroupReply = JoinReply | SyncReply

export interface JoinReply {
  readonly type: 'join'
  /** Number of the request that is answered. */
  readonly request: number
  readonly error: JoinError | 'NONE'
  readonly memberId: string
  readonly generation: number
  readonly protocol: string | undefined
  readonly leader: string | undefined
  /** What every member subscribes to; given to the leader only, who assigns. */
  readonly members: readonly MemberSubscription[]
}

export interface SyncReply {
  readonly type: 'sync'
  readonly request: number
  readonly error: MembershipError | 'REBALANCE_IN_PROGRESS' | 'NOT_COORDINATOR' | 'NONE'
  readonly assignment: readonly TopicPartition[]
}

export interface MemberSubscription {
  readonly memberId: string
  readonly topics: readonly string[]
}

/** `FENCED_INSTANCE_ID` joins these with static members. */
export type MembershipError = 'UNKNOWN_MEMBER_ID' | 'ILLEGAL_GENERATION'

export type JoinError =
  | 'UNKNOWN_MEMBER_ID'
  | 'MEMBER_ID_REQUIRED'
  | 'INCONSISTENT_GROUP_PROTOCOL'
  | 'INVALID_SESSION_TIMEOUT'

/** A group as it is stored in `__consumer_offsets`, from which the next coordinator goes on. */
export interface GroupRecord {
  readonly generation: number
  readonly protocol: string | undefined
  readonly leader: string | undefined
  readonly members: readonly StoredMember[]
}

export type StoredMember = Omit<GroupMember, 'sessionDeadline' | 'joining' | 'syncing' | 'isNew'>

export const noEffects: GroupEffects = { replies: [], store: undefined }

export function answer(reply: GroupReply): GroupEffects {
  return { replies: [reply], store: undefined }
}

/** Effects one after the other. At most one record is to be stored: the last one says it all. */
export function merged(effects: readonly GroupEffects[]): GroupEffects {
  const store = effects.findLast((effect) => effect.store !== undefined)?.store
  return { replies: effects.flatMap((effect) => effect.replies), store }
}

export function joinError(request: number, memberId: string, error: JoinError): JoinReply {
  return { type: 'join', request, error, memberId, generation: -1, protocol: undefined, leader: undefined, members: [] }
}

export function joinReply(group: GroupData, memberId: string, request: number): JoinReply {
  const { generation, protocol, leader } = group
  const members = memberId === leader ? subscriptions(group) : []
  return { type: 'join', request, error: 'NONE', memberId, generation, protocol, leader, members }
}

export function syncReply(request: number, assignment: readonly TopicPartition[]): SyncReply {
  return { type: 'sync', request, error: 'NONE', assignment }
}

export function syncError(request: number, error: Exclude<SyncReply['error'], 'NONE'>): SyncReply {
  return { type: 'sync', request, error, assignment: [] }
}

/** The group as it would be stored now, with these assignments; members that are not named get nothing. */
export function recordOf(group: GroupData, assignments: ReadonlyMap<string, readonly TopicPartition[]>): GroupRecord {
  const members = [...group.members.keys()].map((memberId): StoredMember => {
    const { sessionTimeout, rebalanceTimeout, protocols } = memberOf(group, memberId)
    return { memberId, sessionTimeout, rebalanceTimeout, protocols, assignment: assignments.get(memberId) ?? [] }
  })
  return { generation: group.generation, protocol: group.protocol, leader: group.leader, members }
}

function subscriptions(group: GroupData): readonly MemberSubscription[] {
  return [...group.members.values()].map(({ memberId, protocols }) => {
    return { memberId, topics: protocols.find(({ name }) => name === group.protocol)?.topics ?? [] }
  })
}
