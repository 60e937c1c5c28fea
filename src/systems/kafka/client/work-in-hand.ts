import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'

/** What the application has been handed and has not settled, with the commits that it waits for. */
export class WorkInHand {
  readonly #process: Process
  #deliveries = 0
  #commits = 0
  #whenDone: (() => void) | undefined

  constructor(process: Process) {
    this.#process = process
  }

  get deliveries(): number {
    return this.#deliveries
  }

  /** Whether the application waits for a commit. */
  get isCommitting(): boolean {
    return this.#commits > 0
  }

  hand(deliveries: number): void {
    this.#deliveries += deliveries
  }

  beginCommit(): void {
    this.#commits += 1
  }

  endCommit(): void {
    this.#commits -= 1
  }

  settle(deliveries: number): void {
    this.#deliveries -= deliveries
    if (this.#deliveries === 0 && this.#commits === 0) this.#whenDone?.()
  }

  /** Goes on when nothing is in hand any more, or at `deadline`. */
  wait(deadline: Micros, then: () => void): void {
    const timer = this.#process.setTimer(Math.max(0, deadline - this.#process.now), () => this.#whenDone?.())
    this.#whenDone = () => {
      this.#whenDone = undefined
      timer.clear()
      then()
    }
    this.settle(0)
  }
}
