import type { Name } from '../../../history/fact.ts'
import { copyEnded, copyRemained, copyStored } from '../../../history/facts.ts'
import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { World } from '../../../simulation/world.ts'
import type { Envelope } from '../../system.ts'
import type { Shard } from '../core/shard.ts'
import { Stream } from '../core/stream.ts'
import { recordPut, shardClosed } from '../facts.ts'
import type { PutEntry, ReadRecord } from '../protocol.ts'
import { entryBytes } from '../protocol.ts'
import type { PlannedReshard, ServiceSettings } from './service-settings.ts'

export interface StoreOptions {
  readonly world: World
  readonly system: string
  readonly settings: ServiceSettings
  readonly nextCopy: () => number
}

/**
 * What the service keeps, whatever becomes of the process that serves it: it has three copies of everything in different zones. It also keeps
 * the account of copies.
 */
export class StreamStore {
  readonly settings: ServiceSettings
  readonly #options: StoreOptions
  readonly #streams: ReadonlyMap<string, Stream<Envelope>>
  readonly #copies = new Map<ReadRecord, number>()
  readonly #places = new Map<string, Name>()
  #reshardsDone = 0

  constructor(options: StoreOptions) {
    this.#options = options
    this.settings = options.settings
    this.#streams = new Map(options.settings.streams.map((plan) => [plan.name, new Stream<Envelope>(plan)]))
  }

  stream(name: string): Stream<Envelope> | undefined {
    return this.#streams.get(name)
  }

  /** The name of a shard in facts. */
  placeOf(stream: string, shard: string): Name {
    const path = `${this.#options.system}/${stream}/${shard}`
    const known = this.#places.get(path)
    if (known !== undefined) return known
    const place = this.#options.world.history.names.intern(path)
    this.#places.set(path, place)
    return place
  }

  textOf(message: Name): string {
    return this.#options.world.history.names.text(message)
  }

  put(process: Process, stream: Stream<Envelope>, entry: PutEntry): { sequence: number; shard: string } {
    const shard = stream.shardFor(entry.partitionKey)
    const record = stream.append(shard, entry.envelope, entryBytes(entry), process.now)
    const place = this.placeOf(stream.plan.name, shard.id)
    const { message } = entry.envelope
    const copy = this.#options.nextCopy()
    this.#copies.set(record, copy)
    process.record(recordPut, { message, partition: place, offset: record.sequence })
    process.record(copyStored, { copy, message, place })
    return { sequence: record.sequence, shard: shard.id }
  }

  /** The next change of shards that has not been made. */
  get nextReshard(): PlannedReshard | undefined {
    return this.settings.reshards[this.#reshardsDone]
  }

  /** Makes it; the shards that it closed. */
  reshard(process: Process, { stream: name, how }: PlannedReshard): readonly string[] {
    this.#reshardsDone++
    const opened = this.#streams.get(name)?.reshard(how) ?? []
    const children = opened.map(({ id }) => id)
    const closed = opened[0]?.parents ?? []
    for (const shard of closed) {
      const partition = this.placeOf(name, shard)
      process.record(shardClosed, { partition, children: children.join(', '), reason: how.type })
    }
    return closed
  }

  /** Takes out what is too old. */
  trim(process: Process): void {
    for (const [name, stream] of this.#streams) {
      for (const { shard, record } of stream.trim(process.now)) {
        const values = this.#copyOf(name, shard, record)
        this.#copies.delete(record)
        process.record(copyEnded, { ...values, fate: 'expired', reason: 'older than the retention period' })
      }
    }
  }

  /** When the oldest record is to be taken out; nothing where there is none. */
  get trimDue(): Micros | undefined {
    const dues = [...this.#streams.values()].flatMap(({ plan, shards }) =>
      [...shards].flatMap(({ records: [oldest] }) =>
        oldest === undefined ? [] : [oldest.arrivedAt + plan.retention + 1],
      ),
    )
    return dues.length === 0 ? undefined : Math.min(...dues)
  }

  takeInventory(): void {
    for (const [name, stream] of this.#streams) {
      for (const shard of stream.shards) {
        for (const record of shard.records) {
          const values = { ...this.#copyOf(name, shard, record), state: 'retained' }
          this.#options.world.recordOfRun(copyRemained, values)
        }
      }
    }
  }

  #copyOf(stream: string, shard: Shard<Envelope>, record: ReadRecord) {
    const place = this.placeOf(stream, shard.id)
    return { copy: this.#copies.get(record) ?? -1, message: record.content.message, place }
  }
}
