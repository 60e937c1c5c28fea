/** A subscription of a channel to a queue. */
export interface Consumer {
  readonly channel: number
  readonly tag: string
  readonly noAck: boolean
  readonly exclusive: boolean
  /** `x-priority`; the higher is served first. */
  readonly priority: number
  /** Deliveries that it may have unacknowledged at a time; Infinity for no limit. */
  readonly prefetch: number
  /** How many more deliveries it may get now. */
  credit: number
}

/**
 * The consumers of a queue, as it hands out messages: in turn among those of the highest priority that can take one. A consumer that cannot
 * leaves the line, and comes back to its end when it can again.
 */
export class ConsumerLine {
  /** By priority, the highest first; in each the next in turn first. */
  #able: Consumer[] = []
  #unable: Consumer[] = []

  get count(): number {
    return this.#able.length + this.#unable.length
  }

  get next(): Consumer | undefined {
    return this.#able[0]
  }

  *[Symbol.iterator](): Generator<Consumer> {
    yield* this.#able
    yield* this.#unable
  }

  find(channel: number, tag: string): Consumer | undefined {
    for (const consumer of this) if (consumer.channel === channel && consumer.tag === tag) return consumer
    return undefined
  }

  /** At the end of those of its priority. */
  add(consumer: Consumer): void {
    let place = this.#able.length
    while (place > 0 && (this.#able[place - 1]?.priority ?? Infinity) < consumer.priority) place--
    if (place === this.#able.length) this.#able.push(consumer)
    else this.#able.splice(place, 0, consumer)
  }

  /** The next in turn had its turn. */
  rotate(): void {
    if (this.#able.length < 2) return
    const served = this.#able.shift()
    if (served !== undefined) this.add(served)
  }

  block(consumer: Consumer): void {
    this.#able = this.#able.filter((other) => other !== consumer)
    this.#unable.push(consumer)
  }

  isBlocked(consumer: Consumer): boolean {
    return this.#unable.includes(consumer)
  }

  /** Lets a channel's blocked consumers that have credit into the line again; whether there were any. */
  unblock(channel: number): boolean {
    const back = this.#unable.filter((consumer) => consumer.channel === channel && consumer.credit > 0)
    if (back.length === 0) return false
    this.#unable = this.#unable.filter((consumer) => !back.includes(consumer))
    for (const consumer of back) this.add(consumer)
    return true
  }

  remove(gone: (consumer: Consumer) => boolean): readonly Consumer[] {
    const removed = [...this].filter(gone)
    this.#able = this.#able.filter((consumer) => !removed.includes(consumer))
    this.#unable = this.#unable.filter((consumer) => !removed.includes(consumer))
    return removed
  }
}
