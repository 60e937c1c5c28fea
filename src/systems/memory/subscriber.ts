import type { Micros } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { AcknowledgeOutcome, Consumer, Delivery } from '../system.ts'
import { BrokerClient } from './client.ts'
import { Deque } from './deque.ts'
import { memoryConsumerOptions } from './options.ts'
import type { HandedMessage } from './protocol.ts'

interface Waiting {
  readonly limit: number
  readonly ready: (deliveries: readonly Delivery[]) => void
}

/**
 * Listens to a topic from its making on. The broker has forgotten what it handed over, so there is nothing to acknowledge, and nothing comes
 * again.
 */
export class TopicSubscriber implements Consumer {
  readonly #process: Process
  readonly #client: BrokerClient
  readonly #topic: string
  readonly #arrived = new Deque<Delivery>()
  #waiting: Waiting | undefined
  #closed = false

  constructor(process: Process, broker: string, topic: string, settings: Settings) {
    this.#process = process
    this.#topic = topic
    this.#client = new BrokerClient(process, broker, valuesOf(memoryConsumerOptions, settings), {
      connected: () => this.#client.post({ type: 'subscribe', topic }),
      received: (messages) => this.#received(messages),
    })
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    if (this.#waiting !== undefined) throw new Error('A consumer was asked to receive while it was receiving.')
    if (this.#closed) return
    this.#waiting = { limit, ready }
    if (this.#arrived.length > 0) this.#process.setTimer(0, () => this.#handOver())
  }

  acknowledge(_deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    this.#process.setTimer(0, () => done('acknowledged'))
  }

  /** Nobody has it who could deliver it again. */
  reject(_delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    this.#process.setTimer(0, () => done(how === 'again' ? 'refused' : 'acknowledged'))
  }

  extend(_delivery: Delivery, _duration: Micros, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#process.setTimer(0, () => done('acknowledged'))
  }

  close(done: () => void): void {
    this.#client.request({ type: 'unsubscribe', topic: this.#topic }, () => {
      this.#closed = true
      this.#client.close(done)
      this.#take()?.ready([])
    })
  }

  #received(messages: readonly HandedMessage[]): void {
    for (const { envelope } of messages) {
      this.#arrived.pushLast({ envelope, partition: this.#topic, position: -1, redelivered: false })
    }
    this.#handOver()
  }

  #handOver(): void {
    if (this.#arrived.length === 0) return
    const waiting = this.#take()
    if (waiting === undefined) return
    const count = Math.min(waiting.limit, this.#arrived.length)
    waiting.ready(Array.from({ length: count }, () => this.#arrived.takeFirst() ?? []).flat())
  }

  #take(): Waiting | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    return waiting
  }
}
