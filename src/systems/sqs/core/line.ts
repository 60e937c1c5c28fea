/** A first-in first-out line. What was taken is let go of now and then, so that every operation takes the same time on average. */
export class Line<T> {
  #items: T[] = []
  #head = 0

  get length(): number {
    return this.#items.length - this.#head
  }

  get first(): T | undefined {
    return this.#items[this.#head]
  }

  at(place: number): T | undefined {
    return this.#items[this.#head + place]
  }

  push(item: T): void {
    this.#items.push(item)
  }

  /** Puts an item before the first of the last ones that are to come after it. */
  insert(item: T, comesAfter: (other: T) => boolean): void {
    let place = this.#items.length
    while (place > this.#head && this.#isLater(place - 1, comesAfter)) place--
    this.#items.splice(place, 0, item)
  }

  takeFirst(): T | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#head++]
    if (this.#head > 32 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  clear(): void {
    this.#items = []
    this.#head = 0
  }

  *[Symbol.iterator](): Generator<T> {
    for (let place = this.#head; place < this.#items.length; place++) {
      const item = this.#items[place]
      if (item !== undefined) yield item
    }
  }

  #isLater(place: number, comesAfter: (other: T) => boolean): boolean {
    const item = this.#items[place]
    return item !== undefined && comesAfter(item)
  }
}
