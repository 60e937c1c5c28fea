import type { Micros } from '../../../simulation/duration.ts'
import type { HashKeyRange } from './hash-keys.ts'
import { RateLimit } from './rate-limit.ts'

const mebibyte = 1024 * 1024

/** What a shard bears. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
export const shardLimits = {
  /** With its key, as the service has it unless a larger size is asked for. */
  bytesOfRecord: mebibyte,
  recordsWritten: 1000,
  bytesWritten: mebibyte,
  reads: 5,
  bytesRead: 2 * mebibyte,
  recordsOfOneRead: 10_000,
  bytesOfOneRead: 10 * mebibyte,
} as const

/** A record in its place. Sequence numbers grow; there are gaps between them. */
export interface StoredRecord<R> {
  readonly sequence: number
  readonly arrivedAt: Micros
  readonly bytes: number
  readonly content: R
}

/** A read, from behind a sequence number on: the records, and whether a closed shard is at its end. */
export interface ShardReading<R> {
  readonly records: readonly StoredRecord<R>[]
  readonly atEnd: boolean
}

/** One shard: the records of a range of hash keys in the order of their sequence numbers, until it is closed and after that. */
export class Shard<R> {
  readonly id: string
  readonly range: HashKeyRange
  readonly parents: readonly string[]
  /** The shards that go on where it was closed; none while it is open. */
  children: readonly string[] = []
  readonly #written = new RateLimit(shardLimits.recordsWritten)
  readonly #bytesWritten = new RateLimit(shardLimits.bytesWritten)
  readonly #reads = new RateLimit(shardLimits.reads)
  readonly #bytesRead = new RateLimit(shardLimits.bytesRead)
  #records: StoredRecord<R>[] = []
  #lastTrimmed = 0

  constructor(id: string, range: HashKeyRange, parents: readonly string[]) {
    this.id = id
    this.range = range
    this.parents = parents
  }

  get isOpen(): boolean {
    return this.children.length === 0
  }

  get records(): readonly StoredRecord<R>[] {
    return this.#records
  }

  /** The sequence number of the last record that was trimmed; 0 for none. */
  get lastTrimmed(): number {
    return this.#lastTrimmed
  }

  /** The limit that a put of so many bytes meets now; nothing where it is within them, and then it counts. */
  admit(bytes: number, now: Micros): 'records' | 'bytes' | undefined {
    if (!this.#written.has(1, now)) return 'records'
    if (!this.#bytesWritten.has(bytes, now)) return 'bytes'
    this.#written.take(1, now)
    this.#bytesWritten.take(bytes, now)
    return undefined
  }

  append(record: StoredRecord<R>): void {
    this.#records.push(record)
  }

  /** The limit that a read meets now; nothing where it is within them, and then it counts as a call. */
  admitRead(now: Micros): 'calls' | 'bytes' | undefined {
    if (!this.#reads.has(1, now)) return 'calls'
    if (!this.#bytesRead.hasAny(now)) return 'bytes'
    this.#reads.take(1, now)
    return undefined
  }

  /** What stands behind `after`, and counts for the limit of bytes that all readers share. */
  readShared(after: number, limit: number, now: Micros): ShardReading<R> {
    const reading = this.read(after, limit)
    for (const { bytes } of reading.records) this.#bytesRead.take(bytes, now)
    return reading
  }

  /** What stands behind `after`: at most `limit` records, and as many bytes as one answer may have. */
  read(after: number, limit: number): ShardReading<R> {
    const from = this.#placeBehind(after)
    const most = Math.min(from + limit, from + shardLimits.recordsOfOneRead, this.#records.length)
    let to = from
    for (let bytes = 0; to < most; to++) {
      bytes += this.#records[to]?.bytes ?? 0
      if (bytes > shardLimits.bytesOfOneRead) break
    }
    return { records: this.#records.slice(from, to), atEnd: !this.isOpen && to === this.#records.length }
  }

  /** How many records stand behind `after`. */
  countBehind(after: number): number {
    return this.#records.length - this.#placeBehind(after)
  }

  /** The sequence number before the first record that arrived at `time` or later; nothing where there is none. */
  before(time: Micros): number | undefined {
    const first = this.#records.find(({ arrivedAt }) => arrivedAt >= time)
    return first === undefined ? undefined : first.sequence - 1
  }

  /** Takes out what arrived before `time`. */
  trim(time: Micros): readonly StoredRecord<R>[] {
    const kept = this.#records.findIndex(({ arrivedAt }) => arrivedAt >= time)
    const gone = this.#records.splice(0, kept < 0 ? this.#records.length : kept)
    this.#lastTrimmed = gone.at(-1)?.sequence ?? this.#lastTrimmed
    return gone
  }

  /** The first place whose sequence number is above `after`, by halving. */
  #placeBehind(after: number): number {
    let [low, high] = [0, this.#records.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#records[middle]?.sequence ?? Infinity) > after) high = middle
      else low = middle + 1
    }
    return low
  }
}
