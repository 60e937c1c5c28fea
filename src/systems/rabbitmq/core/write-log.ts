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
  /** Numbers of the writes that are not safe. */
  readonly open = new Deque<number>()
  /** Of the messages stored and not forgotten. */
  bytes = 0
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
  #open = 0

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

  /** How many writes are not known to be safe. */
  get unsafeWrites(): number {
    return this.#open
  }

  /** The number of the last write of a queue, and the bytes that its messages take then. */
  stateOf(queue: ClassicQueue): { readonly written: number; readonly bytes: number } {
    return this.#lane(queue)
  }

  /** How many writes of a queue become safe when the disk has those up to `write`. */
  unsafeUpTo(queue: ClassicQueue, write: number): number {
    let count = 0
    for (const open of this.#lanes.get(queue)?.open ?? []) {
      if (open > write) break
      count++
    }
    return count
  }

  store(queue: ClassicQueue, bytes: number): number {
    const lane = this.#lane(queue)
    lane.bytes += bytes
    return this.#write(queue, lane)
  }

  /** The disk has had a copy since before the broker started. */
  adopt(queue: ClassicQueue, { message }: QueuedMessage): void {
    this.#lane(queue).bytes += message.bytes
  }

  confirmWhenSafe(queue: ClassicQueue, copy: QueuedMessage): void {
    this.#lane(queue).waiting.push(copy)
  }

  forget(queue: ClassicQueue, copy: QueuedMessage): void {
    const lane = this.#lane(queue)
    lane.bytes -= copy.message.bytes
    lane.removals.push({ copy, write: this.#write(queue, lane) })
  }

  /** Whether publishers wait for writes of the queue. */
  isAwaited(queue: ClassicQueue): boolean {
    return (this.#lanes.get(queue)?.waiting.length ?? 0) > 0
  }

  /** The queue is gone, and its files with it. */
  drop(queue: ClassicQueue): void {
    this.#open -= this.#lanes.get(queue)?.open.length ?? 0
    this.#lanes.delete(queue)
    this.#unsafe.delete(queue)
  }

  /** The disk has everything of a queue up to `write`. Returns the copies whose publishers wait for it. */
  sync(queue: ClassicQueue, write: number): readonly QueuedMessage[] {
    const lane = this.#lanes.get(queue)
    if (lane === undefined) return []
    lane.safe = Math.max(lane.safe, Math.min(write, lane.written))
    while ((lane.open.at(0) ?? Infinity) <= lane.safe) {
      lane.open.shift()
      this.#open--
    }
    // Who still has writes waits behind the others.
    if (this.#unsafe.delete(queue) && lane.open.length > 0) this.#unsafe.add(queue)
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
    this.#open++
    lane.written = ++this.#written
    lane.open.push(lane.written)
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
