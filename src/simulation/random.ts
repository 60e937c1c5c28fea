import tychei from 'seedrandom/lib/tychei.js'

/**
 * A stream of random numbers with a name. Streams of different names are independent, and forking draws nothing from the parent: a new
 * component, a retry or a fault that is taken away shifts no draw of anybody else. The generator is made on the first draw.
 */
export class Random {
  readonly path: string
  #draw: (() => number) | undefined

  /** `path` is the seed of the scenario, then the names of the forks, joined by `/`. Always a string: whole numbers seed differently. */
  constructor(path: string) {
    this.path = path
  }

  fork(name: string): Random {
    return new Random(`${this.path}/${name}`)
  }

  /** A number in [0, 1) with 32 random bits. */
  next(): number {
    this.#draw ??= tychei(this.path)
    return this.#draw()
  }

  /** A whole number in [0, bound). */
  below(bound: number): number {
    return Math.floor(this.next() * bound)
  }

  /** A whole number in [low, high], both included. */
  between(low: number, high: number): number {
    return low + this.below(high - low + 1)
  }

  /** `true` with the given probability. Nothing is drawn where the answer is certain. */
  chance(probability: number): boolean {
    if (probability <= 0) return false
    return probability >= 1 || this.next() < probability
  }

  /** One of the items, which must not be none. */
  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)]
    if (item === undefined) throw new RangeError('There is nothing to pick from.')
    return item
  }

  /** The items in a random order, in a new array. */
  shuffled<T>(items: readonly T[]): T[] {
    const left = [...items]
    return items.map(() => left.splice(this.below(left.length), 1)).flat()
  }
}
