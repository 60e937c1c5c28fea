import type { Name } from '../../../history/fact.ts'
import type { Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { minute } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Envelope } from '../../system.ts'
import type { Shard } from '../core/shard.ts'
import type { Stream } from '../core/stream.ts'
import { readThrottled } from '../facts.ts'
import type { Incoming, ServiceAnswer, ServicePush, ServiceRequest, ShardDescription } from '../protocol.ts'
import type { StreamStore } from './stream-store.ts'

type Client = Connection<Incoming<ServiceAnswer, ServicePush>>
type GetRecords = Extract<ServiceRequest, { type: 'GetRecords' }>

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
const iteratorLife = 5 * minute

interface ParkedRead {
  readonly request: GetRecords
  readonly client: Client
  readonly answer: (answer: ServiceAnswer) => void
  readonly since: Micros
  isDue: boolean
}

/**
 * Serves GetRecords. A poll that finds nothing is answered with nothing, and its reader asks again; instead of repeating that, the poll stays here
 * until there is something, and is answered when the reader would have asked next.
 */
export class ShardReaders {
  readonly #process: Process
  readonly #store: StreamStore
  readonly #parked = new Map<Name, Set<ParkedRead>>()

  constructor(process: Process, store: StreamStore) {
    this.#process = process
    this.#store = store
  }

  read(request: GetRecords, client: Client, answer: (answer: ServiceAnswer) => void): void {
    const { iterator } = request
    const { now } = this.#process
    const stream = this.#store.stream(iterator.stream)
    const shard = stream?.shard(iterator.shard)
    if (stream === undefined || shard === undefined) answer(noShard)
    else if (now - iterator.issuedAt > iteratorLife) answer(expired)
    else this.#readShard({ request, client, answer, since: now, isDue: false }, stream, shard)
  }

  /** There is something new in a shard, or it was closed. */
  changed(stream: string, shard: string): void {
    const parked = this.#parked.get(this.#store.placeOf(stream, shard))
    for (const read of parked ?? []) {
      if (read.isDue) continue
      read.isDue = true
      const { again } = read.request
      const passed = this.#process.now - read.since
      this.#process.setTimer(Math.ceil(passed / again) * again - passed, () => this.#askAgain(parked, read))
    }
  }

  forget(client: Client): void {
    for (const parked of this.#parked.values())
      for (const read of [...parked]) if (read.client === client) parked.delete(read)
  }

  #askAgain(parked: Set<ParkedRead> | undefined, read: ParkedRead): void {
    if (parked?.delete(read) !== true) return
    const { iterator } = read.request
    const request = { ...read.request, iterator: { ...iterator, issuedAt: this.#process.now } }
    this.read(request, read.client, read.answer)
  }

  #readShard(read: ParkedRead, stream: Stream<Envelope>, shard: Shard<Envelope>): void {
    const { iterator, limit, reader } = read.request
    const { now } = this.#process
    const place = this.#store.placeOf(iterator.stream, shard.id)
    const met = shard.admitRead(now)
    if (met !== undefined) {
      this.#process.record(readThrottled, { partition: place, group: reader, limit: met })
      read.answer(throttled)
      return
    }
    const { records, atEnd } = shard.readShared(iterator.after, limit, now)
    if (records.length === 0 && !atEnd) {
      this.#parkedAt(place).add(read)
      return
    }
    const after = records.at(-1)?.sequence ?? iterator.after
    const next = atEnd ? undefined : { ...iterator, after, issuedAt: now }
    read.answer({ type: 'records', records, next, children: atEnd ? childrenOf(stream, shard) : [] })
  }

  #parkedAt(place: Name): Set<ParkedRead> {
    const known = this.#parked.get(place) ?? new Set<ParkedRead>()
    this.#parked.set(place, known)
    return known
  }
}

/** The shards that go on where this one ends. */
export function childrenOf(stream: Stream<Envelope>, shard: Shard<Envelope>): readonly ShardDescription[] {
  return shard.children.flatMap((id) => {
    const child = stream.shard(id)
    return child === undefined ? [] : [{ shard: id, parents: child.parents, isOpen: child.isOpen }]
  })
}

const noShard = { type: 'error', error: 'ResourceNotFoundException', throttled: false } as const
const expired = { type: 'error', error: 'ExpiredIteratorException', throttled: false } as const
const throttled = { type: 'error', error: 'ProvisionedThroughputExceededException', throttled: true } as const
