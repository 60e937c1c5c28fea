import type { Process } from '../../simulation/process.ts'

/** What code of users is to be told in one world, in order: the settling of promises, and calls. */
export class UserSteps {
  readonly #wake: () => void
  readonly #due: { readonly process: Process; readonly run: () => void }[] = []

  constructor(wake: () => void) {
    this.#wake = wake
  }

  /** Lets `run` touch user code after the running event: not at all if the process is dead by then, and after a pause if it is frozen. */
  add(process: Process, run: () => void): void {
    this.#due.push({ process, run })
    this.#wake()
  }

  /** Runs the next one; `false` when there is none. */
  runNext(): boolean {
    const next = this.#due.shift()
    if (next === undefined) return false
    const { process, run } = next
    if (process.alive && process.node.paused) process.step(() => this.add(process, run))
    else if (process.alive) run()
    return true
  }
}
