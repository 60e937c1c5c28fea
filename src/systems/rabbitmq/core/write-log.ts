import type { ClassicQueue } from './classic-queue.ts'
import { Deque } from './deque.ts'
import type { QueuedMessage } from './ready-messages.ts'

interface Removal {
  readonly copy: QueuedMessage
  readonly write: number
}

/** What the disk has of one queue. */
class Lane {
  /** The number of the queue's last write, and that of the last one which the disk has. */
  written = 0
  safe = 0
  readonly waiting = new Deque<QueuedMessage>()
  readonly removals = new Deque<Removal>()
}

/**
 * The writes of a broker to its disk, numbered in their order. Storing a persistent message in a durable queue is a write, and so is forgetting
 * it; both count only once they are safe. The publisher's confirm waits for the first. A removal that was not safe when the host died brings the
 * message back. Every queue has files of its own, so that the writes of one may be safe before older ones of another.
 */
export class WriteLog {
  #written: number
  readonly #lanes = new Map<ClassicQueue, Lane>()
  readonly #unsafe = new Set<ClassicQueue>()

  /** @param written the number of the last write of the broker before this one, all of which are safe. */
  constructor(written: number) {
    this.#written = written
  }

  /** The number of the last write. */
  get written(): number {
    return this.#written
  }

  /** The queues with writes that are not known to be safe, the one that has waited longest first. */
  get unsafe(): ReadonlySet<ClassicQueue> {
    return this.#unsafe
  }

  store(queue: ClassicQueue): number {
    return this.#write(queue, this.#lane(queue))
  }

  confirmWhenSafe(queue: ClassicQueue, copy: QueuedMessage): void {
    this.#lane(queue).waiting.push(copy)
  }

  forget(queue: ClassicQueue, copy: QueuedMessage): void {
    const lane = this.#lane(queue)
    lane.removals.push({ copy, write: this.#write(queue, lane) })
  }

  /** Whether publishers wait for writes of the queue. */
  isAwaited(queue: ClassicQueue): boolean {
    return (this.#lanes.get(queue)?.waiting.length ?? 0) > 0
  }

  /** The queue is gone, and its files with it. */
  drop(queue: ClassicQueue): void {
    this.#lanes.delete(queue)
    this.#unsafe.delete(queue)
  }

  /** The disk has everything of a queue up to `write`. Returns the copies whose publishers wait for it. */
  sync(queue: ClassicQueue, write: number): readonly QueuedMessage[] {
    const lane = this.#lanes.get(queue)
    if (lane === undefined) return []
    lane.safe = Math.max(lane.safe, Math.min(write, lane.written))
    if (lane.safe === lane.written) this.#unsafe.delete(queue)
    while ((lane.removals.at(0)?.write ?? Infinity) <= lane.safe) lane.removals.shift()
    const copies: QueuedMessage[] = []
    while ((lane.waiting.at(0)?.write ?? Infinity) <= lane.safe) {
      const copy = lane.waiting.shift()
      if (copy?.publisher !== undefined) copies.push(copy)
    }
    return copies
  }

  /** The copies of a queue whose removal is not known to be safe, and is not among those writes that the disk `has` all the same. */
  resurrected(queue: ClassicQueue, has: (write: number) => boolean): readonly QueuedMessage[] {
    return [...(this.#lanes.get(queue)?.removals ?? [])].filter(({ write }) => !has(write)).map(({ copy }) => copy)
  }

  #write(queue: ClassicQueue, lane: Lane): number {
    this.#unsafe.add(queue)
    lane.written = ++this.#written
    return lane.written
  }

  #lane(queue: ClassicQueue): Lane {
    const known = this.#lanes.get(queue)
    if (known !== undefined) return known
    const lane = new Lane()
    this.#lanes.set(queue, lane)
    return lane
  }
}
