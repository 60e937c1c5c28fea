import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import { valuesOf } from '../../option.ts'
import type { AcknowledgeOutcome, Consumer, Delivery, Use } from '../../system.ts'
import type { ConsumerValues, SdkValues } from '../options/client-table.ts'
import { consumerTable } from '../options/client-table.ts'
import type { QueuePlan } from '../options/queue-plan.ts'
import type { ReceiveCall } from '../protocol.ts'
import { Deletions } from './deletions.ts'
import { ownDelivery, SqsDelivery } from './delivery.ts'
import { Heartbeats } from './heartbeats.ts'
import type { CallEnd } from './sdk-client.ts'
import { SdkClient } from './sdk-client.ts'

type Done = (outcome: AcknowledgeOutcome) => void

interface Waiting {
  readonly limit: number
  readonly ready: (deliveries: readonly Delivery[]) => void
}

/** The loop that applications write around the SDK: receive up to ten, handle them one after the other, delete each, receive again. */
export class SqsConsumer implements Consumer {
  readonly #process: Process
  readonly #queue: QueuePlan
  readonly #explicit: readonly string[]
  #values: ConsumerValues
  readonly #endpoint: string
  readonly #client: SdkClient
  /** Those that the code has. */
  readonly #clients: SdkClient[] = []
  readonly #heartbeats: Heartbeats
  readonly #deletions: Deletions
  readonly #received: SqsDelivery[] = []
  /** Those that were handed to the program and are not settled. */
  readonly #inHand = new Set<SqsDelivery>()
  #waiting: Waiting | undefined
  #polling: (() => void) | undefined
  #timer: Timer | undefined
  #receives = 0
  #isClosing = false

