import type { Envelope } from '../system.ts'
import { Deque } from './deque.ts'

/** A message in a queue. */
export class Copy {
  readonly number: number
  readonly envelope: Envelope
  /** The queue whose dead letter this is; nothing for any other message. */
  readonly deadLetterOf: string | undefined
  /** Deliveries so far. */
  attempts = 0

  constructor(number: number, envelope: Envelope, deadLetterOf?: string) {
    this.number = number
    this.envelope = envelope
    this.deadLetterOf = deadLetterOf
  }
}

export interface QueueRules {
  /** Deliveries of a message before the queue gives it up; 0 for no cap. */
  readonly attempts: number
  readonly requeue: 'tail' | 'head'
  /** Messages that it holds at most, those in processing included; `null` for any number. */
  readonly capacity: number | null
}

/** What became of a message that was not acknowledged: it is in the line again, or its attempts are used up and it is out. */
export interface GivenBack {
  readonly copy: Copy
  readonly became: 'ready' | 'given-up'
}

/**
 * The queue of a textbook: a line of messages, and those that somebody has taken and not acknowledged. A receipt stands for one delivery;
 * what a delivery has settled, another use of its receipt does not find.
 */
export class Queue {
  readonly #rules: QueueRules
  readonly #ready = new Deque<Copy>()
  readonly #processing = new Map<number, Copy>()

  constructor(rules: QueueRules) {
    this.#rules = rules
  }

  get readyCount(): number {
    return this.#ready.length
  }

  get processingCount(): number {
    return this.#processing.size
  }

  get firstReady(): Copy | undefined {
    return this.#ready.first
  }

  get firstProcessing(): Copy | undefined {
    const [first] = this.#processing.values()
    return first
  }

  get full(): boolean {
    const { capacity } = this.#rules
    return capacity !== null && this.#ready.length + this.#processing.size >= capacity
  }

  /** Puts a message at the end of the line. */
  add(copy: Copy): void {
    this.#ready.pushLast(copy)
  }

  /** Hands out the first message; from here on it is in processing, under the receipt. */
  take(receipt: number): Copy | undefined {
    const copy = this.#ready.takeFirst()
    if (copy === undefined) return undefined
    copy.attempts++
    this.#processing.set(receipt, copy)
    return copy
  }

  /** Whether the delivery is still somebody's. */
  holds(receipt: number): boolean {
    return this.#processing.has(receipt)
  }

  /** Takes a delivered message out for good. Nothing, if the receipt has settled already. */
  remove(receipt: number): Copy | undefined {
    const copy = this.#processing.get(receipt)
    this.#processing.delete(receipt)
    return copy
  }

  /** Puts a delivered message back, unless it was delivered as often as it may be. Nothing, if the receipt has settled already. */
  giveBack(receipt: number): GivenBack | undefined {
    const copy = this.remove(receipt)
    if (copy === undefined) return undefined
    const { attempts, requeue } = this.#rules
    if (attempts > 0 && copy.attempts >= attempts) return { copy, became: 'given-up' }
    if (requeue === 'tail') this.#ready.pushLast(copy)
    else this.#ready.pushFirst(copy)
    return { copy, became: 'ready' }
  }

  /** Takes the waiting dead letters of another queue out of the line; the order of the rest stays. */
  takeDeadLettersOf(origin: string): readonly Copy[] {
    const taken: Copy[] = []
    for (let left = this.#ready.length; left > 0; left--) {
      const copy = this.#ready.takeFirst()
      if (copy?.deadLetterOf === origin) taken.push(copy)
      else if (copy !== undefined) this.#ready.pushLast(copy)
    }
    return taken
  }

  ready(): Iterable<Copy> {
    return this.#ready
  }

  processing(): Iterable<Copy> {
    return this.#processing.values()
  }
}
