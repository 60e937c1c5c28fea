import type { Timer } from '../../../simulation/timer.ts'
import type { AcknowledgeOutcome } from '../../system.ts'
import type { Command } from '../core/command.ts'
import type { EntryReply } from '../core/reply.ts'
import { givenUp } from '../facts.ts'
import type { GroupMembership } from './group-membership.ts'
import { entriesIn } from './group-membership.ts'
import type { CallEnd, RedisClient } from './redis-client.ts'
import type { RedisDelivery } from './redis-delivery.ts'

/** What a member of a group says about the entries that it has: done, not yet, not at all. */
export class GroupSettling {
  readonly #client: RedisClient
  readonly #membership: GroupMembership
  readonly #taken: (entries: readonly EntryReply[]) => void
  /** What it works on, to be kept from others. */
  readonly #inHand = new Set<string>()
  #keeping: Timer | undefined
  #isClosed = false

  constructor(client: RedisClient, membership: GroupMembership, taken: (entries: readonly EntryReply[]) => void) {
    this.#client = client
    this.#membership = membership
    this.#taken = taken
  }

  close(): void {
    this.#isClosed = true
    this.#keeping?.clear()
  }

  began(deliveries: readonly RedisDelivery[]): void {
    const interval = this.#membership.values['keep-claimed']
    if (interval === null) return
    for (const { id } of deliveries) this.#inHand.add(id)
    this.#keeping ??= this.#client.process.setTimer(interval, () => this.#keep())
  }

