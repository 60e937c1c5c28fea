import { second } from '../../../simulation/duration.ts'
import type { ReadingPosition } from '../core/stream.ts'
import type { ServicePush } from '../protocol.ts'
import type { ServiceClient } from './endpoints.ts'
import type { WorkerContext } from './lease-coordinator.ts'
import type { ReaderEvents, ShardReader } from './shard-reader.ts'

/** How often the library looks whether a subscription still lives. */
const healthCheck = second

/** Subscribes to a shard and takes what is pushed; each subscription lasts five minutes at most, and then the next one follows. */
export class FanOutReader implements ShardReader {
  readonly #context: WorkerContext
  readonly #client: ServiceClient
  readonly #shard: string
  readonly #events: ReaderEvents
  #position: ReadingPosition = { type: 'LATEST' }
  #subscription: number | undefined
  #hasBegun = false
  #isStopped = false
  #isSubscribing = false

  constructor(context: WorkerContext, client: ServiceClient, shard: string, events: ReaderEvents) {
    this.#context = context
    this.#client = client
    this.#shard = shard
    this.#events = events
  }

  get isStopped(): boolean {
    return this.#isStopped
  }

  begin(position: ReadingPosition): void {
    this.#position = position
    this.#subscribe()
  }

  next(): void {
    if (this.#subscription !== undefined) this.#client.post({ type: 'request', subscription: this.#subscription })
  }

  stop(): void {
    this.#isStopped = true
    if (this.#subscription !== undefined) this.#client.post({ type: 'cancel', subscription: this.#subscription })
    this.#subscription = undefined
  }

  /** What was pushed, to any of the worker's subscriptions. */
  pushed(push: ServicePush): void {
    if (push.subscription !== this.#subscription || this.#isStopped) return
    if (push.type === 'ended') {
      this.#subscription = undefined
      if (push.reason === 'taken over') this.#subscribeLater()
      else this.#subscribe()
      return
    }
    const { records, atEnd, children } = push
    const last = records.at(-1)
    if (last !== undefined) {
      this.#position = { type: 'AFTER_SEQUENCE_NUMBER', sequence: last.sequence }
      this.#events.records(records)
    }
    if (atEnd) {
      this.#subscription = undefined
      this.#isStopped = true
      this.#events.ended(children)
    }
  }

  /** The connection is gone. */
  lost(): void {
    if (this.#subscription === undefined) return
    this.#subscription = undefined
    this.#subscribeLater()
  }

  #subscribeLater(): void {
    this.#context.process.setTimer(healthCheck, () => this.#subscribe())
  }

  #subscribe(): void {
    if (this.#isStopped || this.#isSubscribing || this.#subscription !== undefined) return
    const { stream, settings, group } = this.#context
    const consumer = settings.consumerName ?? group
    const position = this.#position
    this.#isSubscribing = true
    this.#client.call(
      () => ({ type: 'SubscribeToShard', stream, shard: this.#shard, consumer, position }),
      (end) => {
        this.#isSubscribing = false
        if (end.type !== 'answered' || end.answer.type !== 'subscribed') {
          if (!this.#isStopped) this.#subscribeLater()
          return
        }
        const { subscription, after, lastTrimmed } = end.answer
        this.#subscription = subscription
        if (this.#isStopped) {
          this.stop()
          return
        }
        this.#position = { type: 'AFTER_SEQUENCE_NUMBER', sequence: after }
        if (!this.#hasBegun) this.#events.began(after, lastTrimmed)
        this.#hasBegun = true
      },
      { attempts: 1 },
    )
  }
}
