import { Deque } from './deque.ts'
import type { Message } from './message.ts'

/** One copy of a message in one queue. */
export interface QueuedMessage {
  readonly message: Message
  /** Place in the order of arrival: a copy that comes back takes its old place. */
  readonly sequence: number
  /** 0 in a queue without priorities. */
  readonly priority: number
  /** µs, Infinity for never. Coming back to the queue does not change it. */
  readonly expiresAt: number
  /** Whether it may have been delivered from this queue before. */
  redelivered: boolean
  /** The number of the write that stores it; 0 for a copy that is kept in memory only. */
  readonly write: number
  /** Whom to tell when it is safe, until that has happened. */
  publisher: Publisher | undefined
}

/** Where a publish came from, for its confirm. */
export interface Publisher {
  readonly channel: number
  readonly sequence: number
}

/** The copies that wait for a consumer: of each priority in the order of arrival, the highest priority first. */
export class ReadyMessages {
  /** By priority, the lowest first. */
  readonly #lines: readonly Deque<QueuedMessage>[]
  #length = 0
  #bytes = 0

  constructor(maxPriority: number) {
    this.#lines = Array.from({ length: maxPriority + 1 }, () => new Deque<QueuedMessage>())
  }

  get length(): number {
    return this.#length
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The one that is next. */
  first(): QueuedMessage | undefined {
    return this.#firstLine()?.at(0)
  }

  shift(): QueuedMessage | undefined {
    const copy = this.#firstLine()?.shift()
    if (copy !== undefined) this.#count(copy, -1)
    return copy
  }

  push(copy: QueuedMessage): void {
    this.#lines[copy.priority]?.push(copy)
    this.#count(copy, 1)
  }

  /** Takes back a copy that was delivered, to where it was. */
  putBack(copy: QueuedMessage): void {
    const line = this.#lines[copy.priority]
    line?.insert(placeOf(copy.sequence, line), copy)
    this.#count(copy, 1)
  }

  clear(): void {
    for (const line of this.#lines) line.clear()
    this.#length = 0
    this.#bytes = 0
  }

  /** In the order of priority, then of arrival. */
  *[Symbol.iterator](): Generator<QueuedMessage> {
    for (let priority = this.#lines.length - 1; priority >= 0; priority--) yield* this.#lines[priority] ?? []
  }

  #firstLine(): Deque<QueuedMessage> | undefined {
    if (this.#length === 0) return undefined
    for (let priority = this.#lines.length - 1; priority >= 0; priority--) {
      const line = this.#lines[priority]
      if (line !== undefined && line.length > 0) return line
    }
    return undefined
  }

  #count(copy: QueuedMessage, by: 1 | -1): void {
    this.#length += by
    this.#bytes += by * copy.message.bytes
  }
}

/** How many in the line arrived before; usually none, since what comes back is older than what still waits. */
function placeOf(sequence: number, line: Deque<QueuedMessage>): number {
  let [low, high] = [0, line.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((line.at(middle)?.sequence ?? Infinity) < sequence) low = middle + 1
    else high = middle
  }
  return low
}