  acknowledge(deliveries: readonly RedisDelivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    const { values } = this.#membership
    for (const { id } of deliveries) this.#inHand.delete(id)
    if (values.noack) {
      this.#client.process.setTimer(0, () => done('acknowledged'))
      return
    }
    let left = deliveries.length
    let outcome: AcknowledgeOutcome = 'acknowledged'
    for (const { id } of deliveries) {
      this.#client.call(this.#acknowledgement(id), (end) => {
        const own = outcomeOf(end)
        if (own !== 'acknowledged') outcome = own
        if (--left === 0) done(outcome)
      })
    }
  }

  /** What it no longer works on. */
  forget({ id }: RedisDelivery): void {
    this.#inHand.delete(id)
  }

  /** By `XNACK`, for whoever claims it; without it, it stays pending, and is claimed by this member itself after a while. */
  giveBack({ id }: RedisDelivery, done: (outcome: AcknowledgeOutcome) => void): void {
    const { key, group, values } = this.#membership
    this.#inHand.delete(id)
    if (values.nack !== 'none') {
      this.#client.call({ type: 'XNACK', key, group, mode: values.nack, ids: [id] }, (end) => done(outcomeOf(end)))
      return
    }
    this.#client.process.setTimer(0, () => done('acknowledged'))
    this.#client.process.setTimer(values['retry-after'], () => this.#tryAgain(id))
  }

  /** To the stream of dead letters, if there is one, and out of the group. */
  giveUp({ id, envelope }: RedisDelivery, done: (outcome: AcknowledgeOutcome) => void): void {
    const { values, contents } = this.#membership
    const target = values['dead-letter']
    this.#inHand.delete(id)
    const strike = (): void => this.#strike(id, (end) => done(outcomeOf(end)))
    if (target === null) return strike()
    const fields = ['message', contents.payloadOf(envelope)]
    this.#client.call({ type: 'XADD', key: target, id: '*', fields }, (end) => {
      if (end.outcome === 'answered' && end.reply.type !== 'error') strike()
      else done('unknown')
    })
  }

  claimAgain({ id }: RedisDelivery, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#client.call(this.#claim([id], true), (end) => done(end.outcome === 'answered' ? 'acknowledged' : 'unknown'))
  }

  /** Sets aside what was delivered too often; the others are whoever's who asks. */
  sift(entries: readonly { readonly id: string; readonly deliveries: number }[]): readonly string[] {
    const limit = this.#membership.values['max-deliveries'] ?? Infinity
    for (const { id, deliveries } of entries) if (deliveries >= limit) this.#bury(id, deliveries)
    return entries.flatMap(({ id, deliveries }) => (deliveries >= limit ? [] : [id]))
  }

  /** The same for what came with the count of the deliveries before; what is new has none. */
  siftClaimed(entries: readonly EntryReply[]): readonly EntryReply[] {
    const kept = new Set(this.sift(entries.map(({ id, deliveries = 0 }) => ({ id, deliveries }))))
    return entries.filter(({ id }) => kept.has(id))
  }

  /** The same for what was pending for this member already, which comes without a count: who wants to know asks for it. */
  siftHistory(entries: readonly EntryReply[], sifted: (kept: readonly EntryReply[]) => void): void {
    const { key, group, values, consumer } = this.#membership
    const [first, last] = [entries[0], entries.at(-1)]
    if (values['max-deliveries'] === null || first === undefined || last === undefined) return sifted(entries)
    const range = { from: first.id, to: last.id, count: entries.length, consumer }
    this.#client.call({ type: 'XPENDING', key, group, range }, (end) => {
      const pending = end.outcome === 'answered' && end.reply.type === 'pending' ? end.reply.entries : []
      // Reading them was a delivery, too.
      const counts = new Map(pending.map(({ id, deliveries }) => [id, deliveries - 1]))
      sifted(this.siftClaimed(entries.map((entry) => ({ ...entry, deliveries: counts.get(entry.id) ?? 0 }))))
    })
  }

  /** It is struck out when it is among the dead letters, and stays pending if it cannot be put there. */
  #bury(id: string, deliveries: number): void {
    const { key, values, contents, placeOf } = this.#membership
    this.#client.call({ type: 'XRANGE', key, from: id, to: id }, (end) => {
      const [entry] = end.outcome === 'answered' ? entriesIn(end.reply) : []
      const payload = entry?.fields?.find((bulk) => typeof bulk === 'object')
      const target = values['dead-letter']
      if (payload === undefined) return this.#strike(id)
      this.#client.process.record(givenUp, { message: payload.message, place: placeOf(key), deliveries })
      if (target === null) return this.#strike(id)
      const fields = ['message', contents.payloadOf(contents.of(payload.message))]
      this.#client.call({ type: 'XADD', key: target, id: '*', fields }, (added) => {
        if (added.outcome === 'answered' && added.reply.type !== 'error') this.#strike(id)
      })
    })
  }

  #strike(id: string, ended: (end: CallEnd) => void = () => {}): void {
    const { key, group } = this.#membership
    this.#client.call({ type: 'XACK', key, group, ids: [id] }, ended)
  }

  #tryAgain(id: string): void {
    const { key, group } = this.#membership
    if (this.#isClosed) return
    const range = { from: id, to: id, count: 1 }
    this.#client.call({ type: 'XPENDING', key, group, range }, (end) => {
      const pending = end.outcome === 'answered' && end.reply.type === 'pending' ? end.reply.entries : []
      const ids = this.sift(pending.filter(({ consumer }) => consumer === this.#membership.consumer))
      if (ids.length > 0)
        this.#client.call(this.#claim(ids, false), (claimed) => {
          if (claimed.outcome === 'answered') this.#taken(entriesIn(claimed.reply))
        })
    })
  }

  #keep(): void {
    const interval = this.#membership.values['keep-claimed'] ?? 0
    this.#keeping = undefined
    if (this.#inHand.size === 0 || this.#isClosed) return
    this.#client.call(this.#claim([...this.#inHand], true), () => {})
    this.#keeping = this.#client.process.setTimer(interval, () => this.#keep())
  }

  #claim(ids: readonly string[], justId: boolean): Command {
    const { key, group, consumer } = this.#membership
    return { type: 'XCLAIM', key, group, consumer, minIdle: 0, ids, ...(justId ? { justId } : {}) }
  }

  #acknowledgement(id: string): Command {
    const { key, group, consumer, values } = this.#membership
    if (!values['check-owner']) return { type: 'XACK', key, group, ids: [id] }
    return { type: 'EVAL', script: 'acknowledgeOwn', keys: [key], arguments: [group, consumer, id] }
  }
}

function outcomeOf(end: CallEnd): AcknowledgeOutcome {
  if (end.outcome !== 'answered') return 'unknown'
  const { reply } = end
  if (reply.type === 'error') return 'refused'
  return reply.type === 'integer' && reply.value === 0 ? 'refused' : 'acknowledged'
}
