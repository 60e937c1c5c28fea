const mostBuckets = 256
const firstWidth = 1000

/**
 * Counts over virtual time, in at most 256 buckets of equal width. Nobody knows beforehand how long a run will be: when it outgrows the
 * buckets, each two become one.
 */
export class Timeline {
  #width = firstWidth
  #buckets: number[] = []
  readonly #merge: (left: number, right: number) => number

  /** `sum` counts what happens in a bucket; `peak` keeps the largest value seen in it. */
  constructor(kind: 'sum' | 'peak') {
    this.#merge = kind === 'sum' ? (left, right) => left + right : Math.max
  }

  /** µs that a bucket lasts. */
  get width(): number {
    return this.#width
  }

  add(time: number, value: number): void {
    while (Math.floor(time / this.#width) >= mostBuckets) this.#coarsen()
    const place = Math.floor(time / this.#width)
    while (this.#buckets.length <= place) this.#buckets.push(0)
    this.#buckets[place] = this.#merge(this.#buckets[place] ?? 0, value)
  }

  /** The buckets from the start of the run to `end`, each at least `width` µs wide. */
  upTo(end: number, width: number): readonly number[] {
    while (this.#width < width) this.#coarsen()
    const count = Math.floor(end / this.#width) + 1
    return Array.from({ length: count }, (_, place) => this.#buckets[place] ?? 0)
  }

  #coarsen(): void {
    const { length } = this.#buckets
    const merged: number[] = []
    for (let place = 0; place < length; place += 2)
      merged.push(this.#merge(this.#buckets[place] ?? 0, this.#buckets[place + 1] ?? 0))
    this.#buckets = merged
    this.#width *= 2
  }
}

/** The width of the buckets in which a run of this length is charted, µs. */
export function bucketWidth(end: number): number {
  let width = firstWidth
  while (Math.floor(end / width) >= mostBuckets) width *= 2
  return width
}
