import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { AcknowledgeOutcome, Consumer, Delivery } from '../../system.ts'
import type { FieldTable } from '../core/field-table.ts'
import type { Answer, Method } from '../protocol.ts'
import type { ContentTable } from '../server/content-table.ts'
import { Acknowledgements } from './acknowledgements.ts'
import type { Channel } from './channel.ts'
import type { ConsumerValues } from './client-settings.ts'
import type { AmqpConnection } from './connection.ts'
import { closeTimeout } from './connection.ts'
import { RabbitDelivery } from './delivery.ts'
import type { Retries, Shovel } from './retries.ts'

/** What a consumer is told to take from. */
export interface Subscription {
  readonly queue: string
  /** What the application declares before it consumes. */
  readonly declarations: readonly Method[]
  readonly contents: ContentTable
  readonly values: ConsumerValues
  /** What the application does by itself about what its handler gave up. */
  readonly retries: Retries | undefined
  /** Where it moves everything, in place of handing it on. */
  readonly shovel: Shovel | undefined
}

/** What an application hears of its channel that does more than receive and acknowledge. */
export interface ChannelWatcher {
  /** The channel is gone; another is opened, where the application does so. */
  closed(reason: string): void
  /** The broker cancelled the consumer: its queue is gone. */
  cancelled(): void
}

interface Waiting {
  readonly limit: number
  readonly ready: (deliveries: readonly Delivery[]) => void
}

/**
 * Takes what its queue pushes to it, as much as its prefetch lets it have, and hands it on in that order. What it has when its connection is lost
 * it hands on all the same, as both clients do: the broker has put that back meanwhile, and the acknowledgement is refused.
 */
export class PushConsumer implements Consumer {
  readonly #process: Process
  readonly #channel: Channel
  readonly #subscription: Subscription
  readonly #acknowledgements: Acknowledgements
  #watcher: ChannelWatcher | undefined
  #values: ConsumerValues
  #buffer: RabbitDelivery[] = []
  #waiting: Waiting | undefined
  #tag: string | undefined
  #closing: (() => void) | undefined
  #isClosing = false
  #closeTimer: Timer | undefined

