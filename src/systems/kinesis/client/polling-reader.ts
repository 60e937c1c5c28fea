import type { Micros } from '../../../simulation/duration.ts'
import type { ReadingPosition } from '../core/stream.ts'
import type { ServiceAnswer, ShardIterator } from '../protocol.ts'
import type { CallEnd } from './api-client.ts'
import type { ServiceClient } from './endpoints.ts'
import type { WorkerContext } from './lease-coordinator.ts'
import type { ReaderEvents, ShardReader } from './shard-reader.ts'

/** Asks for records, and again after a while: all who do share what a shard can be read. */
export class PollingReader implements ShardReader {
  readonly #context: WorkerContext
  readonly #client: ServiceClient
  readonly #shard: string
  readonly #events: ReaderEvents
  #iterator: ShardIterator | undefined
  #lastCall: Micros = -Infinity
  #isStopped = false

  constructor(context: WorkerContext, client: ServiceClient, shard: string, events: ReaderEvents) {
    this.#context = context
    this.#client = client
    this.#shard = shard
    this.#events = events
  }

  begin(position: ReadingPosition): void {
    this.#locate(position, true)
  }

  next(): void {
    const { process, settings } = this.#context
    const wait = this.#lastCall + settings.idleTimeBetweenReadsInMillis - process.now
    process.setTimer(Math.max(0, wait), () => this.#read())
  }

  stop(): void {
    this.#isStopped = true
  }

  #locate(position: ReadingPosition, isFirst: boolean): void {
    const { process, stream, settings } = this.#context
    const request = { type: 'GetShardIterator', stream, shard: this.#shard, position } as const
    this.#client.call(
      () => request,
      (end) => {
        if (this.#isStopped) return
        if (end.type === 'answered' && end.answer.type === 'iterator') {
          this.#iterator = end.answer.iterator
          if (isFirst) this.#events.began(end.answer.iterator.after, end.answer.lastTrimmed)
          this.next()
        } else process.setTimer(settings.taskBackoffTimeMillis, () => this.#locate(position, isFirst))
      },
    )
  }

  #read(): void {
    const iterator = this.#iterator
    if (this.#isStopped || iterator === undefined) return
    const { process, settings, group } = this.#context
    this.#lastCall = process.now
    const { maxRecords: limit, idleTimeBetweenReadsInMillis: again } = settings
    this.#client.call(
      () => ({ type: 'GetRecords', iterator, limit, again, reader: group }),
      (end) => this.#answered(iterator, end),
      { attempts: 1, isPatient: true },
    )
  }

  #answered(iterator: ShardIterator, end: CallEnd<ServiceAnswer>): void {
    if (this.#isStopped) return
    if (end.type === 'answered' && end.answer.type === 'records') {
      // A poll that found nothing for a while was many, of which this is the last.
      this.#lastCall = Math.max(this.#lastCall, this.#context.process.now)
      const { records, next, children } = end.answer
      this.#iterator = next
      if (records.length > 0) this.#events.records(records)
      if (next === undefined) this.#events.ended(children)
    } else if (end.type === 'answered' && end.answer.type === 'error' && !end.answer.throttled)
      this.#locate({ type: 'AFTER_SEQUENCE_NUMBER', sequence: iterator.after }, false)
    else this.next()
  }
}
