import type { Name } from '../../../history/fact.ts'
import type { Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { minute, second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { Envelope } from '../../system.ts'
import { RateLimit } from '../core/rate-limit.ts'
import type { Shard } from '../core/shard.ts'
import { shardLimits } from '../core/shard.ts'
import type { Stream } from '../core/stream.ts'
import { subscriptionTakenOver } from '../facts.ts'
import type { Incoming, ServiceAnswer, ServicePush, ServiceRequest } from '../protocol.ts'
import { recordsBytes } from '../protocol.ts'
import { childrenOf } from './shard-readers.ts'
import type { StreamStore } from './stream-store.ts'

type Client = Connection<Incoming<ServiceAnswer, ServicePush>>
type Subscribe = Extract<ServiceRequest, { type: 'SubscribeToShard' }>

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html */
const sessionLength = 5 * minute
const shortestSession = 5 * second

interface Subscription {
  readonly number: number
  readonly client: Client
  readonly consumer: string
  readonly place: Name
  readonly stream: Stream<Envelope>
  readonly shard: Shard<Envelope>
  readonly limit: RateLimit
  readonly end: Timer
  after: number
  /** Whether the subscriber can take an event. */
  isAsked: boolean
  isWaiting: boolean
}

/** Pushes records to registered consumers: each has a throughput of its own for a shard, and one subscription at a time. */
export class Subscriptions {
  readonly #process: Process
  readonly #store: StreamStore
  readonly #byNumber = new Map<number, Subscription>()
  readonly #begunAt = new Map<string, Micros>()
  #numbers = 0

  constructor(process: Process, store: StreamStore) {
    this.#process = process
    this.#store = store
  }

  subscribe({ stream: name, shard: id, consumer, position }: Subscribe, client: Client): ServiceAnswer {
    const stream = this.#store.stream(name)
    const shard = stream?.shard(id)
    if (stream === undefined || shard === undefined) return refusal('ResourceNotFoundException')
    const { now } = this.#process
    const place = this.#store.placeOf(name, id)
    const key = `${consumer}/${place}`
    if (now - (this.#begunAt.get(key) ?? -Infinity) < shortestSession) return refusal('ResourceInUseException')
    this.#begunAt.set(key, now)
    this.#endOther(consumer, place, client)
    const number = ++this.#numbers
    const end = this.#process.setTimer(sessionLength, () => this.#end(number, 'its five minutes are over'))
    const limit = new RateLimit(shardLimits.bytesRead)
    const after = stream.begin(shard, position)
    const { lastTrimmed } = shard
    const open = { number, client, consumer, place, stream, shard, limit, end, after, isAsked: true, isWaiting: false }
    this.#byNumber.set(number, open)
    this.#process.setTimer(0, () => this.#push(open))
    return { type: 'subscribed', subscription: number, after, lastTrimmed }
  }

  request(number: number): void {
    const subscription = this.#byNumber.get(number)
    if (subscription === undefined) return
    subscription.isAsked = true
    this.#push(subscription)
  }

  cancel(number: number): void {
    const subscription = this.#byNumber.get(number)
    if (subscription !== undefined) this.#remove(subscription)
  }

  changed(stream: string, shard: string): void {
    const place = this.#store.placeOf(stream, shard)
    for (const subscription of this.#byNumber.values()) if (subscription.place === place) this.#push(subscription)
  }

  forget(client: Client): void {
    for (const subscription of [...this.#byNumber.values()])
      if (subscription.client === client) this.#remove(subscription)
  }

  #push(subscription: Subscription): void {
    const { number, client, stream, shard, limit, isAsked, isWaiting } = subscription
    if (!isAsked || isWaiting || !this.#byNumber.has(number)) return
    const wait = limit.wait(this.#process.now)
    if (wait > 0) {
      subscription.isWaiting = true
      this.#process.setTimer(wait, () => {
        subscription.isWaiting = false
        this.#push(subscription)
      })
      return
    }
    const { records, atEnd } = shard.read(subscription.after, shardLimits.recordsOfOneRead)
    if (records.length === 0 && !atEnd) return
    const bytes = recordsBytes(records)
    limit.take(bytes, this.#process.now)
    subscription.after = records.at(-1)?.sequence ?? subscription.after
    subscription.isAsked = false
    const children = atEnd ? childrenOf(stream, shard) : []
    const push = { type: 'event', subscription: number, records, atEnd, children } as const
    client.send({ push }, { bytes, about: 'SubscribeToShardEvent' })
    if (atEnd) this.#remove(subscription)
  }

  #endOther(consumer: string, place: Name, client: Client): void {
    for (const other of [...this.#byNumber.values()]) {
      if (other.consumer !== consumer || other.place !== place) continue
      const values = { partition: place, consumer, member: client.peerName, from: other.client.peerName }
      this.#process.record(subscriptionTakenOver, values)
      this.#end(other.number, 'taken over')
    }
  }

  #end(number: number, reason: string): void {
    const subscription = this.#byNumber.get(number)
    if (subscription === undefined) return
    this.#remove(subscription)
    subscription.client.send({ push: { type: 'ended', subscription: number, reason } }, { bytes: 100, about: 'end' })
  }

  #remove({ number, end }: Subscription): void {
    this.#byNumber.delete(number)
    end.clear()
  }
}

function refusal(error: string): ServiceAnswer {
  return { type: 'error', error, throttled: false }
}
