import type { Micros } from './duration.ts'
import type { Engine } from './engine.ts'
import type { EventTarget, Ticket } from './event-queue.ts'
import type { Process } from './process.ts'

const workDone = 2

/** What happens when work is done. */
export interface Task {
  run(): void
}

/** Time that a node spends on something. It stands still while its process is paused. */
export class Work implements EventTarget {
  readonly number: number
  /** How long it takes this node, µs. */
  readonly duration: Micros
  readonly #process: Process
  readonly #engine: Engine
  readonly #cause: number
  readonly #task: Task
  #ticket: Ticket
  #due: Micros
  #frozenAt: Micros | undefined

  /** `duration` is what it takes this node now: a fault that slows the node later leaves it alone. */
  constructor(process: Process, engine: Engine, cause: number, duration: Micros, task: Task) {
    this.number = process.node.number
    this.duration = duration
    this.#process = process
    this.#engine = engine
    this.#cause = cause
    this.#task = task
    this.#due = engine.now + duration
    this.#ticket = engine.scheduleFor(cause, duration, this, workDone, undefined)
  }

  occur(): void {
    this.#process.workDone(this)
  }

  run(): void {
    this.#task.run()
  }

  freeze(): void {
    this.#engine.cancel(this.#ticket)
    this.#frozenAt ??= this.#engine.now
  }

  thaw(): void {
    if (this.#frozenAt === undefined) return
    this.#due += this.#engine.now - this.#frozenAt
    this.#frozenAt = undefined
    this.#ticket = this.#engine.scheduleFor(this.#cause, this.#due - this.#engine.now, this, workDone, undefined)
  }
}
