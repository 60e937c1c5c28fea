/** What a leader knows of one follower, all of it learnt from the follower's fetches. Times are microseconds. */
export interface FollowerProgress {
  readonly brokerId: number
  /** Offset of the last fetch, which acknowledges everything below; -1 before the first fetch. */
  readonly endOffset: number
  /** Epoch of the broker's registration as its last fetch gave it; `undefined` before the first fetch. */
  readonly brokerEpoch: number | undefined
  /** The largest known time at which the follower had everything that the leader had then. */
  readonly lastCaughtUpAt: number
  readonly lastFetchAt: number
  /** The leader's end offset at the last fetch. */
  readonly leaderEndOffsetAtLastFetch: number
}

/** Long ago: a follower outside the ISR is not waited for until it has really caught up. */
const never = Number.NEGATIVE_INFINITY

/** What a new leader assumes of a follower: members of the ISR count as caught up now. */
export function assumedProgress(brokerId: number, inSync: boolean, now: number): FollowerProgress {
  return {
    brokerId,
    endOffset: -1,
    brokerEpoch: undefined,
    lastCaughtUpAt: inSync ? now : never,
    lastFetchAt: never,
    leaderEndOffsetAtLastFetch: -1,
  }
}

/** The progress kept when the same leader is elected again with a new epoch. */
export function progressInNewEpoch(
  progress: FollowerProgress,
  inSync: boolean,
  leaderEndOffset: number,
  now: number,
): FollowerProgress {
  const time = inSync ? now : never
  return { ...progress, lastCaughtUpAt: time, lastFetchAt: time, leaderEndOffsetAtLastFetch: leaderEndOffset }
}

/**
 * The progress after a fetch at `fetchOffset`. A fetch that reaches the leader's end is caught up now. One that only
 * reaches where the leader ended at the previous fetch was caught up *then*: under a steady stream of small appends a
 * follower would otherwise never count as in sync.
 */
export function progressAfterFetch(
  progress: FollowerProgress,
  fetch: { readonly fetchOffset: number; readonly brokerEpoch: number },
  leaderEndOffset: number,
  now: number,
): FollowerProgress {
  return {
    brokerId: progress.brokerId,
    endOffset: fetch.fetchOffset,
    brokerEpoch: fetch.brokerEpoch,
    lastCaughtUpAt: Math.max(progress.lastCaughtUpAt, caughtUpAt(progress, fetch.fetchOffset, leaderEndOffset, now)),
    lastFetchAt: now,
    leaderEndOffsetAtLastFetch: Math.max(leaderEndOffset, progress.leaderEndOffsetAtLastFetch),
  }
}

/** Caught up: at the leader's end, or there no longer than `replica.lag.time.max.ms` ago. */
export function isCaughtUp(
  progress: FollowerProgress,
  leaderEndOffset: number,
  replicaLagTimeMax: number,
  now: number,
): boolean {
  return progress.endOffset === leaderEndOffset || now - progress.lastCaughtUpAt <= replicaLagTimeMax
}

function caughtUpAt(progress: FollowerProgress, fetchOffset: number, leaderEndOffset: number, now: number): number {
  if (fetchOffset >= leaderEndOffset) return now
  return fetchOffset >= progress.leaderEndOffsetAtLastFetch ? progress.lastFetchAt : never
}
