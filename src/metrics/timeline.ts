const mostBuckets = 256
const firstWidth = 1000

/**
 * Something over virtual time, in at most 256 buckets of equal width. Nobody knows beforehand how long a run will be: when it outgrows the
 * buckets, each two become one.
 */
abstract class Timeline {
  #width = firstWidth
  /** Buckets so far. */
  protected length = 0

  /** The bucket that holds `time`; it and those before it exist. */
  protected bucketAt(time: number): number {
    while (time >= this.#width * mostBuckets) this.#coarsen()
    const place = Math.floor(time / this.#width)
    for (; this.length <= place; this.length++) this.empty(this.length)
    return place
  }

  /** Makes the buckets at least `width` µs wide, and says how many there are up to `end`. */
  protected widen(end: number, width: number): number {
    while (this.#width < width) this.#coarsen()
    return Math.floor(end / this.#width) + 1
  }

  protected abstract empty(place: number): void

  /** Lets the bucket `to` be what `left` and the one behind it were; that one may be beyond the last. */
  protected abstract merge(to: number, left: number): void

  #coarsen(): void {
    const merged = Math.ceil(this.length / 2)
    for (let place = 0; place < merged; place++) this.merge(place, 2 * place)
    this.length = merged
    this.#width *= 2
  }
}

/** How often something happened, by bucket. */
export class CountTimeline extends Timeline {
  readonly #counts = new Float64Array(mostBuckets)

  add(time: number): void {
    const place = this.bucketAt(time)
    this.#counts[place] = (this.#counts[place] ?? 0) + 1
  }

  /** The buckets from the start of the run to `end`, each at least `width` µs wide. */
  upTo(end: number, width: number): readonly number[] {
    const count = this.widen(end, width)
    return Array.from({ length: count }, (_, place) => (place < this.length ? (this.#counts[place] ?? 0) : 0))
  }

  protected override empty(place: number): void {
    this.#counts[place] = 0
  }

  protected override merge(to: number, left: number): void {
    const right = left + 1 < this.length ? (this.#counts[left + 1] ?? 0) : 0
    this.#counts[to] = (this.#counts[left] ?? 0) + right
  }
}

/** Stands for the last level of a bucket in which none was set. */
const unset = -1

/** How high something stood, by bucket: its peak, and where nothing changed, the level at which it stayed. It stands at 0 before the first change. */
export class LevelTimeline extends Timeline {
  /** The highest level that was set in a bucket, and the last one. */
  readonly #peaks = new Float64Array(mostBuckets)
  readonly #lasts = new Float64Array(mostBuckets)

  /** `level` is not negative. */
  set(time: number, level: number): void {
    const place = this.bucketAt(time)
    this.#peaks[place] = Math.max(this.#peaks[place] ?? 0, level)
    this.#lasts[place] = level
  }

  upTo(end: number, width: number): readonly number[] {
    const count = this.widen(end, width)
    let level = 0
    return Array.from({ length: count }, (_, place) => {
      const known = place < this.length
      const highest = Math.max(level, known ? (this.#peaks[place] ?? 0) : 0)
      const last = known ? (this.#lasts[place] ?? unset) : unset
      if (last !== unset) level = last
      return highest
    })
  }

  protected override empty(place: number): void {
    this.#peaks[place] = 0
    this.#lasts[place] = unset
  }

  protected override merge(to: number, left: number): void {
    const hasRight = left + 1 < this.length
    const [leftLast, rightLast] = [this.#lasts[left] ?? unset, hasRight ? (this.#lasts[left + 1] ?? unset) : unset]
    const rightPeak = hasRight ? (this.#peaks[left + 1] ?? 0) : 0
    this.#peaks[to] = Math.max(this.#peaks[left] ?? 0, rightPeak, leftLast)
    this.#lasts[to] = rightLast === unset ? leftLast : rightLast
  }
}

/** The width of the buckets in which a run of this length is charted, µs. */
export function bucketWidth(end: number): number {
  let width = firstWidth
  while (Math.floor(end / width) >= mostBuckets) width *= 2
  return width
}
