import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { GroupMembership } from './group-membership.ts'

export interface HeartbeatContext {
  readonly process: Process
  readonly membership: GroupMembership
  /** `heartbeat.interval.ms` and `max.poll.interval.ms`, µs. */
  readonly interval: Micros
  readonly maxPollInterval: Micros
  /** `session.timeout.ms`, µs: a coordinator that does not answer for so long is looked for anew. */
  readonly sessionTimeout: Micros
  /** When the application polled last; nothing while it is inside of `poll`. */
  lastPoll(): Micros | undefined
}

/** The thread of the Java consumer that sends heartbeats beside `poll`, and leaves the group when nobody polls any more. */
export class HeartbeatThread {
  readonly #context: HeartbeatContext
  #timer: Timer | undefined

  constructor(context: HeartbeatContext) {
    this.#context = context
  }

  /** Beats from now on, whatever it did before. */
  start(): void {
    this.stop()
    const { process, interval } = this.#context
    const wait = Math.min(interval, Math.max(1, this.#pollDeadline + 1 - process.now))
    this.#timer = process.setTimer(wait, () => this.#due())
  }

  stop(): void {
    this.#timer?.clear()
  }

  #due(): void {
    const { process, membership, sessionTimeout } = this.#context
    if (process.now > this.#pollDeadline) {
      // It may live, but makes no headway: it makes room for another. The next poll joins again.
      if (membership.isMember) membership.leave()
      return
    }
    if (membership.stable && process.now - membership.lastHeartbeat > sessionTimeout) membership.coordinator.lose()
    membership.heartbeat()
    this.start()
  }

  get #pollDeadline(): Micros {
    const lastPoll = this.#context.lastPoll()
    return lastPoll === undefined ? Infinity : lastPoll + this.#context.maxPollInterval
  }
}
