import { noFact } from '../history/fact.ts'
import type { Micros } from './duration.ts'
import type { EventTarget, Ticket } from './event-queue.ts'
import type { Process } from './process.ts'
import type { World } from './world.ts'

const timerDue = 1

const nothing = (): void => {}

/** A timer of a process. */
export class Timer implements EventTarget {
  readonly number: number
  readonly #process: Process
  readonly #world: World
  #due: () => void
  readonly #awaiting: string | undefined
  readonly #setAt: Micros
  readonly #ticket: Ticket
  #cleared = false

  constructor(process: Process, world: World, delay: Micros, due: () => void, awaiting: string | undefined) {
    this.number = process.node.number
    this.#process = process
    this.#world = world
    this.#due = due
    this.#awaiting = awaiting
    this.#setAt = world.engine.now
    this.#ticket = world.engine.schedule(delay, this, timerDue, undefined)
  }

  occur(): void {
    if (!this.#process.alive) return
    this.#world.engine.waitedFor =
      this.#awaiting === undefined ? noFact : this.#world.silenceOf(this.#awaiting, this.#process.name, this.#setAt)
    if (this.#process.holdsBack) this.#process.timerDue(() => this.#lateDue())
    else this.#process.step(this.#due)
  }

  /** After a pause several timers run late, and the first may have cleared the others. */
  #lateDue(): void {
    if (!this.#cleared) this.#due()
  }

  /** Of a process that is dead: what the timer was for is not kept until then. */
  forgetIfOf(process: Process): void {
    if (this.#process === process) this.#due = nothing
  }

  /** The timer never comes due. Clearing one that has done so changes nothing. */
  clear(): void {
    this.#cleared = true
    this.#world.engine.cancel(this.#ticket)
  }
}
