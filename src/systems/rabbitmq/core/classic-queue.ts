import type { Consumer } from './consumer-line.ts'
import { ConsumerLine } from './consumer-line.ts'
import type { DeathReason } from './death.ts'
import type { FieldTable } from './field-table.ts'
import type { Message } from './message.ts'
import type { Profile } from './profile.ts'
import type { QueueHost } from './queue-host.ts'
import type { QueueOptions } from './queue-options.ts'
import type { Publisher, QueuedMessage } from './ready-messages.ts'
import { ReadyMessages } from './ready-messages.ts'

export interface QueueDeclaration {
  readonly name: string
  readonly durable: boolean
  /** Deleted when its last consumer goes; not before it had one. */
  readonly autoDelete: boolean
  /** The connection that alone may use it and takes it along when it goes. */
  readonly owner: string | undefined
  readonly arguments: FieldTable
}

export type Settlement = 'acknowledge' | 'requeue' | 'discard'

/**
 * A classic queue: one replica, one process. It hands a message to a consumer as soon as there are both, and remembers who has what through
 * its channels. Time moves only when the host says so.
 */
export class ClassicQueue {
  readonly declaration: QueueDeclaration
  readonly consumers = new ConsumerLine()
  readonly #host: QueueHost
  readonly #profile: Profile
  readonly #ready: ReadyMessages
  readonly #unacknowledged = new Set<QueuedMessage>()
  #options: QueueOptions
  /** The single active consumer, or the exclusive one. */
  #holder: Consumer | undefined
  #hadConsumers = false
  #nextSequence = 0
  /** When the head is looked at for its age. As in the server, a message of higher priority that comes later does not bring it forward. */
  #headExpiry = Infinity
  #queueExpiry = Infinity

  constructor(declaration: QueueDeclaration, options: QueueOptions, profile: Profile, host: QueueHost) {
    this.declaration = declaration
    this.#options = options
    this.#profile = profile
    this.#host = host
    this.#ready = new ReadyMessages(options.maxPriority)
    this.touch()
  }

  get name(): string {
    return this.declaration.name
  }

  get options(): QueueOptions {
    return this.#options
  }

  get ready(): ReadyMessages {
    return this.#ready
  }

  get unacknowledged(): ReadonlySet<QueuedMessage> {
    return this.#unacknowledged
  }

