import {
  assumedProgress,
  type FollowerProgress,
  isCaughtUp,
  progressAfterFetch,
  progressInNewEpoch,
} from './follower-progress.ts'
import { type BrokerViews, isEligibleForIsr } from './in-sync-replicas.ts'

/** A leader's followers and how far each of them is. */
export class FollowerFleet {
  private readonly progress = new Map<number, FollowerProgress>()

  constructor(followers: readonly number[], isr: readonly number[], now: number) {
    for (const brokerId of followers)
      this.progress.set(brokerId, assumedProgress(brokerId, isr.includes(brokerId), now))
  }

  get count(): number {
    return this.progress.size
  }

  progressOf(brokerId: number): FollowerProgress | undefined {
    return this.progress.get(brokerId)
  }

  recordFetch(fetch: FetchMark, leaderEndOffset: number, now: number): void {
    const known = this.progress.get(fetch.brokerId)
    if (known === undefined) return
    this.progress.set(fetch.brokerId, progressAfterFetch(known, fetch, leaderEndOffset, now))
  }

  isCaughtUp(brokerId: number, leaderEndOffset: number, replicaLagTimeMax: number, now: number): boolean {
    const progress = this.progress.get(brokerId)
    return progress !== undefined && isCaughtUp(progress, leaderEndOffset, replicaLagTimeMax, now)
  }

  /** Whether the follower has everything up to `neededOffset` and its registration allows it into the ISR. */
  mayJoinIsr(brokerId: number, neededOffset: number, brokers: BrokerViews): boolean {
    const progress = this.progress.get(brokerId)
    if (progress === undefined || progress.endOffset < neededOffset) return false
    return isEligibleForIsr(progress.brokerEpoch, brokers.get(brokerId))
  }

  /** The least end among the followers that a commit waits for, and the leader's own. */
  leastEndOffset(leaderEndOffset: number, waitedFor: WaitedFor, brokers: BrokerViews, now: number): number {
    let least = leaderEndOffset
    for (const progress of this.progress.values()) {
      if (progress.endOffset >= least) continue
      const isMember = waitedFor.members.includes(progress.brokerId)
      if (isMember || this.isAboutToJoin(progress, leaderEndOffset, waitedFor, brokers, now)) least = progress.endOffset
    }
    return least
  }

  beginEpoch(isr: readonly number[], leaderEndOffset: number, now: number): void {
    for (const [brokerId, progress] of this.progress) {
      this.progress.set(brokerId, progressInNewEpoch(progress, isr.includes(brokerId), leaderEndOffset, now))
    }
  }

  private isAboutToJoin(
    progress: FollowerProgress,
    leaderEndOffset: number,
    waitedFor: WaitedFor,
    brokers: BrokerViews,
    now: number,
  ): boolean {
    if (!isCaughtUp(progress, leaderEndOffset, waitedFor.replicaLagTimeMax, now)) return false
    return isEligibleForIsr(progress.brokerEpoch, brokers.get(progress.brokerId))
  }
}

export interface FetchMark {
  readonly brokerId: number
  readonly fetchOffset: number
  readonly brokerEpoch: number
}

export interface WaitedFor {
  readonly members: readonly number[]
  /** Microseconds. */
  readonly replicaLagTimeMax: number
}
