const firstSize = 256

/** Points in time with a value each, in the order of taking; eight bytes for each of the two. */
export class Samples {
  #times = new Float64Array(firstSize)
  #values = new Float64Array(firstSize)
  #length = 0

  get length(): number {
    return this.#length
  }

  add(time: number, value: number): void {
    if (this.#length === this.#times.length) {
      this.#times = doubled(this.#times)
      this.#values = doubled(this.#values)
    }
    this.#times[this.#length] = time
    this.#values[this.#length++] = value
  }

  /** Calls `take` with every sample. */
  each(take: (time: number, value: number) => void): void {
    for (let place = 0; place < this.#length; place++) take(this.#times[place] ?? 0, this.#values[place] ?? 0)
  }

  /** What the values are like; nothing where there are none. */
  distribution(): Distribution | undefined {
    return distributionOf(this.#values.slice(0, this.#length))
  }
}

/** Exact figures of a set of durations, µs. A quantile is the least value that so many of them do not exceed. */
export interface Distribution {
  readonly count: number
  readonly mean: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
}

/** Sorts `values` in place. */
export function distributionOf(values: Float64Array): Distribution | undefined {
  const count = values.length
  if (count === 0) return undefined
  values.sort()
  let sum = 0
  for (const value of values) sum += value
  const quantile = (fraction: number): number => values[Math.max(0, Math.ceil(count * fraction) - 1)] ?? 0
  return {
    count,
    mean: Math.round(sum / count),
    p50: quantile(0.5),
    p99: quantile(0.99),
    p999: quantile(0.999),
    max: values[count - 1] ?? 0,
  }
}

function doubled(array: Float64Array): Float64Array<ArrayBuffer> {
  const next = new Float64Array(array.length * 2)
  next.set(array)
  return next
}