  /** The time in µs at which `tick` has something to do; Infinity for never. */
  get deadline(): number {
    return Math.min(this.#headExpiry, this.#queueExpiry)
  }

  tick(): void {
    if (this.#headExpiry <= this.#host.now) {
      this.#headExpiry = Infinity
      this.#dropExpired()
    }
    if (this.#queueExpiry > this.#host.now) return
    this.#queueExpiry = Infinity
    if (this.consumers.count === 0) this.#host.retire(this, 'expired')
  }

  /** Takes a message from an exchange; `publisher` where somebody waits for its confirm. */
  publish(message: Message, publisher: Publisher | undefined): void {
    if (this.#options.overflow !== 'drop-head' && this.#exceeds(1, message.bytes)) {
      if (this.#options.overflow === 'reject-publish-dlx') this.#host.bury(this, message, 'maxlen')
      return this.#host.refuse(this, message, publisher)
    }
    const copy = this.#makeCopy(message, publisher)
    const consumer = this.#nextConsumer()
    if (consumer !== undefined) return this.#handOver(consumer, copy)
    this.#ready.push(copy)
    const dropped = this.#dropHead()
    // Only what may be a new head makes the queue look at ages; as in the server, one of higher priority in front of others does not.
    if (dropped ? this.#ready.length !== 1 || copy.expiresAt !== Infinity : this.#ready.length === 1)
      this.#dropExpired()
  }

  /** `basic.get`: the head of the queue, which stays unacknowledged unless `noAck`. */
  get(noAck: boolean): QueuedMessage | undefined {
    this.touch()
    const copy = this.#take()
    if (copy === undefined) return undefined
    if (noAck) this.#release(copy)
    else this.#unacknowledged.add(copy)
    return copy
  }

  /** Whether the consumer could be added; not to a queue in exclusive use, nor exclusively to one in use. */
  subscribe(consumer: Consumer): boolean {
    const single = this.#options.singleActiveConsumer
    if (single ? consumer.exclusive : this.#holder !== undefined) return false
    if (consumer.exclusive && this.consumers.count > 0) return false
    this.consumers.add(consumer)
    this.#hadConsumers = true
    if (consumer.exclusive || (single && this.#holder === undefined)) this.#hold(consumer)
    return true
  }

  /** A consumer wants no more; what it has it keeps. */
  cancel(channel: number, tag: string): void {
    const removed = this.consumers.remove((consumer) => consumer.channel === channel && consumer.tag === tag)
    if (removed.length === 0) return
    this.#replaceHolder(removed)
    if (this.#retires()) return
    this.touch()
    if (this.#profile.successorServed === 'at-once') this.run()
  }

  /** A channel is gone: its consumers go, and the copies that it had come back. */
  channelGone(channel: number, copies: readonly QueuedMessage[]): void {
    const removed = this.consumers.remove((consumer) => consumer.channel === channel)
    this.#replaceHolder(removed)
    if (removed.length > 0 && this.#retires()) return
    this.touch()
    this.#putBack(copies)
  }

  /** What becomes of copies that a channel had; `tag` is that of the consumer that got them, undefined for `basic.get`. */
  settle(how: Settlement, channel: number, tag: string | undefined, copies: readonly QueuedMessage[]): void {
    const consumer = tag === undefined ? undefined : this.consumers.find(channel, tag)
    const wasOut = consumer?.credit === 0
    if (consumer !== undefined) consumer.credit += copies.length
    const unblocked = wasOut && this.consumers.unblock(channel)
    if (how === 'requeue') this.#putBack(copies)
    else for (const copy of copies) this.#finish(copy, how)
    if (unblocked) this.run()
  }

  /** A channel that could take no more can again. */
  resume(channel: number): void {
    if (this.consumers.unblock(channel)) this.run()
  }

  /** How many it threw away: those that are ready. */
  purge(): number {
    const count = this.#ready.length
    for (const copy of this.#ready) this.#release(copy)
    this.#ready.clear()
    return count
  }

  /** A policy came, changed or went. */
  configure(options: QueueOptions): void {
    this.#options = options
    this.#queueExpiry = Infinity
    this.touch()
    this.#dropHead()
    this.#dropExpired()
  }

  /** Somebody looked at the queue, which puts off its own expiry. */
  touch(): void {
    if (this.consumers.count > 0 || this.#options.expires === Infinity) return
    this.#queueExpiry = this.#host.now + this.#options.expires
    this.#host.alarm(this.#queueExpiry)
  }

  /** Everything it has, in the order of arrival, before it goes. */
  contents(): readonly QueuedMessage[] {
    return [...this.#ready, ...this.#unacknowledged].sort((one, other) => one.sequence - other.sequence)
  }

  /** Puts in what the disk had kept of it. */
  restore(copies: readonly QueuedMessage[]): void {
    for (const copy of copies) {
      this.#ready.push(copy)
      this.#nextSequence = copy.sequence + 1
    }
    this.#dropHead()
    this.#dropExpired()
  }

  /** Hands out what it can. */
  run(): void {
    while (this.#ready.length > 0) {
      const consumer = this.#nextConsumer()
      if (consumer === undefined) return
      const copy = this.#take()
      if (copy !== undefined) this.#handOver(consumer, copy)
    }
  }

  #makeCopy(message: Message, publisher: Publisher | undefined): QueuedMessage {
    const { maxPriority, messageTimeToLive } = this.#options
    const stored = message.persistent && this.declaration.durable
    this.#host.enqueued(this, message)
    const copy: QueuedMessage = {
      message,
      sequence: this.#nextSequence++,
      priority: Math.min(message.properties.priority ?? 0, maxPriority),
      expiresAt: this.#host.now + Math.min(messageTimeToLive, message.timeToLive),
      redelivered: false,
      write: stored ? this.#host.store() : 0,
      publisher: stored ? publisher : undefined,
    }
    if (publisher !== undefined) {
      if (stored) this.#host.confirmWhenSafe(copy)
      else this.#host.confirm(publisher)
    }
    return copy
  }

  /** The consumer whose turn it is. Those before it that can take nothing leave the line. */
  #nextConsumer(): Consumer | undefined {
    if (this.#options.singleActiveConsumer) return this.#activeConsumer()
    for (let consumer = this.consumers.next; consumer !== undefined; consumer = this.consumers.next) {
      if (this.#canTake(consumer)) return consumer
      this.consumers.block(consumer)
    }
    return undefined
  }

  #activeConsumer(): Consumer | undefined {
    if (this.#holder === undefined || this.consumers.isBlocked(this.#holder)) return undefined
    if (this.#canTake(this.#holder)) return this.#holder
    this.consumers.block(this.#holder)
    return undefined
  }

  #canTake(consumer: Consumer): boolean {
    return consumer.credit > 0 && this.#host.admits(this, consumer)
  }

  #handOver(consumer: Consumer, copy: QueuedMessage): void {
    consumer.credit--
    if (!this.#options.singleActiveConsumer) this.consumers.rotate()
    if (!consumer.noAck) this.#unacknowledged.add(copy)
    this.#host.deliver(this, consumer, copy)
    if (consumer.noAck) this.#release(copy)
  }

  #take(): QueuedMessage | undefined {
    const copy = this.#ready.shift()
    this.#dropExpired()
    return copy
  }

  #putBack(copies: readonly QueuedMessage[]): void {
    for (const copy of copies) {
      this.#unacknowledged.delete(copy)
      copy.redelivered = true
      this.#host.requeued(this, copy)
    }
    // The youngest first: then each finds its place at the front.
    for (const copy of [...copies].sort((one, other) => other.sequence - one.sequence)) this.#ready.putBack(copy)
    this.#dropHead()
    this.#dropExpired()
    this.run()
  }

  #finish(copy: QueuedMessage, how: 'acknowledge' | 'discard'): void {
    this.#unacknowledged.delete(copy)
    if (how === 'discard') this.#host.bury(this, copy.message, 'rejected')
    this.#release(copy)
  }

  #exceeds(moreMessages: number, moreBytes: number): boolean {
    const { maxLength, maxLengthBytes } = this.#options
    return this.#ready.length + moreMessages > maxLength || this.#ready.bytes + moreBytes > maxLengthBytes
  }

  /** Whether it had to. */
  #dropHead(): boolean {
    if (this.#options.overflow !== 'drop-head' || !this.#exceeds(0, 0)) return false
    while (this.#exceeds(0, 0)) this.#giveUp('maxlen')
    return true
  }

  #dropExpired(): void {
    const { now } = this.#host
    while ((this.#ready.first()?.expiresAt ?? Infinity) <= now) this.#giveUp('expired')
    const next = this.#ready.first()?.expiresAt ?? Infinity
    if (next + timerSlack >= this.#headExpiry) return
    this.#headExpiry = next
    this.#host.alarm(next)
  }

  #giveUp(reason: DeathReason): void {
    const copy = this.#ready.shift()
    if (copy === undefined) return
    this.#host.bury(this, copy.message, reason)
    this.#release(copy)
  }

  #release(copy: QueuedMessage): void {
    if (copy.write > 0) this.#host.forget(this, copy)
    if (copy.publisher === undefined) return
    this.#host.confirm(copy.publisher)
    copy.publisher = undefined
  }

  #replaceHolder(removed: readonly Consumer[]): void {
    if (this.#holder === undefined || !removed.includes(this.#holder)) return
    this.#holder = undefined
    const successor = this.#options.singleActiveConsumer ? this.consumers.next : undefined
    if (successor !== undefined) this.#hold(successor)
  }

  #hold(consumer: Consumer): void {
    this.#holder = consumer
    if (this.#options.singleActiveConsumer) this.#host.activated(this, consumer)
  }

  #retires(): boolean {
    if (!this.declaration.autoDelete || !this.#hadConsumers || this.consumers.count > 0) return false
    this.#host.retire(this, 'auto-delete')
    return true
  }
}

/** µs by which an earlier head may be late before the timer is set anew. */
const timerSlack = 1000
