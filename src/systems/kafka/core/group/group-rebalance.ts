import {
  changeMember,
  type GroupData,
  haveAllJoined,
  type JoinPhase,
  memberOf,
  rebalanceTimeout,
} from './group-data.ts'
import { electProtocol } from './group-member.ts'
import {
  type GroupEffects,
  type GroupReply,
  joinError,
  joinReply,
  merged,
  noEffects,
  recordOf,
  syncError,
} from './group-replies.ts'

/** Begins a rebalance, or, if one is under way, completes its join phase once nobody is missing. */
export function rebalance(group: GroupData, now: number): GroupEffects {
  return group.state === 'PreparingRebalance' ? completeIfAllJoined(group, now) : prepareRebalance(group, now)
}

/** Begins a rebalance. Whoever waits for an assignment is sent back to join again. */
export function prepareRebalance(
  group: GroupData,
  now: number,
  error: 'REBALANCE_IN_PROGRESS' | 'NOT_COORDINATOR' = 'REBALANCE_IN_PROGRESS',
): GroupEffects {
  const replies = group.state === 'CompletingRebalance' ? sendBackSyncing(group, error) : []
  const isInitial = group.state === 'Empty'
  group.pendingSync.clear()
  group.syncDeadline = undefined
  group.state = 'PreparingRebalance'
  group.joinPhase = isInitial ? initialJoinPhase(group, now) : waitForAll(group, now)
  return merged([{ replies, store: undefined }, completeIfAllJoined(group, now)])
}

/** Ends the join phase if every member has joined; the initial wait of an empty group always runs its time. */
export function completeIfAllJoined(group: GroupData, now: number): GroupEffects {
  if (group.state !== 'PreparingRebalance' || group.joinPhase?.type === 'initial') return noEffects
  return haveAllJoined(group) ? completeJoin(group, now) : noEffects
}

/** The wait for members is over: an initial wait goes on if somebody new came, every other one ends. */
export function joinDeadlineReached(group: GroupData, phase: JoinPhase, now: number): GroupEffects {
  if (phase.type === 'all-members' || !phase.newMemberAdded || phase.remaining === 0) return completeJoin(group, now)
  const delay = Math.min(group.settings.initialRebalanceDelay, phase.remaining)
  const remaining = Math.max(phase.remaining - phase.delay, 0)
  group.joinPhase = { type: 'initial', deadline: now + delay, delay, remaining, newMemberAdded: false }
  return noEffects
}

/** Members that were told of the generation and never asked for their part are removed. */
export function syncDeadlineReached(group: GroupData, now: number): GroupEffects {
  group.syncDeadline = undefined
  if (group.pendingSync.size === 0) return noEffects
  const removed = [...group.pendingSync].flatMap((memberId) => dropMember(group, memberId))
  return merged([{ replies: removed, store: undefined }, prepareRebalance(group, now)])
}

/** Removes a member and lets the others share what it had. */
export function removeMember(group: GroupData, memberId: string, now: number): GroupEffects {
  const replies = dropMember(group, memberId)
  return merged([{ replies, store: undefined }, rebalance(group, now)])
}

/** The next generation begins with whoever joined; the others are members no more. */
function completeJoin(group: GroupData, now: number): GroupEffects {
  group.joinPhase = undefined
  const missing = [...group.members.values()].filter((member) => member.joining === undefined)
  const dropped = missing.flatMap((member) => dropMember(group, member.memberId))
  group.generation += 1
  if (group.members.size === 0) return becomeEmpty(group, dropped)
  group.protocol = electProtocol([...group.members.values()])
  group.leader ??= group.members.keys().next().value
  group.state = 'CompletingRebalance'
  group.syncDeadline = now + rebalanceTimeout(group)
  const replies = [...group.members.keys()].flatMap((memberId) => beginGeneration(group, memberId, now))
  return { replies: [...dropped, ...replies], store: undefined }
}

function becomeEmpty(group: GroupData, replies: readonly GroupReply[]): GroupEffects {
  group.state = 'Empty'
  group.protocol = undefined
  group.leader = undefined
  return { replies, store: recordOf(group, new Map()) }
}

function beginGeneration(group: GroupData, memberId: string, now: number): readonly GroupReply[] {
  const { joining, sessionTimeout } = memberOf(group, memberId)
  changeMember(group, memberId, { joining: undefined, isNew: false, sessionDeadline: now + sessionTimeout })
  group.pendingSync.add(memberId)
  return joining === undefined ? [] : [joinReply(group, memberId, joining)]
}

function sendBackSyncing(group: GroupData, error: 'REBALANCE_IN_PROGRESS' | 'NOT_COORDINATOR'): readonly GroupReply[] {
  return [...group.members.values()].flatMap(({ memberId, syncing }) => {
    changeMember(group, memberId, { syncing: undefined, assignment: [] })
    return syncing === undefined ? [] : [syncError(syncing, error)]
  })
}

function dropMember(group: GroupData, memberId: string): readonly GroupReply[] {
  const { joining, syncing } = memberOf(group, memberId)
  group.members.delete(memberId)
  group.pendingSync.delete(memberId)
  if (group.leader === memberId) group.leader = group.members.keys().next().value
  const replies: GroupReply[] = []
  if (joining !== undefined) replies.push(joinError(joining, '', 'UNKNOWN_MEMBER_ID'))
  if (syncing !== undefined) replies.push(syncError(syncing, 'UNKNOWN_MEMBER_ID'))
  return replies
}

function initialJoinPhase(group: GroupData, now: number): JoinPhase {
  const delay = group.settings.initialRebalanceDelay
  const remaining = Math.max(rebalanceTimeout(group) - delay, 0)
  return { type: 'initial', deadline: now + delay, delay, remaining, newMemberAdded: false }
}

function waitForAll(group: GroupData, now: number): JoinPhase {
  return { type: 'all-members', deadline: now + rebalanceTimeout(group) }
}
