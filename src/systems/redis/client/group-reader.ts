import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { AcknowledgeOutcome, Consumer, Delivery } from '../../system.ts'
import type { Command } from '../core/command.ts'
import type { EntryReply } from '../core/reply.ts'
import { readerRefused } from '../facts.ts'
import { Claiming } from './claiming.ts'
import type { ClientPolicy } from './client-policy.ts'
import type { GroupMembership } from './group-membership.ts'
import { entriesIn } from './group-membership.ts'
import { GroupSettling } from './group-settling.ts'
import { HandOver } from './hand-over.ts'
import type { CallEnd, Whereabouts } from './redis-client.ts'
import { RedisClient } from './redis-client.ts'
import { ownDelivery, RedisDelivery } from './redis-delivery.ts'

/**
 * A member of a consumer group. It reads what it has pending already, then what is new, takes over what is pending for others for too long,
 * and acknowledges by id.
 */
export class GroupReader implements Consumer {
  readonly #process: Process
  readonly #membership: GroupMembership
  /** One connection for commands that block, one for all others. */
  readonly #reading: RedisClient
  readonly #commands: RedisClient
  readonly #handOver: HandOver
  readonly #settling: GroupSettling
  readonly #claiming: Claiming | undefined
  #hasGroup = false
  #isReading = false
  #isClosing = false
  /** Up to where it has read what it has pending; nothing when it reads what is new. */
  #history: string | undefined
  /** What its program has in hand. */
  readonly #open = new Set<string>()
  /** It pauses after an error. */
  #restsUntil: Micros = 0

