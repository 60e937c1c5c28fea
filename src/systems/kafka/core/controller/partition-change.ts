import { noLeader, type PartitionRegistration } from './partition-registration.ts'

/**
 * Applies a wanted ISR to a partition and elects a leader if the present one may not stay. Returns `undefined` when
 * nothing changes.
 *
 * The election goes, in this order: the present leader if it may stay; the first replica, in order of assignment, that
 * is in the ISR (or in the ELR once the ISR is empty) and alive; the last known leader (with ELR); any live replica if
 * unclean elections are enabled; else nobody, and the partition is offline.
 */
export function changePartition(
  partition: PartitionRegistration,
  wanted: WantedChange,
  rules: ElectionRules,
): PartitionChange | undefined {
  const isr = wanted.isr ?? partition.isr
  const elr = rules.elrEnabled ? eligibleReplicas(partition, isr, wanted.uncleanShutdown, rules.minIsr) : []
  const elected = elect(partition, { isr, elr }, wanted.preferred === true, rules)
  const next = withElected(partition, { isr, elr }, elected, rules)
  if (isSame(partition, next)) return undefined
  const leaderChanged = next.leader !== partition.leader
  return {
    partition: {
      ...next,
      leaderEpoch: partition.leaderEpoch + (leaderChanged ? 1 : 0),
      partitionEpoch: partition.partitionEpoch + 1,
    },
    election: leaderChanged ? elected.election : undefined,
  }
}

export interface WantedChange {
  /** The ISR wanted; absent to keep the present one. */
  readonly isr?: readonly number[]
  /** A broker that came back without a clean shutdown: its disk may lack what the ELR promises. */
  readonly uncleanShutdown?: number
  /** Give leadership back to the preferred replica if it is in the ISR. */
  readonly preferred?: boolean
}

export interface ElectionRules {
  /** Brokers that may lead: registered, not fenced, not shutting down. */
  readonly acceptableLeaders: ReadonlySet<number>
  /** Effective `min.insync.replicas` of the topic. */
  readonly minIsr: number
  /** `eligible.leader.replicas.version=1`, the default of clusters made with 4.1. */
  readonly elrEnabled: boolean
  /** `unclean.leader.election.enable` of the topic. */
  readonly uncleanElection: boolean
}

export interface PartitionChange {
  readonly partition: PartitionRegistration
  /** How the new leader came about; `undefined` when the leader stays. */
  readonly election: ElectionKind | undefined
}

/**
 * `clean`: from the ISR. `eligible`: from the ELR. Both have all that is committed. `last-known` and `unclean` may lose
 * committed records. `offline`: nobody may lead.
 */
export type ElectionKind = 'clean' | 'eligible' | 'last-known' | 'unclean' | 'offline'

interface Elected {
  readonly leader: number
  readonly election: ElectionKind
}

interface Candidates {
  readonly isr: readonly number[]
  readonly elr: readonly number[]
}

/** Who left the ISR while it is too small to commit anything without them, and has not lost its disk since. */
function eligibleReplicas(
  partition: PartitionRegistration,
  isr: readonly number[],
  uncleanShutdown: number | undefined,
  minIsr: number,
): readonly number[] {
  if (isr.length >= minIsr) return []
  const candidates = new Set([...partition.elr, ...partition.isr])
  return [...candidates].filter((brokerId) => !isr.includes(brokerId) && brokerId !== uncleanShutdown)
}

function elect(
  partition: PartitionRegistration,
  candidates: Candidates,
  preferred: boolean,
  rules: ElectionRules,
): Elected {
  const order = preferred ? [partition.replicas[0] ?? noLeader, partition.leader] : [partition.leader]
  const safe = [...order, ...partition.replicas].find((brokerId) => maySafelyLead(brokerId, candidates, rules))
  if (safe !== undefined) return { leader: safe, election: candidates.isr.includes(safe) ? 'clean' : 'eligible' }
  const lastKnown = lastKnownLeader(partition, candidates, rules)
  if (lastKnown !== undefined) return { leader: lastKnown, election: 'last-known' }
  const alive = partition.replicas.find((brokerId) => rules.acceptableLeaders.has(brokerId))
  if (rules.uncleanElection && alive !== undefined) return { leader: alive, election: 'unclean' }
  return { leader: noLeader, election: 'offline' }
}

function maySafelyLead(brokerId: number, { isr, elr }: Candidates, rules: ElectionRules): boolean {
  const hasCommitted = isr.includes(brokerId) || (isr.length === 0 && elr.includes(brokerId))
  return hasCommitted && rules.acceptableLeaders.has(brokerId)
}

function lastKnownLeader(
  partition: PartitionRegistration,
  candidates: Candidates,
  rules: ElectionRules,
): number | undefined {
  if (!rules.elrEnabled || candidates.isr.length > 0 || candidates.elr.length > 0) return undefined
  const last = partition.lastKnownLeader
  return last !== undefined && rules.acceptableLeaders.has(last) ? last : undefined
}

function withElected(
  partition: PartitionRegistration,
  { isr, elr }: Candidates,
  { leader, election }: Elected,
  rules: ElectionRules,
): PartitionRegistration {
  const remembered = rules.elrEnabled ? rememberedLeader(partition, isr, leader) : undefined
  const base = { ...partition, leader, lastKnownLeader: remembered }
  if (election === 'unclean' || election === 'last-known') return { ...base, isr: [leader], elr: [] }
  if (election === 'eligible') return { ...base, isr: [leader], elr: elr.filter((brokerId) => brokerId !== leader) }
  // Without ELR the last member stays in the ISR for ever: it alone is known to have everything.
  return { ...base, isr: isr.length > 0 || rules.elrEnabled ? isr : partition.isr, elr }
}

function rememberedLeader(
  partition: PartitionRegistration,
  isr: readonly number[],
  leader: number,
): number | undefined {
  if (leader !== noLeader) return undefined
  return isr.length === 0 && partition.leader !== noLeader ? partition.leader : partition.lastKnownLeader
}

function isSame(before: PartitionRegistration, after: PartitionRegistration): boolean {
  return (
    before.leader === after.leader &&
    before.lastKnownLeader === after.lastKnownLeader &&
    sameMembers(before.isr, after.isr) &&
    sameMembers(before.elr, after.elr)
  )
}

function sameMembers(before: readonly number[], after: readonly number[]): boolean {
  return before.length === after.length && before.every((brokerId) => after.includes(brokerId))
}
