import type { Micros } from '../../../simulation/duration.ts'
import { millisecond, second } from '../../../simulation/duration.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { Envelope, Producer, SendAnswer } from '../../system.ts'
import type { ProducerSettings } from '../options/client-tables.ts'
import type { PutEntry, ServiceAnswer } from '../protocol.ts'
import { entryBytes } from '../protocol.ts'
import type { CallEnd } from './api-client.ts'
import type { ProducerContext } from './record-producer.ts'
import { closed, failure } from './record-producer.ts'

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
const mostBytes = 10 * 1024 * 1024

/** Pauses of an application that sends failed entries again. */
const firstPause = 100 * millisecond
const longestPause = 5 * second

interface Waiting {
  readonly entry: PutEntry
  readonly answered: (answer: SendAnswer) => void
  readonly since: Micros
  /** Requests that it was part of. */
  tries: number
  /** Whether one of those may have put it in, though no answer says so. */
  mayHaveHappened: boolean
}

/** How records are collected, and what is done about those that a request does not bring in. */
interface Policy {
  readonly linger: Micros
  readonly entries: number
  readonly onFailure: 'again' | 'again-after-a-pause' | 'ignore'
  /** A record that is not in by then fails. */
  readonly timeToLive: Micros
  /** Requests that a record may be part of. */
  readonly tries: number
}

/**
 * Puts records together, as an application with PutRecords does or the Kinesis Producer Library. A request may take some of its entries and not
 * others; those that are sent again come behind what was sent meanwhile.
 */
export class BatchProducer implements Producer {
  readonly #context: ProducerContext
  readonly #policy: Policy
  #buffer: Waiting[] = []
  #bytes = 0
  #lingering: Timer | undefined
  #open = 0
  #closing: (() => void) | undefined

  constructor(context: ProducerContext, settings: ProducerSettings) {
    this.#context = context
    this.#policy = policyOf(settings)
  }

  send(envelope: Envelope, answered: (answer: SendAnswer) => void): void {
    if (this.#closing !== undefined) {
      this.#context.process.setTimer(0, () => answered(closed))
      return
    }
    this.#open++
    const entry = { partitionKey: this.#context.keyOf(envelope), envelope }
    this.#collect({ entry, answered, since: this.#context.process.now, tries: 0, mayHaveHappened: false })
  }

  close(done: () => void): void {
    this.#closing = done
    this.#context.process.setTimer(0, () => {
      this.#flush()
      this.#closeIfIdle()
    })
  }

  #collect(waiting: Waiting): void {
    const { linger, entries } = this.#policy
    const bytes = entryBytes(waiting.entry)
    if (this.#bytes + bytes > mostBytes) this.#flush()
    this.#buffer.push(waiting)
    this.#bytes += bytes
    if (this.#buffer.length >= entries) this.#flush()
    else
      this.#lingering ??= this.#context.process.setTimer(this.#closing === undefined ? linger : 0, () => this.#flush())
  }

  #flush(): void {
    this.#lingering?.clear()
    this.#lingering = undefined
    const batch = this.#buffer.filter((waiting) => !this.#expires(waiting))
    this.#buffer = []
    this.#bytes = 0
    if (batch.length > 0) this.#put(batch)
  }

  #put(batch: readonly Waiting[]): void {
    const { client, stream } = this.#context
    const entries = batch.map(({ entry }) => entry)
    for (const waiting of batch) waiting.tries++
    client.call(
      (attempt) => ({ type: 'PutRecords', stream, entries, attempt: attempt + 100 * ((batch[0]?.tries ?? 1) - 1) }),
      (end) => this.#answered(batch, end),
    )
  }

  #answered(batch: readonly Waiting[], end: CallEnd<ServiceAnswer>): void {
    for (const waiting of batch) waiting.mayHaveHappened ||= end.mayHaveHappened
    if (end.type === 'failed') {
      this.#afterLostRequest(batch, end.reason)
      return
    }
    if (end.answer.type !== 'put-many') {
      const reason = end.answer.type === 'error' ? end.answer.error : end.answer.type
      for (const waiting of batch) this.#settle(waiting, failure(reason, waiting))
      return
    }
    const { results } = end.answer
    const failed = batch.filter((_, place) => typeof results[place] !== 'number')
    for (const waiting of batch)
      if (!failed.includes(waiting)) this.#settle(waiting, { outcome: 'confirmed', reason: '' })
    if (failed.length > 0) this.#afterFailure(failed)
  }

  /** The producer library puts the records of a request that failed into the next ones, until their time is over. */
  #afterLostRequest(batch: readonly Waiting[], reason: string): void {
    for (const waiting of batch) {
      if (this.#policy.onFailure !== 'again') this.#settle(waiting, failure(reason, waiting))
      else if (!this.#expires(waiting)) this.#collect(waiting)
    }
  }

  #afterFailure(failed: readonly Waiting[]): void {
    const { onFailure, tries } = this.#policy
    const ignored: SendAnswer = {
      outcome: 'assumed',
      reason: 'the request succeeded, and nobody looked at its entries',
    }
    if (onFailure === 'ignore') {
      for (const waiting of failed) this.#settle(waiting, ignored)
      return
    }
    for (const waiting of failed)
      if (waiting.tries >= tries) this.#settle(waiting, failure('ProvisionedThroughputExceededException', waiting))
    const again = failed.filter((waiting) => waiting.tries < tries)
    if (again.length === 0) return
    const most = Math.max(...again.map((waiting) => waiting.tries))
    const pause = onFailure === 'again' ? 0 : Math.min(longestPause, firstPause * 2 ** (most - 1))
    this.#context.process.setTimer(pause, () => {
      for (const waiting of again) if (!this.#expires(waiting)) this.#collect(waiting)
    })
  }

  #expires(waiting: Waiting): boolean {
    if (this.#context.process.now - waiting.since < this.#policy.timeToLive) return false
    this.#settle(waiting, failure('its RecordTtl is over', waiting))
    return true
  }

  #settle({ answered }: Waiting, answer: SendAnswer): void {
    // Several are settled in one step, and each answer is one of its own.
    this.#context.process.setTimer(0, () => {
      this.#open--
      answered(answer)
      this.#closeIfIdle()
    })
  }

  #closeIfIdle(): void {
    const done = this.#closing
    if (done === undefined || this.#open > 0) return
    this.#closing = () => {}
    this.#context.client.close()
    done()
  }
}

function policyOf(settings: ProducerSettings): Policy {
  if (settings.api === 'KPL')
    return {
      linger: settings.RecordMaxBufferedTime,
      entries: settings.CollectionMaxCount,
      onFailure: 'again',
      timeToLive: settings.RecordTtl,
      tries: Infinity,
    }
  return {
    linger: settings.linger,
    entries: settings.entries,
    onFailure: settings['failed-entries'] === 'ignore' ? 'ignore' : 'again-after-a-pause',
    timeToLive: Infinity,
    tries: 10,
  }
}
