import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'

interface Deadline {
  readonly at: Micros
  /** Does what is due; `true` when nothing is left to do. */
  readonly due: () => boolean
}

/**
 * Deadlines of many requests under one timer: nearly all of them are met, and a timer for each would cost more than the request. It comes due at
 * the earliest deadline that was open when it was set, and drops those that were met meanwhile.
 */
export class Deadlines {
  readonly #process: Process
  #open: Deadline[] = []
  #timer: { readonly at: Micros; readonly timer: Timer } | undefined

  constructor(process: Process) {
    this.#process = process
  }

  add(at: Micros, due: () => boolean): void {
    this.#open.push({ at, due })
    if (this.#timer === undefined || at < this.#timer.at) this.#arm(at)
  }

  #arm(at: Micros): void {
    this.#timer?.timer.clear()
    this.#timer = { at, timer: this.#process.setTimer(at - this.#process.now, () => this.#due()) }
  }

  #due(): void {
    this.#timer = undefined
    this.#open = this.#open.filter(({ due }) => !due())
    const next = this.#open.reduce((least, { at }) => Math.min(least, at), Infinity)
    if (next < Infinity) this.#arm(Math.max(next, this.#process.now + 1))
  }
}
