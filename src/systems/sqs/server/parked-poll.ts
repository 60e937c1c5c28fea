import type { Micros } from '../../../simulation/duration.ts'
import { lastOf } from '../../../simulation/lulls.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { Answer, ReceiveCall } from '../protocol.ts'

export interface PollOptions {
  readonly call: ReceiveCall
  readonly id: string
  readonly consumer: string
  readonly isLong: boolean
  /** µs after which it is answered, or, for a short poll, asked again. */
  readonly rhythm: Micros
  /** Its client would ask the same again, in vain, and is content with an answer to the last of these polls. */
  readonly mayRest: boolean
  readonly reply: (answer: Answer) => void
}

/**
 * A receive that waits: a long poll, or one that stands for all those that its client would make while there is nothing to receive. The latter
 * costs nothing until something changes, or a fault gets in the way.
 */
export class ParkedPoll {
  readonly options: PollOptions
  readonly #process: Process
  readonly #due: (poll: ParkedPoll) => void
  readonly #begun: Micros
  #timer: Timer | undefined
  #leaveLull: (() => void) | undefined

  /** `due`: it is to be answered with what there is. */
  constructor(process: Process, options: PollOptions, due: (poll: ParkedPoll) => void) {
    this.#process = process
    this.options = options
    this.#due = due
    this.#begun = process.now
    if (options.mayRest) this.#leaveLull = process.beginLull(() => this.#goOn())
    else this.#timer = this.#dueIn(options.rhythm)
  }

  /** There may be something: a short poll sees it when its client would ask next. */
  bringNews(): void {
    if (this.#leaveLull !== undefined) this.#goOn()
  }

  cancel(): void {
    this.#timer?.clear()
    this.#leaveLull?.()
    this.#leaveLull = undefined
  }

  #goOn(): void {
    const { rhythm } = this.options
    this.#leaveLull?.()
    this.#leaveLull = undefined
    this.#timer = this.#dueIn(lastOf(this.#begun, rhythm, this.#process.now) + rhythm - this.#process.now)
  }

  #dueIn(delay: Micros): Timer {
    return this.#process.setTimer(delay, () => this.#due(this))
  }
}
