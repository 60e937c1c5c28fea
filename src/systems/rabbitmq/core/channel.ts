import type { ClassicQueue, Settlement } from './classic-queue.ts'
import { Confirms } from './confirms.ts'
import type { Consumer } from './consumer-line.ts'
import type { Message } from './message.ts'
import type { QueuedMessage } from './ready-messages.ts'

/** A message that a channel was given and has to acknowledge. */
export interface Delivery {
  readonly tag: number
  /** Undefined for `basic.get`. */
  readonly consumer: string | undefined
  readonly queue: ClassicQueue
  readonly copy: QueuedMessage
  /** µs. */
  readonly at: number
}

/** A publish that waits for the commit; its route is that of the time of publishing. */
export interface HeldPublish {
  readonly message: Message
  readonly queues: readonly ClassicQueue[]
  readonly mandatory: boolean
}

export interface HeldSettlement {
  readonly how: Settlement
  readonly deliveries: readonly Delivery[]
}

export interface Transaction {
  readonly publishes: HeldPublish[]
  readonly settlements: HeldSettlement[]
  /** `failed`: a queue refused a message of it. */
  state: 'open' | 'committing' | 'failed'
}

/** What the broker knows of a channel. */
export class Channel {
  readonly number: number
  readonly connection: string
  /** Deliveries per consumer that subscribes from now on; 0 for no limit. */
  prefetch = 0
  readonly limit = new ChannelLimit()
  readonly consumers = new Map<string, { readonly queue: ClassicQueue; readonly consumer: Consumer }>()
  /** Undefined without `confirm.select` or `tx.select`. */
  confirms: Confirms | undefined
  transaction: Transaction | undefined
  /** The consumer of direct replies, and the address that requests of this channel bear. */
  replies: { readonly tag: string; readonly address: string } | undefined
  /** What the empty queue name stands for. */
  lastQueue: string | undefined
  #nextTag = 1
  #deliveries = new Map<number, Delivery>()

  constructor(number: number, connection: string) {
    this.number = number
    this.connection = connection
  }

  hasConsumer(tag: string): boolean {
    return this.consumers.has(tag) || this.replies?.tag === tag
  }

  get unacknowledged(): number {
    return this.#deliveries.size
  }

  /** What it has to acknowledge, the one that has been waiting longest first. */
  get deliveries(): Iterable<Delivery> {
    return this.#deliveries.values()
  }

  /** A delivery that is outstanding. */
  delivery(tag: number): Delivery | undefined {
    return this.#deliveries.get(tag)
  }

  /** The one that has been waiting longest. */
  get oldest(): Delivery | undefined {
    return this.#deliveries.values().next().value
  }

  /** The number of the next delivery. */
  nextTag(): number {
    return this.#nextTag++
  }

  /** Numbers a delivery; it has to be acknowledged unless `noAck`. */
  record(consumer: string | undefined, queue: ClassicQueue, copy: QueuedMessage, at: number, noAck: boolean): number {
    const tag = this.nextTag()
    if (!noAck) this.#deliveries.set(tag, { tag, consumer, queue, copy, at })
    return tag
  }

  /** Takes out what an acknowledgement is about: the tag, or all up to it, or all for tag 0. Undefined if the tag is not outstanding. */
  take(tag: number, multiple: boolean): readonly Delivery[] | undefined {
    if (tag === 0 && multiple) return this.takeAll()
    const delivery = this.#deliveries.get(tag)
    if (delivery === undefined) return undefined
    if (!multiple) {
      this.#deliveries.delete(tag)
      return [delivery]
    }
    const taken: Delivery[] = []
    for (const [known, older] of this.#deliveries) {
      if (known > tag) break
      taken.push(older)
      this.#deliveries.delete(known)
    }
    return taken
  }

  takeAll(): readonly Delivery[] {
    const all = [...this.#deliveries.values()]
    this.#deliveries.clear()
    return all
  }

  /** Puts deliveries back whose acknowledgement was rolled back. */
  restore(deliveries: readonly Delivery[]): void {
    const all = [...this.#deliveries.values(), ...deliveries].sort((one, other) => one.tag - other.tag)
    this.#deliveries = new Map(all.map((delivery) => [delivery.tag, delivery]))
  }
}

/** A limit on what all consumers of a channel have together, as `basic.qos` with `global` sets it. */
class ChannelLimit {
  #most = 0
  #count = 0
  readonly #waiting = new Set<ClassicQueue>()

  get isSet(): boolean {
    return this.#most > 0
  }

  /** Whether a queue may send one more; where not, it is remembered for {@link released}. */
  admits(queue: ClassicQueue, noAck: boolean): boolean {
    if (!this.isSet) return true
    if (this.#count >= this.#most) {
      this.#waiting.add(queue)
      return false
    }
    if (!noAck) this.#count++
    return true
  }

  /** Sets the limit, 0 for none. What a channel has when the first one is set counts, even if `basic.get` brought it. */
  set(most: number, unacknowledged: number): void {
    if (this.#most === 0) this.#count = unacknowledged
    if (most === 0) this.#count = 0
    this.#most = most
  }

  acknowledged(deliveries: readonly Delivery[]): void {
    if (this.#count === 0) return
    for (const delivery of deliveries) if (delivery.consumer !== undefined) this.#count--
  }

  /** The queues that were held back and may go on. */
  released(): readonly ClassicQueue[] {
    if (this.#waiting.size === 0 || (this.isSet && this.#count >= this.#most)) return []
    const queues = [...this.#waiting]
    this.#waiting.clear()
    return queues
  }
}
