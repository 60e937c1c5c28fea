import type { TopicPartition } from '../controller/partition-registration.ts'

/** A member of a group as the coordinator keeps it. Times are microseconds. */
export interface GroupMember {
  readonly memberId: string
  readonly sessionTimeout: number
  /** How long a rebalance waits for this member; a Java client sends its `max.poll.interval.ms`. */
  readonly rebalanceTimeout: number
  /** The assignors that the member offers, best first, each with what it subscribes to. */
  readonly protocols: readonly GroupProtocol[]
  readonly assignment: readonly TopicPartition[]
  /** Moment at which the session ends unless the member is heard of. */
  readonly sessionDeadline: number
  /** Request of a parked JoinGroup. */
  readonly joining: number | undefined
  /** Request of a parked SyncGroup. */
  readonly syncing: number | undefined
  /** Has never completed a join: it cannot send heartbeats yet. */
  readonly isNew: boolean
}

/** One assignor that a member offers. Cooperative assignors would add the partitions owned. */
export interface GroupProtocol {
  readonly name: string
  readonly topics: readonly string[]
}

/** Whether two lists offer the same assignors for the same subscriptions, in the same order. */
export function sameProtocols(a: readonly GroupProtocol[], b: readonly GroupProtocol[]): boolean {
  return a.length === b.length && a.every((protocol, index) => sameProtocol(protocol, b[index]))
}

/** The assignors that every member offers. */
export function commonProtocols(members: readonly Pick<GroupMember, 'protocols'>[]): readonly string[] {
  const [first, ...others] = members
  const names = first?.protocols.map(({ name }) => name) ?? []
  return names.filter((name) => others.every((member) => member.protocols.some((offered) => offered.name === name)))
}

/** The assignor that most members prefer among the common ones; on a tie the one that the first member prefers. */
export function electProtocol(members: readonly Pick<GroupMember, 'protocols'>[]): string | undefined {
  const candidates = commonProtocols(members)
  const votes = members.map(({ protocols }) => protocols.find(({ name }) => candidates.includes(name))?.name)
  const count = (candidate: string) => votes.filter((vote) => vote === candidate).length
  const most = Math.max(0, ...candidates.map(count))
  return candidates.find((candidate) => count(candidate) === most)
}

function sameProtocol(a: GroupProtocol, b: GroupProtocol | undefined): boolean {
  return b !== undefined && a.name === b.name && a.topics.join('\n') === b.topics.join('\n')
}
