import type { Program } from './program.ts'
import { already, perform } from './program.ts'

const free = already(undefined)

/** Lets a number of programs go on at a time; the others wait in line. */
export class Slots {
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(count: number) {
    this.#free = count
  }

  /** Whether there is a slot at once. Where there is none, `later` is called as soon as it has one. */
  takeOr(later: () => void): boolean {
    if (this.#free === 0) {
      this.#waiting.push(later)
      return false
    }
    this.#free--
    return true
  }

  take(): Program {
    if (this.#free === 0) return perform('wait for a slot', (resume) => void this.takeOr(() => resume(undefined)))
    this.#free--
    return free
  }

  give(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#free++
    else next()
  }
}
