import type { Channel } from './channel.ts'
import type { ClassicQueue } from './classic-queue.ts'
import type { Consumer } from './consumer-line.ts'
import type { DeathReason } from './death.ts'
import { deadLetter, isCycle } from './death.ts'
import type { Message } from './message.ts'
import type { Output } from './output.ts'
import type { Profile } from './profile.ts'
import type { QueueHost } from './queue-host.ts'
import type { Publisher, QueuedMessage } from './ready-messages.ts'
import { VirtualHost } from './virtual-host.ts'
import { WriteLog } from './write-log.ts'

/**
 * What the broker has, and what its queues ask of it. Dead letters wait here until the command at hand is done, as the messages between the
 * server's processes do; then they reach their queues in the order in which they were sent.
 */
export class BrokerState implements QueueHost {
  readonly profile: Profile
  readonly virtualHost = new VirtualHost()
  readonly channels = new Map<number, Channel>()
  /** Channels that wait for direct replies, by the address in their requests. */
  readonly requesters = new Map<string, Channel>()
  readonly log: WriteLog
  now: number
  /** When some queue may have something to do by itself, or earlier. */
  nextAlarm = Infinity
  outputs: Output[] = []
  /** Channels with answers for their publishers. */
  readonly answering = new Set<Channel>()
  #letters: { readonly queue: ClassicQueue; readonly message: Message }[] = []
  #names = 0

  constructor(profile: Profile, now: number, log: WriteLog) {
    this.profile = profile
    this.now = now
    this.log = log
  }

  emit(output: Output): void {
    this.outputs.push(output)
  }

  /** A name that nobody else has, for a queue or consumer without one. */
  makeName(prefix: string): string {
    return `${prefix}-${++this.#names}`
  }

  isCurrent(queue: ClassicQueue): boolean {
    return this.virtualHost.queue(queue.name) === queue
  }

  /** Brings dead letters to their queues, and those that come of it. */
  deliverLetters(): void {
    while (this.#letters.length > 0) {
      const letters = this.#letters
      this.#letters = []
      for (const { queue, message } of letters) if (this.isCurrent(queue)) queue.publish(message, undefined)
    }
  }

  deleteQueue(queue: ClassicQueue, reason: 'deleted' | 'auto-delete' | 'expired' | 'owner-gone'): void {
    const contents = queue.contents()
    const exchanges = this.virtualHost.removeQueue(queue.name)
    this.log.drop(queue)
    this.emit({ kind: 'queue-deleted', queue: queue.name, reason, messages: contents.map((copy) => copy.message) })
    for (const { publisher } of contents) if (publisher !== undefined) this.confirm(publisher)
    for (const consumer of queue.consumers) this.#cancel(queue, consumer)
    this.exchangesDeleted(exchanges)
  }

  exchangesDeleted(names: readonly string[]): void {
    for (const exchange of names) this.emit({ kind: 'exchange-deleted', exchange })
  }

  admits(queue: ClassicQueue, consumer: Consumer): boolean {
    return this.channels.get(consumer.channel)?.limit.admits(queue, consumer.noAck) ?? false
  }

  deliver(queue: ClassicQueue, consumer: Consumer, copy: QueuedMessage): void {
    const channel = this.channels.get(consumer.channel)
    if (channel === undefined) return
    const tag = channel.record(consumer.tag, queue, copy, this.now, consumer.noAck)
    const { message, redelivered } = copy
    const to = { channel: channel.number, consumer: consumer.tag, tag }
    this.emit({ kind: 'deliver', ...to, redelivered, queue: queue.name, message })
  }

  bury(queue: ClassicQueue, message: Message, reason: DeathReason): void {
    this.emit({ kind: 'buried', queue: queue.name, message, reason })
    this.deadLetter(queue, message, reason)
  }

  deadLetter(queue: ClassicQueue, message: Message, reason: DeathReason): void {
    const { deadLetterExchange: exchange, deadLetterRoutingKey: key } = queue.options
    if (exchange === undefined || this.virtualHost.exchange(exchange) === undefined) return
    const letter = deadLetter(message, queue.name, reason, exchange, key, this.now, this.profile)
    const queues = this.virtualHost.queuesFor(letter)
    const cycles =
      reason === 'rejected'
        ? []
        : queues.filter(({ name }) => letter.deaths !== undefined && isCycle(letter.deaths, name))
    const to = queues.filter((target) => !cycles.includes(target))
    for (const target of to) this.#letters.push({ queue: target, message: letter })
    this.emit({
      kind: 'dead-lettered',
      from: queue.name,
      message: letter,
      reason,
      to: to.map(nameOf),
      cycles: cycles.map(nameOf),
    })
  }

  confirm(publisher: Publisher): void {
    const channel = this.channels.get(publisher.channel)
    if (channel === undefined) return
    channel.confirms?.confirm(publisher.sequence)
    this.answering.add(channel)
  }

  refuse(queue: ClassicQueue, message: Message, publisher: Publisher | undefined): void {
    this.emit({ kind: 'refused', queue: queue.name, message })
    const channel = publisher === undefined ? undefined : this.channels.get(publisher.channel)
    if (channel === undefined || publisher === undefined) return
    channel.confirms?.reject(publisher.sequence)
    this.answering.add(channel)
  }

  enqueued(queue: ClassicQueue, message: Message): void {
    this.emit({ kind: 'enqueued', queue: queue.name, message })
  }

  settled(queue: ClassicQueue, copy: QueuedMessage, how: 'acknowledged' | 'delivered'): void {
    this.emit({ kind: 'settled', queue: queue.name, message: copy.message, how })
  }

  store(queue: ClassicQueue, bytes: number): number {
    return this.log.store(queue, bytes)
  }

  adopt(queue: ClassicQueue, copy: QueuedMessage): void {
    this.log.adopt(queue, copy)
  }

  confirmWhenSafe(queue: ClassicQueue, copy: QueuedMessage): void {
    this.log.confirmWhenSafe(queue, copy)
  }

  forget(queue: ClassicQueue, copy: QueuedMessage): void {
    this.log.forget(queue, copy)
  }

  requeued(queue: ClassicQueue, copy: QueuedMessage): void {
    this.emit({ kind: 'requeued', queue: queue.name, message: copy.message })
  }

  activated(queue: ClassicQueue, consumer: Consumer): void {
    this.emit({ kind: 'activated', queue: queue.name, channel: consumer.channel, consumer: consumer.tag })
  }

  alarm(at: number): void {
    this.nextAlarm = Math.min(this.nextAlarm, at)
  }

  retire(queue: ClassicQueue, reason: 'auto-delete' | 'expired'): void {
    this.deleteQueue(queue, reason)
  }

  #cancel(queue: ClassicQueue, { channel: number, tag }: Consumer): void {
    const channel = this.channels.get(number)
    if (channel?.consumers.delete(tag) !== true) return
    this.emit({ kind: 'consumer-cancelled', channel: number, consumer: tag, queue: queue.name })
  }
}

function nameOf(queue: ClassicQueue): string {
  return queue.name
}
