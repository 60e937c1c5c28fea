const mostBuckets = 256
const firstWidth = 1000

/** What a bucket of a {@link Timeline} is made of, and how two neighbours become one. */
interface Buckets<B> {
  readonly empty: B
  merge(left: B, right: B): B
}

/**
 * Something over virtual time, in at most 256 buckets of equal width. Nobody knows beforehand how long a run will be: when it outgrows the
 * buckets, each two become one.
 */
class Timeline<B> {
  readonly #kind: Buckets<B>
  #width = firstWidth
  #buckets: B[] = []

  constructor(kind: Buckets<B>) {
    this.#kind = kind
  }

  change(time: number, changed: (bucket: B) => B): void {
    while (Math.floor(time / this.#width) >= mostBuckets) this.#coarsen()
    const place = Math.floor(time / this.#width)
    while (this.#buckets.length <= place) this.#buckets.push(this.#kind.empty)
    this.#buckets[place] = changed(this.#buckets[place] ?? this.#kind.empty)
  }

  /** The buckets from the start of the run to `end`, each at least `width` µs wide. */
  upTo(end: number, width: number): readonly B[] {
    while (this.#width < width) this.#coarsen()
    const count = Math.floor(end / this.#width) + 1
    return Array.from({ length: count }, (_, place) => this.#buckets[place] ?? this.#kind.empty)
  }

  #coarsen(): void {
    const { empty, merge } = this.#kind
    const merged: B[] = []
    for (let place = 0; place < this.#buckets.length; place += 2) {
      merged.push(merge(this.#buckets[place] ?? empty, this.#buckets[place + 1] ?? empty))
    }
    this.#buckets = merged
    this.#width *= 2
  }
}

/** How often something happened, by bucket. */
export class CountTimeline {
  readonly #timeline = new Timeline<number>({ empty: 0, merge: (left, right) => left + right })

  add(time: number): void {
    this.#timeline.change(time, (count) => count + 1)
  }

  upTo(end: number, width: number): readonly number[] {
    return this.#timeline.upTo(end, width)
  }
}

interface Level {
  /** The highest that was set in the bucket. */
  readonly peak: number
  /** The last that was set in the bucket; nothing where none was. */
  readonly last: number | undefined
}

/** How high something stood, by bucket: its peak, and where nothing changed, the level at which it stayed. It stands at 0 before the first change. */
export class LevelTimeline {
  readonly #timeline = new Timeline<Level>({
    empty: { peak: 0, last: undefined },
    merge: (left, right) => ({ peak: Math.max(left.peak, right.peak, left.last ?? 0), last: right.last ?? left.last }),
  })

  set(time: number, level: number): void {
    this.#timeline.change(time, ({ peak }) => ({ peak: Math.max(peak, level), last: level }))
  }

  upTo(end: number, width: number): readonly number[] {
    let level = 0
    return this.#timeline.upTo(end, width).map(({ peak, last }) => {
      const highest = Math.max(level, peak)
      level = last ?? level
      return highest
    })
  }
}

/** The width of the buckets in which a run of this length is charted, µs. */
export function bucketWidth(end: number): number {
  let width = firstWidth
  while (Math.floor(end / width) >= mostBuckets) width *= 2
  return width
}
