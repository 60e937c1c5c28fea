import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'

/**
 * How much may be had in a second, with a second's worth in store. What is taken may exceed the store where the limit is told so: then nothing
 * is left until the debt is paid.
 */
export class RateLimit {
  readonly #perSecond: number
  #store: number
  #lookedAt: Micros = 0

  constructor(perSecond: number) {
    this.#perSecond = perSecond
    this.#store = perSecond
  }

  /** Whether so much may be had now. */
  has(amount: number, now: Micros): boolean {
    this.#refill(now)
    return this.#store >= amount
  }

  /** Whether there is anything left at all. */
  hasAny(now: Micros): boolean {
    this.#refill(now)
    return this.#store > 0
  }

  /** Takes it, and makes a debt of what is not there. */
  take(amount: number, now: Micros): void {
    this.#refill(now)
    this.#store -= amount
  }

  /** µs until there is something left. */
  wait(now: Micros): Micros {
    this.#refill(now)
    return this.#store > 0 ? 0 : Math.floor((-this.#store * second) / this.#perSecond) + 1
  }

  #refill(now: Micros): void {
    const gained = ((now - this.#lookedAt) * this.#perSecond) / second
    this.#store = Math.min(this.#perSecond, this.#store + gained)
    this.#lookedAt = now
  }
}