  constructor(process: Process, connection: AmqpConnection, subscription: Subscription) {
    this.#process = process
    this.#subscription = subscription
    this.#values = subscription.values
    this.#channel = connection.channel({
      opened: (recovered) => this.#opened(recovered),
      heard: (answer) => this.#heard(answer),
      closed: (reason) => this.#lost(reason),
      resumed: () => {},
    })
    const noAck = (): boolean => this.#values.noAck
    const every = subscription.values['ack-every']
    this.#acknowledgements = new Acknowledgements(process, this.#channel, { noAck, every, isIdle: () => this.#isIdle })
  }

  // What an application does that is given the channel itself

  /** Says how it consumes, in place of its settings; before the channel is open. */
  configure(values: Partial<Pick<ConsumerValues, 'noAck' | 'prefetch' | 'prefetch-global'>>): void {
    this.#values = { ...this.#values, ...values }
  }

  watch(watcher: ChannelWatcher): void {
    this.#watcher = watcher
  }

  get client(): ConsumerValues['client'] {
    return this.#values.client
  }

  get noAck(): boolean {
    return this.#values.noAck
  }

  /** How often its channel was opened: tags begin anew with each opening. */
  get opening(): number {
    return this.#acknowledgements.opening
  }

  get isOpen(): boolean {
    return this.#channel.isOpen
  }

  get consumerTag(): string {
    return this.#tag ?? ''
  }

  /** `basic.ack`, or `basic.nack`, of tags of the current opening, as they are: the broker closes the channel over one that it does not know. */
  settle(method: Extract<Method, { readonly kind: 'acknowledge' | 'reject' }>): void {
    if (this.#channel.isOpen) this.#channel.post(method)
  }

  // What every application does

  /** Whether its program waits, and it has nothing. */
  get #isIdle(): boolean {
    return this.#waiting !== undefined && this.#buffer.length === 0
  }

  get alive(): boolean {
    return this.#process.alive
  }

  /** Deliveries that it has and nobody has taken. */
  get held(): number {
    return this.#process.alive ? this.#buffer.length : 0
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    if (this.#waiting !== undefined) throw new Error('A consumer was asked to receive while it was receiving.')
    if (this.#isClosing) return
    this.#waiting = { limit, ready }
    if (this.#buffer.length > 0) this.#process.setTimer(0, () => this.#handOn())
    else this.#acknowledgements.flush()
  }

  acknowledge(deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    this.#acknowledgements.acknowledge(deliveries, done)
  }

  reject(delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    const settle = (confirmed: boolean): void => this.#settle(delivery, confirmed, done)
    if (how === 'discard' && this.#subscription.retries?.take(delivery, settle) === true) return
    this.#acknowledgements.reject(delivery, how, done)
  }

  extend(delivery: Delivery, _duration: Micros, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#acknowledgements.extend(delivery, done)
  }

  close(done: () => void): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#closing = done
    this.#closeTimer = this.#process.setTimer(closeTimeout, () => this.#leave(), this.#channel.connection.broker)
    if (this.#tag === undefined || !this.#channel.isOpen) this.#process.setTimer(0, () => this.#leave())
    else this.#channel.call({ kind: 'cancel', tag: this.#tag }, () => this.#leave())
  }

  #opened(recovered: boolean): void {
    this.#acknowledgements.begin()
    if (!recovered || this.#channel.connection.settings.recoversTopology) this.#subscribe()
  }

  #subscribe(): void {
    const { declarations, queue } = this.#subscription
    const values = this.#values
    const { prefetch, noAck, exclusive, 'x-priority': priority } = values
    const own: FieldTable = priority === 0 ? {} : { 'x-priority': priority }
    const limit: readonly Method[] =
      prefetch === 0 ? [] : [{ kind: 'prefetch', count: prefetch, global: values['prefetch-global'] }]
    for (const method of [...declarations, ...limit]) this.#channel.call(method, () => {})
    this.#channel.call({ kind: 'consume', queue, tag: '', noAck, exclusive, arguments: own }, (answer) => {
      if (answer.kind === 'consuming') this.#tag = answer.consumer
    })
  }

  #heard(answer: Answer): void {
    if (answer.kind === 'deliver') {
      this.#acknowledgements.delivered(answer.tag)
      this.#take(new RabbitDelivery(answer, this.#subscription.contents, this.#acknowledgements.opening))
    } else if (answer.kind === 'consumer-cancelled' && !this.#isClosing) {
      this.#tag = undefined
      this.#watcher?.cancelled()
      this.#channel.connection.reopenLater(() => this.#subscribeAgain())
    }
  }

  #take(delivery: RabbitDelivery): void {
    const { shovel } = this.#subscription
    if (shovel === undefined) {
      this.#buffer.push(delivery)
      this.#handOn()
    } else shovel.move(delivery, (confirmed) => this.#settle(delivery, confirmed, () => {}))
  }

  /** What the application published elsewhere is done with, unless the broker did not take it. */
  #settle(delivery: Delivery, confirmed: boolean, done: (outcome: AcknowledgeOutcome) => void): void {
    if (confirmed) this.acknowledge([delivery], done)
    else this.#acknowledgements.reject(delivery, 'again', done)
  }

  #subscribeAgain(): void {
    if (this.#channel.isOpen && this.#tag === undefined && !this.#isClosing) this.#subscribe()
  }

  #handOn(): void {
    if (this.#isClosing || this.#waiting === undefined || this.#buffer.length === 0) return
    const { limit, ready } = this.#waiting
    this.#waiting = undefined
    ready(this.#buffer.splice(0, limit))
  }

  /** Nothing is consumed any more; who was closing does not wait for an answer. */
  #lost(reason: string): void {
    this.#tag = undefined
    this.#watcher?.closed(reason)
    if (this.#isClosing) this.#leave()
  }

  /** What it did not hand on goes back with the channel. */
  #leave(): void {
    const done = this.#closing
    if (done === undefined) return
    this.#closing = undefined
    this.#closeTimer?.clear()
    this.#buffer = []
    this.#acknowledgements.flush()
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.ready([])
    this.#channel.connection.closeChannel(this.#channel, done)
  }
}
