import type { Process } from '../../simulation/process.ts'

/** What code of users is to be told in one world, in order: the settling of promises, calls, timers that come due. */
export class UserSteps {
  readonly #wake: () => void
  readonly #due: { readonly process: Process; readonly run: () => void }[] = []

  constructor(wake: () => void) {
    this.#wake = wake
  }

  get empty(): boolean {
    return this.#due.length === 0
  }

  /**
   * Lets `run` touch code of a user after the running event: not at all if the process is dead by then, and after its pause if it is frozen.
   * Two that come from one event become events of their own, so that what they lead to has the right cause.
   */
  add(process: Process, run: () => void): void {
    if (this.#due.length > 0) {
      process.setTimer(0, () => this.add(process, run))
      return
    }
    this.#due.push({ process, run })
    this.#wake()
  }

  runNext(): void {
    const next = this.#due.shift()
    if (next === undefined) return
    const { process, run } = next
    if (process.alive && process.node.paused) process.step(() => this.add(process, run))
    else if (process.alive) run()
  }
}
