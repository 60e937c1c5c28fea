import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import { valuesOf } from '../../option.ts'
import type { Envelope, Producer, SendAnswer, Use } from '../../system.ts'
import type { Refusal } from '../core/queue-core.ts'
import { failureIgnored } from '../facts.ts'
import type { ProducerValues } from '../options/client-table.ts'
import { producerTable } from '../options/client-table.ts'
import type { QueuePlan } from '../options/queue-plan.ts'
import type { SendEntry } from '../protocol.ts'
import { mostTries, pauseAfter } from './entry-retries.ts'
import { SaidEnvelope } from './said-envelope.ts'
import type { CallEnd } from './sdk-client.ts'
import { SdkClient } from './sdk-client.ts'

interface Sent {
  readonly entry: SendEntry
  readonly answered: (answer: SendAnswer) => void
  /** Calls that it was part of. */
  tries: number
  /** Whether one of those may have put it in, though no answer says so. */
  mayBeIn: boolean
}

/** Sends to one queue, each message with a call of its own or several in a batch. */
export class SqsProducer implements Producer {
  readonly #process: Process
  readonly #queue: QueuePlan
  readonly #values: ProducerValues
  readonly #deduplicates: ProducerValues['MessageDeduplicationId']
  readonly #client: SdkClient
  #batch: Sent[] = []
  #timer: Timer | undefined
  #open = 0
  #sends = 0
  #closing: (() => void) | undefined
  #isClosed = false

  constructor(process: Process, endpoint: string, queue: QueuePlan, { settings, address }: Use) {
    this.#process = process
    this.#queue = queue
    this.#values = valuesOf(producerTable, settings)
    const leavesIt = queue.usesContent && !settings.explicit.includes('MessageDeduplicationId')
    this.#deduplicates = leavesIt ? 'none' : this.#values.MessageDeduplicationId
    this.#client = new SdkClient(process, endpoint, this.#values, `to/${address}`)
  }

  send(envelope: Envelope, answered: (answer: SendAnswer) => void): void {
    if (this.#closing !== undefined || this.#isClosed) {
      this.#process.setTimer(0, () => answered({ outcome: 'rejected', reason: 'the producer is closed' }))
      return
    }
    this.#open++
    this.#add({ entry: this.#entry(envelope), answered, tries: 0, mayBeIn: false })
  }

  close(done: () => void): void {
    this.#closing = done
    this.#process.setTimer(0, () => {
      this.#flush()
      this.#closeIfDone()
    })
  }

  #entry(envelope: Envelope): SendEntry {
    const { isFifo } = this.#queue
    const content = this.#content(envelope)
    if (envelope instanceof SaidEnvelope) return { envelope, content, ...envelope.said }
    const { DelaySeconds: delay } = this.#values
    const deduplicationId = isFifo ? this.#deduplicationId(envelope) : undefined
    const group = isFifo ? this.#group(envelope) : ''
    return { envelope, content, group, deduplicationId, delay: delay ?? undefined }
  }

  #group({ key, message }: Envelope): string {
    switch (this.#values.MessageGroupId) {
      case 'key':
        return `key/${key}`
      case 'message':
        return `message/${message}`
      case 'all':
        return 'all'
    }
  }

  #deduplicationId({ message, operation }: Envelope): string | undefined {
    switch (this.#deduplicates) {
      case 'message':
        return `message/${message}`
      case 'operation':
        return `operation/${operation}`
      case 'call':
        return `call/${this.#process.name}/${this.#process.incarnation}/${++this.#sends}`
      case 'none':
        return undefined
    }
  }

  #content({ body, operation, key }: Envelope): string {
    if (body !== undefined) return JSON.stringify(body)
    return this.#values.body === 'key' ? `key/${key}` : `operation/${operation}`
  }

  #add(sent: Sent): void {
    const { 'batch-size': size, 'batch-wait': wait } = this.#values
    this.#batch.push(sent)
    if (this.#batch.length >= size || this.#closing !== undefined) this.#flush()
    else this.#timer ??= this.#process.setTimer(wait, () => this.#flush())
  }

  #flush(): void {
    this.#timer?.clear()
    this.#timer = undefined
    const batch = this.#batch
    if (batch.length === 0) return
    this.#batch = []
    const entries = batch.map(({ entry }) => entry)
    for (const sent of batch) sent.tries++
    const isBatch = this.#values['batch-size'] > 1
    const call = { type: 'SendMessage', queue: this.#queue.name, batch: isBatch, entries } as const
    this.#client.perform(call, (end) => this.#ended(batch, end))
  }

  #ended(batch: readonly Sent[], end: CallEnd): void {
    for (const [place, sent] of batch.entries()) {
      sent.mayBeIn ||= !end.isCertain
      if (end.kind === 'failed') this.#answer(sent, failure(sent, end.reason))
      else if (end.answer.type === 'results') this.#entryEnded(sent, end.answer.results[place])
    }
    this.#closeIfDone()
  }

  #entryEnded(sent: Sent, refusal: Refusal | undefined): void {
    if (refusal === undefined) this.#answer(sent, { outcome: 'confirmed', reason: '' })
    else {
      switch (this.#values['failed-entries']) {
        case 'reported':
          this.#answer(sent, failure(sent, refusal.code))
          break
        case 'sent-again':
          if (sent.tries < mostTries) this.#process.setTimer(pauseAfter(sent.tries), () => this.#add(sent))
          else this.#answer(sent, failure(sent, refusal.code))
          break
        case 'ignored':
          this.#process.record(failureIgnored, { action: 'send', message: sent.entry.envelope.message })
          this.#answer(sent, { outcome: 'assumed', reason: 'the call succeeded, and nobody looked at its entries' })
      }
    }
  }

  #answer({ answered }: Sent, answer: SendAnswer): void {
    this.#open--
    answered(answer)
  }

  #closeIfDone(): void {
    const done = this.#closing
    if (done === undefined || this.#isClosed) return
    if (this.#open > 0) {
      this.#flush()
      return
    }
    this.#isClosed = true
    this.#client.close()
    done()
  }
}

function failure({ mayBeIn }: Sent, reason: string): SendAnswer {
  return { outcome: mayBeIn ? 'unknown' : 'rejected', reason }
}
