import type { Consumer, ConsumerLine } from './consumer-line.ts'
import type { DeathReason } from './death.ts'
import type { FieldTable } from './field-table.ts'
import type { Message } from './message.ts'
import type { Profile } from './profile.ts'
import { QueueConsumers } from './queue-consumers.ts'
import type { QueueHost } from './queue-host.ts'
import { QueueLifetime } from './queue-lifetime.ts'
import { QueueLimits } from './queue-limits.ts'
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
  readonly #consumers: QueueConsumers
  readonly #limits: QueueLimits
  readonly #lifetime: QueueLifetime
  readonly #host: QueueHost
  readonly #profile: Profile
  readonly #ready: ReadyMessages
  readonly #unacknowledged = new Set<QueuedMessage>()
  #options: QueueOptions
  #nextSequence = 0

  constructor(declaration: QueueDeclaration, options: QueueOptions, profile: Profile, host: QueueHost) {
    this.declaration = declaration
    this.#options = options
    this.#profile = profile
    this.#host = host
    this.#ready = new ReadyMessages(options.maxPriority)
    this.#consumers = new QueueConsumers(options.singleActiveConsumer, (consumer) => host.activated(this, consumer))
    this.#limits = new QueueLimits(host, this.#ready, options, (reason) => this.#giveUpHead(reason))
    this.#lifetime = new QueueLifetime(host, this.#consumers, declaration.autoDelete, options.expires)
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

  get consumers(): ConsumerLine {
    return this.#consumers.line
  }

  get unacknowledged(): ReadonlySet<QueuedMessage> {
    return this.#unacknowledged
  }

  /** The time in µs at which `tick` has something to do; Infinity for never. */
  get deadline(): number {
    return Math.min(this.#limits.deadline, this.#lifetime.deadline)
  }

  tick(): void {
    this.#limits.tick()
    if (this.#lifetime.isOver()) this.#host.retire(this, 'expired')
  }

  /** Takes a message from an exchange; `publisher` where somebody waits for its confirm. */
  publish(message: Message, publisher: Publisher | undefined): void {
    if (this.#limits.refuses(message.bytes)) {
      if (this.#options.overflow === 'reject-publish-dlx') this.#host.deadLetter(this, message, 'maxlen')
      return this.#host.refuse(this, message, publisher)
    }
    const consumer = this.#consumers.next((next) => this.#canTake(next))
    // What goes straight to somebody who does not acknowledge was never in the queue's files.
    const stored = message.persistent && this.declaration.durable && consumer?.noAck !== true
    const copy = this.#makeCopy(message, publisher, stored)
    if (consumer !== undefined) return this.#handOver(consumer, copy)
    this.#ready.push(copy)
    const dropped = this.#limits.dropHead()
    // Only what may be a new head makes the queue look at ages; as in the server, one of higher priority in front of others does not.
    if (dropped ? this.#ready.length !== 1 || copy.expiresAt !== Infinity : this.#ready.length === 1)
      this.#limits.dropExpired()
  }

  /** `basic.get`: the head of the queue, which stays unacknowledged unless `noAck`. */
  get(noAck: boolean): QueuedMessage | undefined {
    this.touch()
    const copy = this.#take()
    if (copy === undefined) return undefined
    if (noAck) this.#settled(copy, 'delivered')
    else this.#unacknowledged.add(copy)
    return copy
  }

  /** Whether the consumer could be added; not to a queue in exclusive use, nor exclusively to one in use. */
  subscribe(consumer: Consumer): boolean {
    return this.#consumers.add(consumer)
  }

  /** A consumer wants no more; what it has it keeps. */
  cancel(channel: number, tag: string): void {
    const removed = this.#consumers.remove((consumer) => consumer.channel === channel && consumer.tag === tag)
    if (removed.length === 0) return
    if (this.#retires()) return
    this.touch()
    if (this.#profile.successorServed === 'at-once') this.run()
  }

  /** A channel is gone: its consumers go, and the copies that it had come back. */
  channelGone(channel: number, copies: readonly QueuedMessage[]): void {
    const removed = this.#consumers.remove((consumer) => consumer.channel === channel)
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
    else for (const copy of how === 'discard' ? byPriority(copies) : copies) this.#finish(copy, how)
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
    this.#limits.configure(options)
    this.#lifetime.configure(options.expires)
    this.#limits.dropHead()
    this.#limits.dropExpired()
  }

  /** Somebody looked at the queue, which puts off its own expiry. */
  touch(): void {
    this.#lifetime.touch()
  }

  /** Everything it has, in the order of arrival, before it goes. */
  contents(): readonly QueuedMessage[] {
    return [...this.#ready, ...this.#unacknowledged].sort((one, other) => one.sequence - other.sequence)
  }

  /** Puts in what the disk had kept of it; what is too much or too old of that goes with the next tick. */
  restore(copies: readonly QueuedMessage[]): void {
    for (const copy of copies) {
      this.#ready.push(copy)
      this.#host.adopt(this, copy)
      this.#nextSequence = copy.sequence + 1
    }
    this.#limits.lookSoon()
  }

  /** Hands out what it can. */
  run(): void {
    while (this.#ready.length > 0) {
      const consumer = this.#consumers.next((next) => this.#canTake(next))
      if (consumer === undefined) return
      const copy = this.#take()
      if (copy !== undefined) this.#handOver(consumer, copy)
    }
  }

  #makeCopy(message: Message, publisher: Publisher | undefined, stored: boolean): QueuedMessage {
    const { maxPriority, messageTimeToLive } = this.#options
    this.#host.enqueued(this, message)
    const copy: QueuedMessage = {
      message,
      sequence: this.#nextSequence++,
      priority: Math.min(message.properties.priority ?? 0, maxPriority),
      expiresAt: this.#host.now + Math.min(messageTimeToLive, message.timeToLive),
      redelivered: false,
      write: stored ? this.#host.store(this, message.bytes) : 0,
      publisher: stored ? publisher : undefined,
    }
    if (publisher !== undefined) {
      if (stored) this.#host.confirmWhenSafe(this, copy)
      else this.#host.confirm(publisher)
    }
    return copy
  }

  #canTake(consumer: Consumer): boolean {
    return consumer.credit > 0 && this.#host.admits(this, consumer)
  }

  #handOver(consumer: Consumer, copy: QueuedMessage): void {
    consumer.credit--
    this.#consumers.served()
    if (!consumer.noAck) this.#unacknowledged.add(copy)
    this.#host.deliver(this, consumer, copy)
    if (consumer.noAck) this.#settled(copy, 'delivered')
  }

  #take(): QueuedMessage | undefined {
    const copy = this.#ready.shift()
    this.#limits.dropExpired()
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
    this.#limits.dropHead()
    this.#limits.dropExpired()
    this.run()
  }

  #finish(copy: QueuedMessage, how: 'acknowledge' | 'discard'): void {
    this.#unacknowledged.delete(copy)
    if (how === 'acknowledge') return this.#settled(copy, 'acknowledged')
    this.#host.bury(this, copy.message, 'rejected')
    this.#release(copy)
  }

  #giveUpHead(reason: DeathReason): void {
    const copy = this.#ready.shift()
    if (copy === undefined) return
    this.#host.bury(this, copy.message, reason)
    this.#release(copy)
  }

  #settled(copy: QueuedMessage, how: 'acknowledged' | 'delivered'): void {
    this.#host.settled(this, copy, how)
    this.#release(copy)
  }

  #release(copy: QueuedMessage): void {
    if (copy.write > 0) this.#host.forget(this, copy)
    if (copy.publisher === undefined) return
    this.#host.confirm(copy.publisher)
    copy.publisher = undefined
  }

  #retires(): boolean {
    if (!this.#lifetime.endsWithConsumers) return false
    this.#host.retire(this, 'auto-delete')
    return true
  }
}

/** A queue with priorities is a line for each, and gives up what was rejected from the highest to the lowest. */
function byPriority(copies: readonly QueuedMessage[]): readonly QueuedMessage[] {
  return copies.length < 2 ? copies : [...copies].sort((one, other) => other.priority - one.priority)
}
