import type { Process } from '../../../simulation/process.ts'
import type { AcknowledgeOutcome } from '../../system.ts'
import { failureIgnored } from '../facts.ts'
import type { ConsumerValues } from '../options/client-table.ts'
import type { Call } from '../protocol.ts'
import type { SqsDelivery } from './delivery.ts'
import { mostTries, pauseAfter } from './entry-retries.ts'
import type { CallEnd, SdkClient } from './sdk-client.ts'

type Done = (outcome: AcknowledgeOutcome) => void
type Fate = 'acknowledged' | 'dropped'

/** Deletes what was handled: each message with a call that is waited for, or several in a batch that is not. */
export class Deletions {
  readonly #process: Process
  readonly #client: SdkClient
  readonly #queue: string
  readonly #values: () => ConsumerValues
  readonly #wholeBatch: () => boolean
  #batch: SqsDelivery[] = []
  #open = 0
  #whenNone: (() => void) | undefined

  /** `wholeBatch`: whether everything that was received is handled, so that a batch need not be full. */
  constructor(
    process: Process,
    client: SdkClient,
    queue: string,
    values: () => ConsumerValues,
    wholeBatch: () => boolean,
  ) {
    this.#process = process
    this.#client = client
    this.#queue = queue
    this.#values = values
    this.#wholeBatch = wholeBatch
  }

  get #size(): number {
    return this.#values()['delete-batch-size']
  }

  get #ignoresFailures(): boolean {
    return this.#values()['failed-deletions'] === 'ignored'
  }

  delete(deliveries: readonly SqsDelivery[], fate: Fate, done: Done): void {
    if (this.#size === 1 || fate === 'dropped') {
      this.#call(deliveries, deliveries.length > 1, fate, (end) => done(outcomeOf(end)))
      return
    }
    this.#batch.push(...deliveries)
    this.flushIfDue()
    this.#process.setTimer(0, () => done('acknowledged'))
  }

  flushIfDue(): void {
    if (this.#batch.length > 0 && (this.#batch.length >= this.#size || this.#wholeBatch())) this.#flush()
  }

  /** Calls back when all that was to be deleted is answered. */
  close(done: () => void): void {
    if (this.#batch.length > 0) this.#flush()
    this.#whenNone = done
    this.#doneIfNone()
  }

  #flush(): void {
    const batch = this.#batch.splice(0, this.#size)
    this.#deleteBatch(batch)
    if (this.#batch.length >= this.#size) this.#flush()
  }

  #deleteBatch(batch: readonly SqsDelivery[], tries = 1): void {
    this.#call(batch, true, 'acknowledged', (end) => {
      if (end.kind === 'answer' && end.answer.type === 'results') this.#seeTo(batch, end.answer.results, tries)
    })
  }

  /** Whoever closes waits for what is to be deleted once more. */
  #seeTo(batch: readonly SqsDelivery[], results: readonly unknown[], tries: number): void {
    const failed = batch.filter((_, place) => results[place] !== undefined)
    if (!this.#ignoresFailures && failed.length > 0 && tries < mostTries) {
      this.#open++
      this.#process.setTimer(pauseAfter(tries), () => {
        this.#open--
        this.#deleteBatch(failed, tries + 1)
      })
    }
    if (this.#ignoresFailures)
      for (const { envelope } of failed)
        this.#process.record(failureIgnored, { action: 'deletion', message: envelope.message })
  }

  #call(deliveries: readonly SqsDelivery[], batch: boolean, fate: Fate, ended: (end: CallEnd) => void): void {
    const receipts = deliveries.map(({ receipt }) => receipt)
    const messages = deliveries.map(({ envelope }) => envelope.message)
    const call: Call = { type: 'DeleteMessage', queue: this.#queue, batch, receipts, messages, fate }
    this.#open++
    this.#client.perform(call, (end) => {
      this.#open--
      ended(end)
      this.#doneIfNone()
    })
  }

  #doneIfNone(): void {
    const done = this.#whenNone
    if (this.#open > 0 || done === undefined) return
    this.#whenNone = undefined
    this.#process.setTimer(0, done)
  }
}

function outcomeOf(end: CallEnd): AcknowledgeOutcome {
  if (end.kind === 'failed') return end.isCertain ? 'refused' : 'unknown'
  const isWhole = end.answer.type === 'results' && end.answer.results.every((result) => result === undefined)
  return isWhole ? 'acknowledged' : 'refused'
}
