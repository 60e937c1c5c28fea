import type { Micros } from '../../../../simulation/duration.ts'
import { millisecond } from '../../../../simulation/duration.ts'
import type { Process } from '../../../../simulation/process.ts'
import type { RpcClient } from '../rpc-client.ts'
import type { ControllerRequest, ControllerResponse } from './controller-protocol.ts'
import { ExponentialBackOff, quorumReconnect } from '../exponential-back-off.ts'
import type { QuorumLog } from './quorum-log.ts'

/** How long the leader keeps a voter's fetch when there is nothing to send. KRaft: 500 ms. */
export const fetchMaxWait = 500 * millisecond

export interface FollowingContext {
  readonly process: Process
  /** Number of this controller. */
  readonly self: number
  readonly epoch: number
  readonly log: QuorumLog
  readonly leader: RpcClient<ControllerRequest, ControllerResponse>
  readonly fetchTimeout: Micros
  highWatermark(): number
  /** The leader has answered. */
  leaderLives(): void
  /** The leader did not answer, or is none. */
  unanswered(): void
  /** The leader is asked, and nothing is in the way: from `since` on it would answer every {@link fetchMaxWait}, in vain. */
  leaderRests(since: Micros): void
  /** The leader has committed this log up to here. */
  committed(endOffset: number): void
}

/** What a follower does in an epoch whose leader it knows: it fetches, and each fetch says what it has on its disk. */
export class Following {
  readonly #context: FollowingContext
  readonly #backOff = new ExponentialBackOff(quorumReconnect)
  #over = false

  constructor(context: FollowingContext) {
    this.#context = context
  }

  end(): void {
    this.#over = true
  }

  fetch(): void {
    if (this.#over) return
    const { process, self, epoch, log, leader, fetchTimeout, highWatermark, leaderRests } = this.#context
    const { endOffset: fetchOffset, lastEpoch: lastFetchedEpoch } = log
    const own = { voter: self, epoch, highWatermark: highWatermark() }
    const request = { type: 'quorum-fetch', ...own, fetchOffset, lastFetchedEpoch } as const
    const answered = (response: ControllerResponse | undefined): void => {
      if (!this.#over) this.#fetched(response, fetchOffset)
    }
    leader.request(request, fetchTimeout, answered, fetchMaxWait)
    if (leader.isWell) leaderRests(process.now)
  }

  #fetched(response: ControllerResponse | undefined, fetchOffset: number): void {
    const { process, epoch, log, highWatermark, leaderLives, unanswered, committed } = this.#context
    if (response?.type !== 'quorum-fetch' || response.epoch < epoch) {
      unanswered()
      process.setTimer(this.#backOff.next(), () => this.fetch())
      return
    }
    this.#backOff.reset()
    leaderLives()
    if (response.diverging !== undefined) log.truncateAfter(response.diverging)
    else if (fetchOffset === log.endOffset) for (const entry of response.entries) log.append(entry)
    const known = Math.min(response.highWatermark, log.endOffset)
    if (known > highWatermark()) committed(known)
    // The next fetch says that it has these entries, so they must be on the disk.
    if (response.entries.length === 0) this.fetch()
    else log.fsync(() => this.fetch())
  }
}
