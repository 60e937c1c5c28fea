import type { Connection, ConnectionHandler } from '../../../simulation/connection.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { Envelope } from '../../system.ts'
import { shardLimits } from '../core/shard.ts'
import type { Stream } from '../core/stream.ts'
import { putThrottled, shardLimitReached } from '../facts.ts'
import type { Incoming, Numbered, PutEntry, ServiceAnswer, ServicePush, ServiceRequest } from '../protocol.ts'
import { entryBytes, headerBytes, recordsBytes, servicePort } from '../protocol.ts'
import { ShardReaders } from './shard-readers.ts'
import type { StreamStore } from './stream-store.ts'
import { Subscriptions } from './subscriptions.ts'

type Client = Connection<Incoming<ServiceAnswer, ServicePush>>
type Answer = (answer: ServiceAnswer) => void

/** By how much a straggler takes longer. */
const stragglerFactor = 3

/** One incarnation of the process that serves the streams; what they hold outlives it. */
export class Service {
  readonly #process: Process
  readonly #store: StreamStore
  readonly #readers: ShardReaders
  readonly #subscriptions: Subscriptions
  #trimTimer: Timer | undefined

  constructor(process: Process, store: StreamStore) {
    this.#process = process
    this.#store = store
    this.#readers = new ShardReaders(process, store)
    this.#subscriptions = new Subscriptions(process, store)
    process.listen<Incoming<ServiceAnswer, ServicePush>, Numbered<ServiceRequest>>(servicePort, (client) =>
      this.#accept(client),
    )
    this.#awaitReshard()
    this.#trim()
  }

