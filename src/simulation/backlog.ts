/** A step that could not run when it was due, and the fact that triggered it. */
export interface HeldStep {
  readonly cause: number
  run(): void
}

/**
 * What piled up while a process was frozen. Afterwards it comes in this order: the step that was interrupted, timers that came due, then
 * input; and behind them whatever turns up before all that is worked off.
 */
export class Backlog {
  #interrupted: HeldStep[] = []
  #timers: HeldStep[] = []
  #inputs: HeldStep[] = []
  #released: HeldStep[] = []
  #next = 0

  /** Whether released steps are still to run. */
  get draining(): boolean {
    return this.#next < this.#released.length
  }

  interrupt(step: HeldStep): void {
    this.#interrupted.push(step)
  }

  holdTimer(step: HeldStep, frozen: boolean): void {
    if (frozen) this.#timers.push(step)
    else this.#released.push(step)
  }

  holdInput(step: HeldStep, frozen: boolean): void {
    if (frozen) this.#inputs.push(step)
    else this.#released.push(step)
  }

  /** The pause is over: everything held can run. */
  release(): void {
    const left = this.#released.slice(this.#next)
    this.#released = [...this.#interrupted, ...left, ...this.#timers, ...this.#inputs]
    this.#next = 0
    this.#interrupted = []
    this.#timers = []
    this.#inputs = []
  }

  /** Takes the next released step out. */
  take(): HeldStep | undefined {
    const step = this.#released[this.#next++]
    if (!this.draining) {
      this.#released = []
      this.#next = 0
    }
    return step
  }
}
