import type { Micros } from '../../../simulation/duration.ts'
import { Line } from './line.ts'
import type { HeldMessage } from './queue-core.ts'

/** Messages in the order in which they were sent, which is that in which they expire. */
export class Retention<M extends HeldMessage & { readonly isGone: boolean }> {
  readonly #line = new Line<M>()
  readonly #period: Micros

  constructor(period: Micros) {
    this.#period = period
  }

  add(message: M): void {
    this.#line.insert(message, (other) => other.sentAt > message.sentAt)
  }

  /** When the next message expires. */
  get next(): Micros | undefined {
    this.#forgetGone()
    const { first } = this.#line
    return first === undefined ? undefined : first.sentAt + this.#period
  }

  takeExpired(now: Micros): M | undefined {
    const { next } = this
    return next === undefined || next > now ? undefined : this.#line.takeFirst()
  }

  #forgetGone(): void {
    while (this.#line.first?.isGone === true) this.#line.takeFirst()
  }
}
