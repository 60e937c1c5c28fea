import type { StreamId } from './stream-id.ts'
import { compareIds, formatId, highestId, lowerBound, lowestId } from './stream-id.ts'

/** An entry that was given to a consumer and not acknowledged. */
export interface PendingEntry {
  readonly id: StreamId
  readonly name: string
  /** Nobody, once its consumer has released it. */
  consumer: Consumer | undefined
  /** The time of its last delivery, milliseconds; 0 once it was released. */
  deliveredAt: number
  deliveries: number
  /** Its place among those that were released, which are given out before all others. */
  released: number
}

export interface Consumer {
  readonly name: string
  /** When it last asked for anything. */
  seenAt: number
  /** When it last got something; undefined if never. */
  activeAt: number | undefined
  pending: number
}

/** How often an entry has been delivered that was marked as poison: more often than any limit allows. */
export const poisonDeliveries = Number.MAX_SAFE_INTEGER

/** A consumer group of a stream: how far it has read, and what it was given and has not acknowledged. */
export class ConsumerGroup {
  readonly name: string
  lastDelivered: StreamId
  /** How many entries were added up to the last one delivered; undefined where nobody can say. */
  entriesRead: number | undefined
  /** By id. */
  readonly #pending: PendingEntry[] = []
  readonly #consumers = new Map<string, Consumer>()
  #releases = 0

  constructor(name: string, lastDelivered: StreamId, entriesRead: number | undefined) {
    this.name = name
    this.lastDelivered = lastDelivered
    this.entriesRead = entriesRead
  }

  get pendingCount(): number {
    return this.#pending.length
  }

  get consumerCount(): number {
    return this.#consumers.size
  }

  /** In the order in which Redis lists them. */
  get consumers(): readonly Consumer[] {
    return [...this.#consumers.values()].sort((one, other) => (one.name < other.name ? -1 : 1))
  }

  consumer(name: string): Consumer | undefined {
    return this.#consumers.get(name)
  }

  createConsumer(name: string, now: number): Consumer {
    const consumer = { name, seenAt: now, activeAt: undefined, pending: 0 }
    this.#consumers.set(name, consumer)
    return consumer
  }

  /** Removes a consumer and everything that it has pending. */
  deleteConsumer(consumer: Consumer): readonly PendingEntry[] {
    const own = [...this.pending()].filter((entry) => entry.consumer === consumer)
    for (const entry of own) this.remove(entry)
    this.#consumers.delete(consumer.name)
    return own
  }

  find(id: StreamId): PendingEntry | undefined {
    const entry = this.#pending[this.#placeOf(id)]
    return entry !== undefined && compareIds(entry.id, id) === 0 ? entry : undefined
  }

  /** Pending entries by id. What is removed on the way is not met again, and nothing is left out for it. */
  *pending(from: StreamId = lowestId, to: StreamId = highestId): Generator<PendingEntry> {
    for (let place = this.#placeOf(from); ; place++) {
      const entry = this.#pending[place]
      if (entry === undefined || compareIds(entry.id, to) > 0) return
      yield entry
      if (this.#pending[place] !== entry) place--
    }
  }

  /** The id must not be pending. */
  add(id: StreamId, consumer: Consumer | undefined, deliveredAt: number, deliveries: number): PendingEntry {
    const entry = { id, name: formatId(id), consumer, deliveredAt, deliveries, released: 0 }
    this.#pending.splice(this.#placeOf(id), 0, entry)
    if (consumer !== undefined) consumer.pending++
    return entry
  }

  assign(entry: PendingEntry, consumer: Consumer | undefined): void {
    if (entry.consumer !== undefined) entry.consumer.pending--
    if (consumer !== undefined) consumer.pending++
    entry.consumer = consumer
  }

  /** Takes an entry from its consumer and puts it behind the others that were released. */
  release(entry: PendingEntry): void {
    this.assign(entry, undefined)
    entry.deliveredAt = 0
    entry.released = ++this.#releases
  }

  /** What has been pending for so long, in the order in which it is given out: released ones first, then by the time of their last delivery. */
  idleFor(milliseconds: number, now: number): readonly PendingEntry[] {
    return this.#pending
      .filter(({ deliveredAt }) => now - deliveredAt >= milliseconds)
      .sort((one, other) => one.deliveredAt - other.deliveredAt || one.released - other.released)
  }

  remove(entry: PendingEntry): void {
    this.#pending.splice(this.#placeOf(entry.id), 1)
    if (entry.consumer !== undefined) entry.consumer.pending--
  }

  get bytes(): number {
    return groupBytes + this.#pending.length * pendingBytes + this.#consumers.size * consumerBytes
  }

  copy(): ConsumerGroup {
    const copy = new ConsumerGroup(this.name, this.lastDelivered, this.entriesRead)
    for (const [name, consumer] of this.#consumers) copy.#consumers.set(name, { ...consumer })
    for (const entry of this.#pending) {
      const consumer = entry.consumer === undefined ? undefined : copy.#consumers.get(entry.consumer.name)
      copy.#pending.push({ ...entry, consumer })
    }
    copy.#releases = this.#releases
    return copy
  }

  #placeOf(id: StreamId): number {
    // New entries have the greatest id.
    const last = this.#pending.at(-1)
    if (last !== undefined && compareIds(last.id, id) < 0) return this.#pending.length
    return lowerBound(this.#pending, id, ({ id: of }) => of)
  }
}

/** Roughly. */
const groupBytes = 200
const pendingBytes = 120
const consumerBytes = 120
