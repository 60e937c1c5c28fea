import type { Micros } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { Settings } from '../option.ts'
import { valuesOf } from '../option.ts'
import type { AcknowledgeOutcome, Consumer, Delivery, Envelope } from '../system.ts'
import { BrokerClient } from './client.ts'
import { memoryConsumerOptions } from './options.ts'
import type { Command, HandedMessage } from './protocol.ts'

/** A message of a queue, with the receipt that settles it. */
class QueueDelivery implements Delivery {
  readonly envelope: Envelope
  readonly partition: string
  readonly position = -1
  readonly redelivered: boolean
  readonly receipt: number

  constructor(queue: string, { envelope, attempt }: HandedMessage, receipt: number) {
    this.envelope = envelope
    this.partition = queue
    this.redelivered = attempt > 1
    this.receipt = receipt
  }
}

interface Waiting {
  readonly limit: number
  readonly ready: (deliveries: readonly Delivery[]) => void
}

/** Takes messages from a queue: asks for some, waits, settles each by its receipt. */
export class QueueConsumer implements Consumer {
  readonly #client: BrokerClient
  readonly #queue: string
  #waiting: Waiting | undefined
  #closing = false

  constructor(process: Process, broker: string, queue: string, settings: Settings) {
    this.#queue = queue
    this.#client = new BrokerClient(process, broker, valuesOf(memoryConsumerOptions, settings), {
      connected: () => this.#ask(),
      received: (messages) => this.#received(messages),
    })
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    if (this.#waiting !== undefined) throw new Error('A consumer was asked to receive while it was receiving.')
    if (this.#closing) return
    this.#waiting = { limit, ready }
    this.#ask()
  }

  acknowledge(deliveries: readonly Delivery[], done: (outcome: AcknowledgeOutcome) => void): void {
    this.#settle({ type: 'acknowledge', queue: this.#queue, receipts: deliveries.map(receiptOf) }, done)
  }

  reject(delivery: Delivery, how: 'again' | 'discard', done: (outcome: AcknowledgeOutcome) => void): void {
    this.#settle({ type: 'reject', queue: this.#queue, receipt: receiptOf(delivery), how }, done)
  }

  extend(delivery: Delivery, duration: Micros, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#settle({ type: 'extend', queue: this.#queue, receipt: receiptOf(delivery), duration }, done)
  }

  close(done: () => void): void {
    this.#closing = true
    this.#client.request({ type: 'stop-receiving', queue: this.#queue }, () => {
      this.#client.close(done)
      this.#take()?.ready([])
    })
  }

  #ask(): void {
    if (this.#waiting === undefined || this.#closing) return
    this.#client.post({ type: 'receive', queue: this.#queue, limit: this.#waiting.limit })
  }

  #received(messages: readonly HandedMessage[]): void {
    const deliveries = messages.flatMap((message) =>
      message.receipt === undefined ? [] : [new QueueDelivery(this.#queue, message, message.receipt)],
    )
    if (this.#closing) this.#returnAll(deliveries)
    else this.#take()?.ready(deliveries)
  }

  /** They crossed the request to stop: nobody here will handle them. */
  #returnAll(deliveries: readonly QueueDelivery[]): void {
    for (const { receipt } of deliveries) {
      this.#settle({ type: 'reject', queue: this.#queue, receipt, how: 'again' }, () => {})
    }
  }

  #take(): Waiting | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    return waiting
  }

  #settle(command: Command, done: (outcome: AcknowledgeOutcome) => void): void {
    this.#client.request(command, ({ outcome }) => {
      done(outcome === 'taken' ? 'acknowledged' : outcome === 'refused' ? 'refused' : 'unknown')
    })
  }
}

function receiptOf(delivery: Delivery): number {
  if (delivery instanceof QueueDelivery) return delivery.receipt
  throw new Error('A consumer was given a delivery that it did not make.')
}
