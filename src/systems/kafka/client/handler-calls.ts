import type { Process } from '../../../simulation/process.ts'
import type { Delivery } from '../../system.ts'
import type { BatchError } from './kafka-js-workers.ts'
import type { RecordDelivery } from './record-delivery.ts'

/** How a handler ended: it may not have been called at all. */
export type CallEnd = 'returned' | 'dropped' | { readonly threw: BatchError }

interface Call {
  /** What the handler is called with: one message, or a batch. */
  readonly records: readonly RecordDelivery[]
  readonly ended: (how: CallEnd) => void
}

/**
 * Calls of a handler by a client that waits for each to end. The application takes them with `receive`, one at a time. A handler has ended when
 * the application says so. Where it does not: with one handler at a time, it has returned when the application receives again, whatever it said of
 * the message; with several, when it settled the message.
 */
export class HandlerCalls {
  readonly #process: Process
  readonly #concurrency: number
  /** By the first message that they were called with. */
  readonly #running = new Map<RecordDelivery, Call>()
  #queue: Call[] = []
  #ready: ((deliveries: readonly Delivery[]) => void) | undefined

  constructor(process: Process, concurrency: number) {
    this.#process = process
    this.#concurrency = concurrency
  }

  /** Handlers that have not ended. */
  get running(): number {
    return this.#running.size
  }

  /** Calls a handler as soon as the application takes it. */
  call(records: readonly RecordDelivery[], ended: (how: CallEnd) => void): void {
    this.#queue.push({ records, ended })
    this.#process.setTimer(0, () => this.#handOut())
  }

  receive(ready: (deliveries: readonly Delivery[]) => void): void {
    if (this.#ready !== undefined) throw new Error('A consumer was asked to receive while it was receiving.')
    this.#ready = ready
    this.#process.setTimer(0, () => {
      if (this.#concurrency === 1) for (const record of this.#running.keys()) this.#end(record, 'returned')
      this.#handOut()
    })
  }

  acknowledged(record: RecordDelivery): void {
    if (this.#concurrency > 1) this.#end(record, 'returned')
  }

  /** The handler that was called with this message, or with a batch that begins with it, has ended. */
  ended(record: RecordDelivery, error: BatchError): void {
    this.#end(record, error === 'NONE' ? 'returned' : { threw: error })
  }

  /** Calls that nobody has taken are not made any more. */
  drop(): void {
    const queue = this.#queue
    this.#queue = []
    for (const { ended } of queue) ended('dropped')
  }

  /** Whoever waits for another call gets none. */
  close(): void {
    const ready = this.#ready
    this.#ready = undefined
    ready?.([])
  }

  #handOut(): void {
    const ready = this.#ready
    const call = this.#queue[0]
    const first = call?.records[0]
    if (ready === undefined || call === undefined || first === undefined) return
    this.#queue.shift()
    this.#ready = undefined
    this.#running.set(first, call)
    ready(call.records)
  }

  #end(record: RecordDelivery, how: CallEnd): void {
    const call = this.#running.get(record)
    if (!this.#running.delete(record)) return
    call?.ended(how)
  }
}
