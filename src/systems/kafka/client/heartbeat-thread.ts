import type { Micros } from '../../../simulation/duration.ts'
import { lastOf } from '../../../simulation/lulls.ts'
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

/** How many heartbeats may be left out in a row: a coordinator that is too busy for them is noticed all the same. */
const longestRest = 10

/** The thread of the Java consumer that sends heartbeats beside `poll`, and leaves the group when nobody polls any more. */
export class HeartbeatThread {
  readonly #context: HeartbeatContext
  #timer: Timer | undefined
  #leaveLull: (() => void) | undefined

  constructor(context: HeartbeatContext) {
    this.#context = context
  }

  /** Beats from now on, whatever it did before. */
  start(): void {
    this.#beatIn(this.#context.interval)
  }

  stop(): void {
    this.#leaveLull?.()
    this.#leaveLull = undefined
    this.#timer?.clear()
  }

  #beatIn(wait: Micros): void {
    this.stop()
    const { process } = this.#context
    const untilLate = Math.max(1, this.#pollDeadline + 1 - process.now)
    this.#timer = process.setTimer(Math.min(wait, untilLate), () => this.#due())
  }

  #due(): void {
    const { process, membership, sessionTimeout } = this.#context
    if (this.#leaveLull !== undefined) membership.noteHeartbeat(process.now)
    if (process.now > this.#pollDeadline) {
      // It may live, but makes no headway: it makes room for another. The next poll joins again.
      if (membership.isMember) membership.leave()
      return
    }
    if (membership.stable && process.now - membership.lastHeartbeat > sessionTimeout) membership.coordinator.lose()
    this.start()
    const beganAt = process.now
    const timer = this.#timer
    const { lull } = process
    membership.heartbeat((_error, mayRest) => {
      if (mayRest && lull === process.lull && this.#timer === timer) this.#rest(beganAt)
    }, this.#context.interval)
  }

  /** Leaves out the heartbeats that would come now, each `interval` from `beganAt` on. */
  #rest(beganAt: Micros): void {
    const { process, membership, interval, maxPollInterval } = this.#context
    const last = (): Micros => lastOf(beganAt, interval, process.now)
    // An application that stops polling right after this must be found late in time.
    const longest = Math.min(longestRest * interval, maxPollInterval)
    this.#beatIn(Math.max(interval, longest - (longest % interval)) - (process.now - beganAt))
    this.#leaveLull = process.beginLull(() => {
      membership.noteHeartbeat(last())
      this.#beatIn(last() + interval - process.now)
    })
  }

  get #pollDeadline(): Micros {
    const lastPoll = this.#context.lastPoll()
    return lastPoll === undefined ? Infinity : lastPoll + this.#context.maxPollInterval
  }
}
