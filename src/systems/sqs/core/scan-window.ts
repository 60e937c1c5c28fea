import type { FifoMessage } from './fifo-message.ts'
import { Line } from './line.ts'

/**
 * The first so many messages of a queue, in the order of their arrival: only these are looked at for groups that are free.
 *
 * It keeps the messages behind the window in a line, and how many are in it; the plain version counts from the first message each time.
 */
export class ScanWindow {
  readonly #size: number
  readonly #behind = new Line<FifoMessage>()
  #inside = 0
  #end = 0

  constructor(size: number) {
    this.#size = size
  }

  add(message: FifoMessage): void {
    if (this.#inside < this.#size) this.#take(message)
    else this.#behind.push(message)
  }

  /** A message that was in the queue is gone: another one may be looked at. */
  removed(message: FifoMessage): void {
    if (message.sequence > this.#end) return
    this.#inside--
    for (let next = this.#behind.takeFirst(); next !== undefined; next = this.#behind.takeFirst()) {
      if (next.isGone) continue
      this.#take(next)
      return
    }
  }

  has(message: FifoMessage): boolean {
    return message.sequence <= this.#end
  }

  #take(message: FifoMessage): void {
    this.#inside++
    this.#end = message.sequence
  }
}
