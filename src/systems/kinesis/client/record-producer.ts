import type { Process } from '../../../simulation/process.ts'
import type { Envelope, Producer, SendAnswer } from '../../system.ts'
import type { ProducerSettings } from '../options/client-tables.ts'
import type { PutEntry, ServiceAnswer } from '../protocol.ts'
import type { CallEnd } from './api-client.ts'
import type { ServiceClient } from './endpoints.ts'

export interface ProducerContext {
  readonly process: Process
  readonly client: ServiceClient
  readonly stream: string
  /** A record without a key gets one of its own, as an application draws one. */
  readonly keyOf: (envelope: Envelope) => string
}

interface Waiting {
  readonly entry: PutEntry
  readonly answered: (answer: SendAnswer) => void
}

/** Puts each record with a request of its own. */
export class RecordProducer implements Producer {
  readonly #context: ProducerContext
  /** Whether it waits for the sequence number of the record before with the same key, which it names. */
  readonly #isOrdered: boolean
  readonly #lines = new Map<string, Waiting[]>()
  #open = 0
  #closing: (() => void) | undefined

  constructor(context: ProducerContext, settings: ProducerSettings) {
    this.#context = context
    this.#isOrdered = settings.SequenceNumberForOrdering
  }

  send(envelope: Envelope, answered: (answer: SendAnswer) => void): void {
    if (this.#closing !== undefined) {
      this.#context.process.setTimer(0, () => answered(closed))
      return
    }
    this.#open++
    const partitionKey = this.#context.keyOf(envelope)
    const waiting = { entry: { partitionKey, envelope }, answered }
    if (!this.#isOrdered) this.#put(waiting)
    else {
      const line = this.#lines.get(partitionKey)
      if (line === undefined) this.#putInLine(waiting)
      else line.push(waiting)
    }
  }

  close(done: () => void): void {
    this.#closing = done
    this.#context.process.setTimer(0, () => this.#closeIfIdle())
  }

  #putInLine(waiting: Waiting): void {
    const { partitionKey } = waiting.entry
    const line = this.#lines.get(partitionKey) ?? []
    this.#lines.set(partitionKey, line)
    this.#put(waiting, () => {
      const next = line.shift()
      if (next === undefined) this.#lines.delete(partitionKey)
      else this.#putInLine(next)
    })
  }

  #put({ entry, answered }: Waiting, then: () => void = () => {}): void {
    const { client, stream } = this.#context
    client.call(
      (attempt) => ({ type: 'PutRecord', stream, entry, attempt }),
      (end) => {
        this.#open--
        then()
        answered(answerOf(end))
        this.#closeIfIdle()
      },
    )
  }

  #closeIfIdle(): void {
    const done = this.#closing
    if (done === undefined || this.#open > 0) return
    this.#closing = () => {}
    this.#context.client.close()
    done()
  }
}

export const closed: SendAnswer = { outcome: 'rejected', reason: 'the producer is closed' }

function answerOf(end: CallEnd<ServiceAnswer>): SendAnswer {
  if (end.type === 'failed') return failure(end.reason, end)
  const { answer } = end
  if (answer.type === 'put') return { outcome: 'confirmed', reason: '' }
  return failure(answer.type === 'error' ? answer.error : answer.type, end)
}

/** A record that an attempt without an answer may have put in is not refused for sure, whatever became of the last one. */
export function failure(reason: string, { mayHaveHappened }: { readonly mayHaveHappened: boolean }): SendAnswer {
  return { outcome: mayHaveHappened ? 'unknown' : 'rejected', reason }
}
