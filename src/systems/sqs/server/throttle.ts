import type { Micros } from '../../../simulation/duration.ts'
import { RateLimit } from '../core/rate-limit.ts'
import type { QueuePlan } from '../options/queue-plan.ts'

/** How many calls of each action a FIFO queue takes: for all of it, or for each message group. */
export class Throttle {
  readonly #limits = new Map<string, RateLimit>()
  readonly #plan: QueuePlan['throttle']

  constructor(plan: QueuePlan['throttle']) {
    this.#plan = plan
  }

  /** Whether a call of the action is taken. */
  takesCall(action: string, now: Micros): boolean {
    return this.#plan?.per !== 'queue' || this.#take(action, now)
  }

  /** Whether a message of the group is taken. */
  takesGroup(action: string, group: string, now: Micros): boolean {
    return this.#plan?.per !== 'group' || this.#take(JSON.stringify([action, group]), now)
  }

  #take(what: string, now: Micros): boolean {
    const limit = this.#limits.get(what) ?? new RateLimit(this.#plan?.perSecond ?? 0)
    this.#limits.set(what, limit)
    return limit.take(now)
  }
}
