import type { Bulk } from './bulk.ts'
import type { StreamId } from './stream-id.ts'

interface KnownId {
  readonly id: StreamId
  /** When it was added, milliseconds. */
  readonly at: number
}

/** How long ids are remembered, seconds, and how many of each producer: `stream-idmp-duration` and `stream-idmp-maxsize`. */
export interface IdLimits {
  readonly duration: number
  readonly maxSize: number
}

export const defaultIdLimits: IdLimits = { duration: 100, maxSize: 100 }

/**
 * The ids under which producers have added entries to a stream (8.6). An id is forgotten after `duration` seconds, or once its producer has
 * added `maxSize` newer ones, whichever is sooner. https://redis.io/docs/latest/develop/data-types/streams/idempotency/
 */
export class ProducerIds {
  #duration: number
  #maxSize: number
  /** By producer, the oldest id first. */
  readonly #known = new Map<string, Map<string, KnownId>>()

  constructor({ duration, maxSize }: IdLimits = defaultIdLimits) {
    this.#duration = duration
    this.#maxSize = maxSize
  }

  /** The entry that the producer added under this id, if it is remembered. */
  find(producer: string, id: string, now: number): StreamId | undefined {
    const known = this.#known.get(producer)?.get(id)
    return known === undefined || now - known.at >= this.#duration * 1000 ? undefined : known.id
  }

  remember(producer: string, id: string, added: StreamId, now: number): void {
    const known = this.#known.get(producer) ?? new Map<string, KnownId>()
    this.#known.set(producer, known)
    known.delete(id)
    known.set(id, { id: added, at: now })
    for (const [oldest, { at }] of known) {
      if (known.size <= this.#maxSize && now - at < this.#duration * 1000) break
      known.delete(oldest)
    }
  }

  /** Seconds and ids; what is not given stays. What is another value than before makes the stream forget every id. */
  configure(duration: number | undefined, maxSize: number | undefined): void {
    const isOther = (duration ?? this.#duration) !== this.#duration || (maxSize ?? this.#maxSize) !== this.#maxSize
    if (isOther) this.#known.clear()
    this.#duration = duration ?? this.#duration
    this.#maxSize = maxSize ?? this.#maxSize
  }

  get duration(): number {
    return this.#duration
  }

  get maxSize(): number {
    return this.#maxSize
  }

  get bytes(): number {
    let count = 0
    for (const known of this.#known.values()) count += known.size
    return count * knownBytes
  }

  copy(): ProducerIds {
    const copy = new ProducerIds({ duration: this.#duration, maxSize: this.#maxSize })
    for (const [producer, known] of this.#known) copy.#known.set(producer, new Map(known))
    return copy
  }
}

/** What `IDMPAUTO` goes by: the same fields and values in any order give the same. Redis hashes them. */
export function contentId(fields: readonly Bulk[]): string {
  const pairs: string[] = []
  for (let index = 0; index < fields.length; index += 2) {
    const [name = '', value = ''] = [fields[index], fields[index + 1]]
    pairs.push(JSON.stringify([name, value]))
  }
  return pairs.sort().join()
}

/** Roughly. */
const knownBytes = 100
