import { noFact } from '../history/fact.ts'
import type { Engine } from './engine.ts'
import type { EventTarget } from './event-queue.ts'

const drainDue = 14

/** A step that could not run when it was due, and the fact that triggered it. */
export interface HeldStep {
  readonly cause: number
  run(): void
}

/**
 * What piled up while a process was frozen. Afterwards it comes in this order: the step that was interrupted, timers that came due, then
 * input; and behind them whatever turns up before all that is worked off. Each is an event of its own.
 */
export class Backlog implements EventTarget {
  readonly number: number
  readonly #engine: Engine
  readonly #frozen: () => boolean
  #interrupted: HeldStep[] = []
  #timers: HeldStep[] = []
  #inputs: HeldStep[] = []
  #released: HeldStep[] = []
  #next = 0
  #scheduled = false
  #thawedBy = noFact

  /** `number` stands for the node in the fingerprint; `frozen` says whether nothing may run, for now or for good. */
  constructor(engine: Engine, number: number, frozen: () => boolean) {
    this.#engine = engine
    this.number = number
    this.#frozen = frozen
  }

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

  /** The pause is over, as the fact `resumed` says: everything held can run. */
  release(resumed: number): void {
    const left = this.#released.slice(this.#next)
    this.#released = [...this.#interrupted, ...left, ...this.#timers, ...this.#inputs]
    this.#next = 0
    this.#interrupted = []
    this.#timers = []
    this.#inputs = []
    this.#thawedBy = resumed
    this.#runNextLater()
  }

  /** Runs the next released step, on account of what triggered it. */
  occur(): void {
    this.#scheduled = false
    if (this.#frozen()) return
    const held = this.#take()
    this.#runNextLater()
    if (held === undefined) return
    this.#engine.descendFrom(held.cause)
    this.#engine.waitedFor = this.#thawedBy
    held.run()
  }

  #runNextLater(): void {
    if (this.#scheduled || !this.draining) return
    this.#scheduled = true
    this.#engine.schedule(0, this, drainDue, undefined)
  }

  #take(): HeldStep | undefined {
    const step = this.#released[this.#next++]
    if (!this.draining) {
      this.#released = []
      this.#next = 0
    }
    return step
  }
}
