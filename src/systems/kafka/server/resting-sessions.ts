import type { Micros } from '../../../simulation/duration.ts'
import { lastOf } from '../../../simulation/lulls.ts'
import type { Process } from '../../../simulation/process.ts'

export interface RestingOptions<Who> {
  readonly process: Process
  /** Counts a heartbeat of somebody at that time. */
  touch(who: Who, at: Micros): void
  /** Everybody beats again: sessions may end from now on. */
  awake(): void
}

interface Rest {
  readonly since: Micros
  readonly interval: Micros
}

/** Sessions whose heartbeats are left out while nothing can go wrong. Whoever looks at them sees the heartbeats that there would have been. */
export class RestingSessions<Who> {
  readonly #options: RestingOptions<Who>
  readonly #resting = new Map<Who, Rest>()
  #inLull = false

  constructor(options: RestingOptions<Who>) {
    this.#options = options
  }

  /** Somebody has just sent a heartbeat and would send the next ones every `interval`. */
  rest(who: Who, interval: Micros): void {
    const { process } = this.#options
    this.#resting.set(who, { since: process.now, interval })
    if (this.#inLull) return
    this.#inLull = true
    process.beginLull(() => this.#wake())
  }

  has(who: Who): boolean {
    return this.#resting.has(who)
  }

  forget(who: Who): void {
    this.#resting.delete(who)
  }

  /** Counts the heartbeats up to now. */
  refresh(): void {
    const { process, touch } = this.#options
    for (const [who, { since, interval }] of this.#resting) touch(who, lastOf(since, interval, process.now))
  }

  /** What they hear from now on may be something else: all of them beat again. */
  disturb(): void {
    if (this.#resting.size > 0) this.#options.process.endLulls()
  }

  #wake(): void {
    this.#inLull = false
    this.refresh()
    this.#resting.clear()
    this.#options.awake()
  }
}
