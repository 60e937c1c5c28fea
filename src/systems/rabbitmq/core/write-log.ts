import type { ClassicQueue } from './classic-queue.ts'
import { Deque } from './deque.ts'
import type { QueuedMessage } from './ready-messages.ts'

interface Removal {
  readonly queue: ClassicQueue
  readonly copy: QueuedMessage
  readonly write: number
}

/**
 * The order in which a broker writes to its disk. Storing a persistent message in a durable queue is a write, and so is forgetting it; both
 * count only once they are safe. The publisher's confirm waits for the first. A removal that was not safe when the host died brings the
 * message back.
 */
export class WriteLog {
  #written: number
  #safe: number
  readonly #waiting = new Deque<QueuedMessage>()
  readonly #removals = new Deque<Removal>()

  /** @param written the number of the last write of the broker before this one, all of which are safe. */
  constructor(written: number) {
    this.#written = written
    this.#safe = written
  }

  /** The number of the last write. */
  get written(): number {
    return this.#written
  }

  /** The number up to which the disk has them. */
  get safe(): number {
    return this.#safe
  }

  store(): number {
    return ++this.#written
  }

  confirmWhenSafe(copy: QueuedMessage): void {
    this.#waiting.push(copy)
  }

  forget(queue: ClassicQueue, copy: QueuedMessage): void {
    this.#removals.push({ queue, copy, write: ++this.#written })
  }

  /** The disk has everything up to `write`. Returns the copies whose publishers wait for it. */
  sync(write: number): readonly QueuedMessage[] {
    this.#safe = Math.max(this.#safe, Math.min(write, this.#written))
    while ((this.#removals.at(0)?.write ?? Infinity) <= this.#safe) this.#removals.shift()
    const copies: QueuedMessage[] = []
    while ((this.#waiting.at(0)?.write ?? Infinity) <= this.#safe) {
      const copy = this.#waiting.shift()
      if (copy?.publisher !== undefined) copies.push(copy)
    }
    return copies
  }

  /** The copies of a queue whose removal the disk does not have if it stopped at `write`. */
  resurrected(queue: ClassicQueue, write: number): readonly QueuedMessage[] {
    return [...this.#removals]
      .filter((removal) => removal.queue === queue && removal.write > write)
      .map(({ copy }) => copy)
  }
}