  constructor(process: Process, whereabouts: Whereabouts, policy: ClientPolicy, membership: GroupMembership) {
    const { values } = membership
    this.#process = process
    this.#membership = membership
    this.#history = values['read-pending'] === 'never' ? undefined : '0'
    this.#handOver = new HandOver(process)
    this.#reading = new RedisClient(process, whereabouts, policy, {
      lost: () => {
        if (values['read-pending'] === 'after-reconnect') this.#history = '0'
      },
    })
    this.#commands = new RedisClient(process, whereabouts, policy)
    const take = (entries: readonly EntryReply[]): void => this.#arrived(entries, true)
    this.#settling = new GroupSettling(this.#commands, membership, take)
    if (values['min-idle-time'] !== null && values['claim-with'] === 'XAUTOCLAIM')
      this.#claiming = new Claiming(this.#commands, membership, this.#settling, {
        wanted: () => (this.#isClosing ? 0 : this.#handOver.room),
        taken: take,
      })
    this.#createGroup(values.start)
  }

  get held(): number {
    return this.#handOver.held
  }

  get alive(): boolean {
    return this.#process.alive
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    this.#handOver.ask(limit, ready)
    this.#lookBack()
    if (this.#claiming === undefined) this.#read()
    else this.#claiming.before(() => this.#read())
  }

  acknowledge(deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    const own = deliveries.map(ownDelivery)
    for (const { id } of own) this.#open.delete(id)
    this.#settling.acknowledge(own, done)
  }

  reject(delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    const own = ownDelivery(delivery)
    this.#open.delete(own.id)
    if (how === 'again') this.#giveBack(own, done)
    else this.#settling.giveUp(own, done)
  }

  extend(delivery: Delivery, _duration: Micros, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#settling.claimAgain(ownDelivery(delivery), done)
  }

  // What a loop does that is given the connection itself

  get key(): string {
    return this.#membership.key
  }

  get group(): string {
    return this.#membership.group
  }

  /** Whether entries are acknowledged by being handed out. */
  get needsNoAcknowledgement(): boolean {
    return this.#membership.values.noack
  }

  /** Lets an entry be pending, until somebody claims it; where members give back what failed (`nack`), they do. */
  leave(delivery: Delivery, done: (outcome: AcknowledgeOutcome) => void): void {
    if (this.#membership.values.nack !== 'none') return this.reject(delivery, 'again', done)
    this.#settling.forget(ownDelivery(delivery))
    this.#process.setTimer(0, () => done('acknowledged'))
  }

  command(command: Command, ended: (end: CallEnd) => void): void {
    this.#commands.call(command, ended)
  }

  close(done: () => void): void {
    this.#isClosing = true
    this.#claiming?.close()
    const { key, group, consumer, values } = this.#membership
    if (values['delete-on-close']) this.#commands.call({ type: 'XGROUP DELCONSUMER', key, group, consumer }, () => {})
    this.#process.setTimer(0, () => {
      this.#reading.abandon()
      this.#settling.close()
      this.#commands.close(() => {
        done()
        this.#handOver.close()
      })
    })
  }

  /** Who reads its history each time gets it from there, after a pause; else it is claimed again, or by others. */
  #giveBack(delivery: RedisDelivery, done: (outcome: AcknowledgeOutcome) => void): void {
    const { 'read-pending': readPending, nack, 'retry-after': pause } = this.#membership.values
    if (readPending !== 'always' || nack !== 'none') return this.#settling.giveBack(delivery, done)
    this.#restsUntil = this.#process.now + pause
    this.#process.setTimer(0, () => done('acknowledged'))
  }

  #lookBack(): void {
    if (this.#membership.values['read-pending'] === 'always' && !this.#isReading) this.#history = '0'
  }

  #createGroup(id: string): void {
    const { key, group } = this.#membership
    this.#commands.call({ type: 'XGROUP CREATE', key, group, id, makeStream: true }, (end) => {
      const exists = end.outcome === 'answered' && (end.reply.type !== 'error' || end.reply.prefix === 'BUSYGROUP')
      if (!exists) return this.#later(() => this.#createGroup(id))
      this.#hasGroup = true
      this.#read()
    })
  }

  #read(): void {
    if (this.#isReading || this.#isClosing || !this.#hasGroup || this.#handOver.room === 0) return
    this.#isReading = true
    const pause = this.#restsUntil - this.#process.now
    if (pause <= 0) return this.#ask()
    this.#process.setTimer(pause, () => {
      if (!this.#isClosing) this.#ask()
    })
  }

  #ask(): void {
    const from = this.#history
    this.#reading.call(this.#readCommand(from, this.#handOver.room), (end) => this.#hasRead(end, from), true)
  }

  #readCommand(from: string | undefined, count: number): Command {
    const { key, group, consumer, values } = this.#membership
    const command = { type: 'XREADGROUP', group, consumer, count, streams: [{ key, id: from ?? '>' }] } as const
    if (from !== undefined) return command
    const claim = values['claim-with'] === 'CLAIM' ? values['min-idle-time'] : null
    return {
      ...command,
      block: Math.ceil(values.block / 1000),
      ...(values.noack ? { noAck: true } : {}),
      ...(claim === null ? {} : { claim: Math.ceil(claim / 1000) }),
    }
  }

  #hasRead(end: CallEnd, from: string | undefined): void {
    if (this.#isClosing) return
    if (end.outcome !== 'answered' || end.reply.type === 'error') {
      this.#isReading = false
      if (end.outcome !== 'answered') this.#later(() => this.#read())
      else if (end.reply.type === 'error') this.#refused(end.reply.prefix)
      return
    }
    const entries = entriesIn(end.reply)
    if (from === undefined) return this.#readOn(this.#settling.siftClaimed(entries), false)
    this.#readHistory(entries)
    const waiting = entries.filter(({ id }) => !this.#open.has(id))
    this.#settling.siftHistory(waiting, (kept) => this.#readOn(kept, true))
  }

  #readOn(entries: readonly EntryReply[], isRedelivered: boolean): void {
    this.#isReading = false
    if (this.#isClosing) return
    this.#arrived(entries, isRedelivered)
    // Nothing came in the time that it wanted to wait, or there is nothing more pending.
    if (this.#handOver.room === 0) return
    if (!isRedelivered) this.#lookBack()
    this.#read()
  }

  /** Each time it goes on behind what it was given; at the end, new entries follow. */
  #readHistory(entries: readonly EntryReply[]): void {
    const last = entries.at(-1)
    this.#history = last?.id
    const { key, group } = this.#membership
    // What is pending and not in the stream any more can only be struck out.
    const gone = entries.flatMap(({ id, fields }) => (fields === undefined ? [id] : []))
    if (gone.length > 0) this.#commands.call({ type: 'XACK', key, group, ids: gone }, () => {})
  }

  #arrived(entries: readonly EntryReply[], isRedelivered: boolean): void {
    const { key, contents } = this.#membership
    const deliveries = entries.flatMap(({ id, fields, deliveries: count }) => {
      const payload = fields?.find((bulk) => typeof bulk === 'object')
      if (payload === undefined) return []
      const redelivered = isRedelivered || (count ?? 0) > 0
      return [new RedisDelivery(contents.of(payload.message), key, id, redelivered)]
    })
    if (deliveries.length === 0) return
    for (const { id } of deliveries) this.#open.add(id)
    if (this.#membership.values.read === 'XREADGROUP' && !this.#membership.values.noack)
      this.#settling.began(deliveries)
    this.#handOver.put(deliveries)
  }

  #refused(prefix: string): void {
    const { key, values, placeOf } = this.#membership
    this.#process.record(readerRefused, { place: placeOf(key), reason: prefix })
    const isGone = prefix === 'NOGROUP' || prefix === 'UNBLOCKED'
    if (isGone && values['group-gone'] === 'create') {
      this.#hasGroup = false
      return this.#createGroup('0')
    }
    this.#later(() => this.#read())
  }

  #later(act: () => void): void {
    this.#process.setTimer(this.#membership.values['retry-after'], () => {
      if (!this.#isClosing) act()
    })
  }
}