  #accept(client: Client): ConnectionHandler<Numbered<ServiceRequest>> {
    return {
      received: ({ number, body }) =>
        this.#serve(body, client, (answer) =>
          client.send({ number, body: answer }, { bytes: answerBytes(answer), about: `${body.type} answer` }),
        ),
      closed: () => {
        this.#readers.forget(client)
        this.#subscriptions.forget(client)
      },
    }
  }

  #serve(request: ServiceRequest, client: Client, answer: Answer): void {
    switch (request.type) {
      case 'PutRecord':
        if (isTooLarge(request.entry)) answer(tooLarge)
        else this.#putOne(request, answer)
        break
      case 'PutRecords':
        // One of them is enough: the request is refused as a whole.
        if (request.entries.some(isTooLarge)) answer(tooLarge)
        else
          this.#put(request.stream, request.entries, request.attempt, (results) =>
            answer({ type: 'put-many', results }),
          )
        break
      case 'ListShards':
        answer(this.#listShards(request.stream))
        break
      case 'GetShardIterator': {
        const stream = this.#store.stream(request.stream)
        const shard = stream?.shard(request.shard)
        if (stream === undefined || shard === undefined) answer(notFound)
        else {
          const after = stream.begin(shard, request.position)
          const iterator = { stream: request.stream, shard: request.shard, after, issuedAt: this.#process.now }
          answer({ type: 'iterator', iterator, lastTrimmed: shard.lastTrimmed })
        }
        break
      }
      case 'GetRecords':
        this.#readers.read(request, client, answer)
        break
      case 'SubscribeToShard':
        answer(this.#subscriptions.subscribe(request, client))
        break
      case 'request':
        this.#subscriptions.request(request.subscription)
        break
      case 'cancel':
        this.#subscriptions.cancel(request.subscription)
    }
  }

  #putOne({ stream, entry, attempt }: Extract<ServiceRequest, { type: 'PutRecord' }>, answer: Answer): void {
    this.#put(stream, [entry], attempt, ([sequence]) =>
      answer(typeof sequence === 'number' ? { type: 'put', sequence } : throttled),
    )
  }

  /** Takes entries as far as the limits of their shards allow; each gets its sequence number when it is stored, and then all are answered. */
  #put(
    name: string,
    entries: readonly PutEntry[],
    attempt: number,
    answer: (results: readonly (number | 'throttled')[]) => void,
  ): void {
    const stream = this.#store.stream(name)
    if (stream === undefined) return
    const results: (number | 'throttled')[] = entries.map((entry) => (this.#admits(stream, entry) ? 0 : 'throttled'))
    const admitted = entries.flatMap((entry, place) => (results[place] === 0 ? [{ entry, place }] : []))
    const isLate = ({ entry }: { readonly entry: PutEntry }): boolean => this.#straggles(entry, attempt)
    const late = admitted.filter(isLate)
    const onTime = admitted.filter((one) => !late.includes(one))
    const { putLatency } = this.#store.settings
    const storeAll = (batch: typeof admitted): void => {
      for (const { entry, place } of batch) results[place] = this.#keep(stream, entry)
      if (batch === late || late.length === 0) answer(results)
    }
    if (admitted.length === 0) answer(results)
    if (onTime.length > 0) this.#process.setTimer(putLatency, () => storeAll(onTime))
    if (late.length > 0) this.#process.setTimer(putLatency * stragglerFactor, () => storeAll(late))
  }

  #keep(stream: Stream<Envelope>, entry: PutEntry): number {
    const { sequence, shard } = this.#store.put(this.#process, stream, entry)
    this.#changed(stream.plan.name, shard)
    this.#awaitTrim()
    return sequence
  }

  #admits(stream: Stream<Envelope>, entry: PutEntry): boolean {
    const shard = stream.shardFor(entry.partitionKey)
    const limit = shard.admit(entryBytes(entry), this.#process.now)
    if (limit === undefined) return true
    const partition = this.#store.placeOf(stream.plan.name, shard.id)
    this.#process.record(shardLimitReached, { place: partition, limit })
    this.#process.record(putThrottled, { message: entry.envelope.message, partition, limit })
    return false
  }

  #straggles({ envelope }: PutEntry, attempt: number): boolean {
    const { stragglers } = this.#store.settings
    if (stragglers <= 0) return false
    return this.#process.randomOf(`put/${this.#store.textOf(envelope.message)}/attempt-${attempt}`).chance(stragglers)
  }

  #listShards(name: string): ServiceAnswer {
    const stream = this.#store.stream(name)
    if (stream === undefined) return notFound
    const shards = [...stream.shards].map(({ id, parents, isOpen }) => ({ shard: id, parents, isOpen }))
    return { type: 'shards', shards }
  }

  #changed(stream: string, shard: string): void {
    this.#readers.changed(stream, shard)
    this.#subscriptions.changed(stream, shard)
  }

  #awaitReshard(): void {
    const next = this.#store.nextReshard
    if (next === undefined) return
    this.#process.setTimer(Math.max(0, next.at - this.#process.now), () => {
      for (const shard of this.#store.reshard(this.#process, next)) this.#changed(next.stream, shard)
      this.#awaitReshard()
    })
  }

  #trim(): void {
    this.#trimTimer = undefined
    this.#store.trim(this.#process)
    this.#awaitTrim()
  }

  /** One timer for all: whatever comes later is due later, but in a stream that keeps it for a shorter time. */
  #awaitTrim(): void {
    if (this.#trimTimer !== undefined) return
    const due = this.#store.trimDue
    if (due !== undefined)
      this.#trimTimer = this.#process.setTimer(Math.max(0, due - this.#process.now), () => this.#trim())
  }
}

function isTooLarge(entry: PutEntry): boolean {
  return entryBytes(entry) > shardLimits.bytesOfRecord
}

function answerBytes(answer: ServiceAnswer): number {
  return answer.type === 'records' ? recordsBytes(answer.records) : headerBytes
}

const throttled = { type: 'error', error: 'ProvisionedThroughputExceededException', throttled: true } as const
const tooLarge = { type: 'error', error: 'ValidationException', throttled: false } as const
const notFound = { type: 'error', error: 'ResourceNotFoundException', throttled: false } as const
