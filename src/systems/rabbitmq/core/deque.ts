/**
 * A line with constant-time ends, in a ring that doubles when it is full. The plain version is an array, whose `shift` moves every element
 * that is left.
 */
export class Deque<T> {
  #ring: (T | undefined)[] = new Array<T | undefined>(smallestRing)
  #head = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  /** The element at this place from the front. */
  at(place: number): T | undefined {
    return place < this.#length ? this.#ring[this.#slot(place)] : undefined
  }

  push(item: T): void {
    this.#makeRoom()
    this.#ring[this.#slot(this.#length++)] = item
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined
    const item = this.#ring[this.#head]
    this.#ring[this.#head] = undefined
    this.#head = this.#slot(1)
    this.#length--
    return item
  }

  /** Puts an item before the one at `place`; the fewer there are in front of it, the cheaper. */
  insert(place: number, item: T): void {
    this.#makeRoom()
    this.#head = this.#slot(this.#ring.length - 1)
    this.#length++
    for (let index = 0; index < place; index++) this.#ring[this.#slot(index)] = this.#ring[this.#slot(index + 1)]
    this.#ring[this.#slot(place)] = item
  }

  clear(): void {
    this.#ring = new Array<T | undefined>(smallestRing)
    this.#head = 0
    this.#length = 0
  }

  *[Symbol.iterator](): Generator<T> {
    for (let place = 0; place < this.#length; place++) {
      const item = this.#ring[this.#slot(place)]
      if (item !== undefined) yield item
    }
  }

  #slot(place: number): number {
    return (this.#head + place) & (this.#ring.length - 1)
  }

  #makeRoom(): void {
    if (this.#length < this.#ring.length) return
    const ring = new Array<T | undefined>(this.#ring.length * 2)
    for (let place = 0; place < this.#length; place++) ring[place] = this.#ring[this.#slot(place)]
    this.#ring = ring
    this.#head = 0
  }
}

/** A power of two, as every later size is. */
const smallestRing = 16