  constructor(process: Process, endpoint: string, queue: QueuePlan, { settings, address }: Use) {
    this.#process = process
    this.#endpoint = endpoint
    this.#queue = queue
    this.#explicit = settings.explicit
    this.#values = valuesOf(consumerTable, settings)
    this.#client = new SdkClient(process, endpoint, this.#values, `from/${address}`)
    this.#heartbeats = new Heartbeats(
      process,
      () => this.#values.heartbeatInterval,
      (delivery, ended) =>
        this.#changeVisibility(delivery, this.visibilityTimeout, (end) =>
          ended(end.kind === 'answer' || !end.isCertain),
        ),
    )
    this.#deletions = new Deletions(
      process,
      this.#client,
      queue.name,
      () => this.#values,
      () => this.#received.length === 0 && this.#inHand.size === 0,
    )
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    if (this.#waiting !== undefined) throw new Error('A consumer was asked to receive while it was receiving.')
    if (this.#isClosing) return
    this.#waiting = { limit, ready }
    if (this.#received.length > 0) this.#process.setTimer(0, () => this.#handOver())
    else if (this.#polling === undefined && this.#timer === undefined) this.#poll()
  }

  acknowledge(deliveries: readonly Delivery[], done: Done): void {
    const own = deliveries.map(ownDelivery)
    this.#settled(own)
    this.#deletions.delete(own, 'acknowledged', done)
  }

  /** Nothing takes a message out of a queue but its deletion; to have it again, an application lets its time pass, or ends that. */
  reject(delivery: Delivery, how: 'again' | 'discard', done: Done): void {
    const own = ownDelivery(delivery)
    this.#settled([own])
    if (how === 'discard') this.#deletions.delete([own], 'dropped', done)
    else if (this.#values.terminateVisibilityTimeout)
      this.#changeVisibility(own, 0, (end) => done(end.kind === 'answer' ? 'acknowledged' : refusedOrUnknown(end)))
    else this.#process.setTimer(0, () => done('acknowledged'))
    this.#deletions.flushIfDue()
  }

  extend(delivery: Delivery, duration: Micros, done: Done): void {
    this.#changeVisibility(ownDelivery(delivery), duration, (end) =>
      done(end.kind === 'answer' ? 'acknowledged' : refusedOrUnknown(end)),
    )
  }

  /** Gives up its poll; what it has received and not handled comes back when its time is over. */
  close(done: () => void): void {
    if (this.#isClosing) return
    this.#isClosing = true
    this.#timer?.clear()
    this.#polling?.()
    this.#polling = undefined
    for (const delivery of this.#received) this.#heartbeats.end(delivery)
    this.#received.length = 0
    this.#deletions.close(() => {
      this.#take()?.ready([])
      for (const client of [this.#client, ...this.#clients]) client.close()
      done()
    })
  }

  // What a library does that has a loop of its own

  /** Says how it consumes, in place of its settings; before the first receive. */
  configure(values: Partial<ConsumerValues>): void {
    this.#values = { ...this.#values, ...values }
  }

  /** Whether its settings speak of an option. */
  says(option: keyof ConsumerValues): boolean {
    return this.#explicit.includes(option)
  }

  /** Goes on without these: they come back when their visibility timeouts are over. */
  leave(deliveries: readonly Delivery[]): void {
    this.#settled(deliveries.map(ownDelivery))
    this.#deletions.flushIfDue()
  }

  /** The queue that it receives from. */
  get queue(): string {
    return this.#queue.name
  }

  /** A client of the SDK for calls that the code makes by itself, with the same settings unless `values` say otherwise; `purpose` tells it from others. */
  openClient(purpose: string, values: Partial<SdkValues>): SdkClient {
    const client = new SdkClient(this.#process, this.#endpoint, { ...this.#values, ...values }, purpose)
    this.#clients.push(client)
    return client
  }

  /** How long what it receives is hidden. */
  get visibilityTimeout(): Micros {
    return this.#values.VisibilityTimeout ?? this.#queue.rules.visibilityTimeout
  }

  #settled(deliveries: readonly SqsDelivery[]): void {
    for (const delivery of deliveries) {
      this.#inHand.delete(delivery)
      this.#heartbeats.end(delivery)
    }
  }

  #poll(): void {
    const { values } = { values: this.#values }
    const waitTime = values.WaitTimeSeconds ?? this.#queue.waitTime
    const attempt = `${this.#process.name}/${this.#process.incarnation}/${++this.#receives}`
    const call: ReceiveCall = {
      type: 'ReceiveMessage',
      queue: this.#queue.name,
      most: values.MaxNumberOfMessages,
      waitTime,
      visibilityTimeout: values.VisibilityTimeout ?? undefined,
      attemptId: values.ReceiveRequestAttemptId ? attempt : undefined,
      again: values['pause-when-empty'],
      // A time-out that ends each long poll is no rest.
      mayRest: values.requestTimeout === null || values.requestTimeout > waitTime,
    }
    this.#polling = this.#client.perform(call, (end) => this.#polled(end, waitTime > 0))
  }

  #polled(end: CallEnd, isLong: boolean): void {
    this.#polling = undefined
    if (end.kind === 'answer' && end.answer.type === 'messages' && end.answer.messages.length > 0) {
      for (const message of end.answer.messages) this.#keep(new SqsDelivery(this.#queue.name, message))
      this.#handOver()
    } else if (end.kind === 'answer' && isLong) this.#pollIfWanted()
    else {
      this.#timer = this.#process.setTimer(this.#values['pause-when-empty'], () => {
        this.#timer = undefined
        this.#pollIfWanted()
      })
    }
  }

  #pollIfWanted(): void {
    if (this.#waiting !== undefined && !this.#isClosing) this.#poll()
  }

  #keep(delivery: SqsDelivery): void {
    this.#received.push(delivery)
    this.#heartbeats.begin(delivery)
  }

  #handOver(): void {
    if (this.#received.length === 0) return
    const waiting = this.#take()
    if (waiting === undefined) return
    const deliveries = this.#received.splice(0, waiting.limit)
    for (const delivery of deliveries) this.#inHand.add(delivery)
    waiting.ready(deliveries)
  }

  #take(): Waiting | undefined {
    const waiting = this.#waiting
    this.#waiting = undefined
    return waiting
  }

  #changeVisibility({ receipt, envelope }: SqsDelivery, timeout: Micros, ended: (end: CallEnd) => void): void {
    const entries = [{ receipt, message: envelope.message, timeout }]
    this.#client.perform({ type: 'ChangeMessageVisibility', queue: this.#queue.name, batch: false, entries }, ended)
  }
}

function refusedOrUnknown(end: CallEnd): AcknowledgeOutcome {
  return end.kind === 'failed' && end.isCertain ? 'refused' : 'unknown'
}
