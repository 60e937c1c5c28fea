import type { Micros } from '../../../simulation/duration.ts'
import type { HashKeyRange } from './hash-keys.ts'
import { evenRanges, halves, hashKeyOf, includes, union } from './hash-keys.ts'
import type { StoredRecord } from './shard.ts'
import { Shard } from './shard.ts'

/** Where somebody begins to read a shard. */
export type ReadingPosition =
  | { readonly type: 'TRIM_HORIZON' }
  | { readonly type: 'LATEST' }
  | { readonly type: 'AT_TIMESTAMP'; readonly time: Micros }
  | { readonly type: 'AFTER_SEQUENCE_NUMBER'; readonly sequence: number }

/** What becomes of shards: one in two halves, or two neighbours in one. */
export type Reshard =
  | { readonly type: 'split'; readonly shard: string }
  | { readonly type: 'merge'; readonly shards: readonly [string, string] }

export interface StreamPlan {
  readonly name: string
  readonly shards: number
  readonly retention: Micros
  /** Whether keys say where a record goes, or the service spreads records as it likes. */
  readonly distribution: 'USER_PARTITION_KEY' | 'AUTO'
}

/** A data stream: its shards with their records, and what has become of them. */
export class Stream<R> {
  readonly plan: StreamPlan
  readonly #shards = new Map<string, Shard<R>>()
  #lastSequence = 0
  #spread = 0

  constructor(plan: StreamPlan) {
    this.plan = plan
    for (const range of evenRanges(plan.shards)) this.#open(range, [])
  }

  /** All that there ever were, in the order of their opening. */
  get shards(): Iterable<Shard<R>> {
    return this.#shards.values()
  }

  get openShards(): readonly Shard<R>[] {
    return [...this.#shards.values()].filter(({ isOpen }) => isOpen)
  }

  /** The latest sequence number that was given, 0 before the first. */
  get lastSequence(): number {
    return this.#lastSequence
  }

  shard(id: string): Shard<R> | undefined {
    return this.#shards.get(id)
  }

  /** The shard that takes a record with this partition key now. */
  shardFor(partitionKey: string): Shard<R> {
    const open = this.openShards
    if (this.plan.distribution === 'AUTO') return found(open[this.#spread++ % open.length])
    const hashKey = hashKeyOf(partitionKey)
    return found(open.find(({ range }) => includes(range, hashKey)))
  }

  /** Gives a record the next sequence number of a shard. */
  append(shard: Shard<R>, content: R, bytes: number, now: Micros): StoredRecord<R> {
    const record = { sequence: ++this.#lastSequence, arrivedAt: now, bytes, content }
    shard.append(record)
    return record
  }

  /** The sequence number behind which a reader begins. */
  begin(shard: Shard<R>, position: ReadingPosition): number {
    switch (position.type) {
      case 'TRIM_HORIZON':
        return shard.lastTrimmed
      case 'LATEST':
        return this.#lastSequence
      case 'AT_TIMESTAMP':
        return shard.before(position.time) ?? this.#lastSequence
      case 'AFTER_SEQUENCE_NUMBER':
        return Math.max(position.sequence, shard.lastTrimmed)
    }
  }

  /** Closes shards and opens those that go on; the shards that were opened, or none where it cannot be done. */
  reshard(how: Reshard): readonly Shard<R>[] {
    const ids = how.type === 'split' ? [how.shard] : how.shards
    const parents = ids.flatMap((id) => this.#shards.get(id) ?? []).filter(({ isOpen }) => isOpen)
    const ranges = rangesAfter(parents.map(({ range }) => range))
    if (parents.length < ids.length || ranges === undefined) return []
    const opened = ranges.map((range) =>
      this.#open(
        range,
        parents.map(({ id }) => id),
      ),
    )
    for (const parent of parents) parent.children = opened.map(({ id }) => id)
    return opened
  }

  /** Takes out what is older than the retention allows. */
  trim(now: Micros): readonly { readonly shard: Shard<R>; readonly record: StoredRecord<R> }[] {
    const oldest = now - this.plan.retention
    return [...this.#shards.values()].flatMap((shard) => shard.trim(oldest).map((record) => ({ shard, record })))
  }

  #open(range: HashKeyRange, parents: readonly string[]): Shard<R> {
    const shard = new Shard<R>(shardId(this.#shards.size), range, parents)
    this.#shards.set(shard.id, shard)
    return shard
  }
}

/** `shardId-000000000003` is the fourth shard of a stream. */
export function shardId(number: number): string {
  return `shardId-${String(number).padStart(12, '0')}`
}

function rangesAfter(ranges: readonly HashKeyRange[]): readonly HashKeyRange[] | undefined {
  const [first, second] = ranges
  if (first === undefined) return undefined
  if (second === undefined) return halves(first)
  const whole = union(first, second)
  return whole === undefined ? undefined : [whole]
}

function found<T>(item: T | undefined): T {
  if (item === undefined) throw new Error('The open shards of a stream do not cover all hash keys.')
  return item
}
