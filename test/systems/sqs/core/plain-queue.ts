import type { Micros } from '../../../../src/simulation/duration.ts'
import { hour, minute } from '../../../../src/simulation/duration.ts'
import type { QueueRules } from '../../../../src/systems/sqs/core/queue-core.ts'

interface PlainMessage {
  readonly name: number
  readonly group: string
  readonly sentAt: Micros
  receives: number
  receivedAt: Micros
  hiddenUntil: Micros
}

/** The rules of queues, as slowly and obviously as they can be written: a list that is walked each time. Servers are all there. */
export class PlainQueue {
  readonly #rules: QueueRules
  readonly #isFifo: boolean
  #messages: PlainMessage[] = []
  readonly #ids: { readonly id: string; readonly at: Micros }[] = []

  constructor(rules: QueueRules, isFifo: boolean) {
    this.#rules = rules
    this.#isFifo = isFifo
  }

  get size(): number {
    return this.#messages.length
  }

  pass(now: Micros): void {
    this.#messages = this.#messages.filter(({ sentAt }) => sentAt + this.#rules.retention > now)
  }

  send(name: number, group: string, id: string | undefined, now: Micros): void {
    const isKnown = this.#ids.some((known) => known.id === id && known.at + 5 * minute > now)
    if (this.#isFifo && isKnown) return
    if (id !== undefined) this.#ids.push({ id, at: now })
    this.#messages.push({ name, group, sentAt: now, receives: 0, receivedAt: 0, hiddenUntil: 0 })
  }

  /** What may be received now, in the order of a FIFO queue. */
  available(now: Micros): readonly number[] {
    const isFree = ({ group }: PlainMessage): boolean =>
      !this.#isFifo || !this.#messages.some((other) => other.group === group && other.hiddenUntil > now)
    const free = this.#messages.filter((message) => message.hiddenUntil <= now && isFree(message))
    const groups = [...new Set(free.map(({ group }) => group))]
    const inOrder = this.#isFifo ? groups.flatMap((group) => free.filter((message) => message.group === group)) : free
    return inOrder.map(({ name }) => name)
  }

  isExhausted(name: number): boolean {
    return (this.#find(name)?.receives ?? 0) >= (this.#rules.maxReceiveCount ?? Infinity)
  }

  remove(name: number): void {
    this.#messages = this.#messages.filter((message) => message.name !== name)
  }

  received(name: number, now: Micros): void {
    const message = this.#find(name)
    if (message === undefined) return
    message.receives++
    message.receivedAt = now
    message.hiddenUntil = now + this.#rules.visibilityTimeout
  }

  /** Whether a deletion by the receipt of the `receive`-th receive succeeds. Of those with the latest one. */
  delete(name: number, receive: number, now: Micros): boolean {
    const message = this.#find(name)
    if (message === undefined) return true
    const isLate = message.receives !== receive || message.hiddenUntil <= now
    if (this.#isFifo && isLate) return false
    if (message.receives === receive) this.remove(name)
    return true
  }

  hide(name: number, receive: number, timeout: Micros, now: Micros): boolean {
    const message = this.#find(name)
    if (message === undefined || message.receives !== receive || message.hiddenUntil <= now) return false
    if (now + timeout > message.receivedAt + 12 * hour) return false
    message.hiddenUntil = now + timeout
    return true
  }

  #find(name: number): PlainMessage | undefined {
    return this.#messages.find((message) => message.name === name)
  }
}
