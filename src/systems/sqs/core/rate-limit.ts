import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'

/** So many calls a second, of which a second's worth may come at once. */
export class RateLimit {
  readonly #interval: Micros
  /** When the calls so far would have been taken, had they come evenly. */
  #takenUntil: Micros = 0

  constructor(perSecond: number) {
    this.#interval = Math.max(1, Math.floor(second / perSecond))
  }

  /** Whether a call is taken now. */
  take(now: Micros): boolean {
    const begin = Math.max(this.#takenUntil, now)
    if (begin + this.#interval - now > second) return false
    this.#takenUntil = begin + this.#interval
    return true
  }
}
