import type { LeaderReplica } from './leader-replica.ts'

/** A produce request with `acks=all` that waits on its leader for replication. */
export interface ParkedProduce {
  /** Offset after the last record of the batch. */
  readonly requiredOffset: number
  /** Microseconds; the request's timeout after its arrival. */
  readonly deadline: number
}

/**
 * What a parked request is told now. Whatever the error, the records stay in the log and may still be committed: the
 * producer does not know.
 */
export function answerParkedProduce(
  parked: ParkedProduce,
  leader: LeaderReplica | undefined,
  now: number,
): ParkedAnswer {
  if (leader === undefined) return { type: 'answer', error: 'NOT_LEADER_OR_FOLLOWER' }
  const replication = leader.replicationOf(parked.requiredOffset)
  if (replication === 'replicated') return { type: 'answer', error: 'NONE' }
  if (replication === 'NOT_ENOUGH_REPLICAS_AFTER_APPEND') return { type: 'answer', error: replication }
  return now >= parked.deadline ? { type: 'answer', error: 'REQUEST_TIMED_OUT' } : { type: 'waiting' }
}

export type ParkedAnswer =
  | { readonly type: 'waiting' }
  | {
      readonly type: 'answer'
      readonly error: 'NONE' | 'NOT_ENOUGH_REPLICAS_AFTER_APPEND' | 'REQUEST_TIMED_OUT' | 'NOT_LEADER_OR_FOLLOWER'
    }
