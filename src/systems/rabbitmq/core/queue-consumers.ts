import type { Consumer } from './consumer-line.ts'
import { ConsumerLine } from './consumer-line.ts'

/** Who of a queue's consumers gets what: all in turn, or one alone, because it asked for that or because the queue has a single active one. */
export class QueueConsumers {
  readonly line = new ConsumerLine()
  readonly #singleActive: boolean
  readonly #activated: (consumer: Consumer) => void
  /** The single active consumer, or the exclusive one. */
  #holder: Consumer | undefined
  #had = false

  constructor(singleActive: boolean, activated: (consumer: Consumer) => void) {
    this.#singleActive = singleActive
    this.#activated = activated
  }

  get count(): number {
    return this.line.count
  }

  /** Whether the last of them is gone; not before there was one. */
  get haveLeft(): boolean {
    return this.#had && this.line.count === 0
  }

  /** Whether the consumer could be added; not to a queue in exclusive use, nor exclusively to one in use. */
  add(consumer: Consumer): boolean {
    if (this.#singleActive ? consumer.exclusive : this.#holder !== undefined) return false
    if (consumer.exclusive && this.line.count > 0) return false
    this.line.add(consumer)
    this.#had = true
    if (consumer.exclusive || (this.#singleActive && this.#holder === undefined)) this.#hold(consumer)
    return true
  }

  remove(gone: (consumer: Consumer) => boolean): readonly Consumer[] {
    const removed = this.line.remove(gone)
    if (this.#holder !== undefined && removed.includes(this.#holder)) this.#replaceHolder()
    return removed
  }

  /** The consumer whose turn it is. Those before it that can take nothing leave the line. */
  next(canTake: (consumer: Consumer) => boolean): Consumer | undefined {
    if (this.#singleActive) return this.#active(canTake)
    for (let consumer = this.line.next; consumer !== undefined; consumer = this.line.next) {
      if (canTake(consumer)) return consumer
      this.line.block(consumer)
    }
    return undefined
  }

  /** The consumer whose turn it was has been served. */
  served(): void {
    if (!this.#singleActive) this.line.rotate()
  }

  #active(canTake: (consumer: Consumer) => boolean): Consumer | undefined {
    if (this.#holder === undefined || this.line.isBlocked(this.#holder)) return undefined
    if (canTake(this.#holder)) return this.#holder
    this.line.block(this.#holder)
    return undefined
  }

  #replaceHolder(): void {
    this.#holder = undefined
    const successor = this.#singleActive ? this.line.next : undefined
    if (successor !== undefined) this.#hold(successor)
  }

  #hold(consumer: Consumer): void {
    this.#holder = consumer
    if (this.#singleActive) this.#activated(consumer)
  }
}
