/** A line with two ends: a ring over an array whose size is a power of two, so that every operation takes the same time. */
export class Deque<T> {
  #items: (T | undefined)[] = new Array<T | undefined>(16)
  #head = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  get first(): T | undefined {
    return this.#length === 0 ? undefined : this.#items[this.#head]
  }

  pushLast(item: T): void {
    this.#makeRoom()
    this.#items[(this.#head + this.#length++) & this.#mask] = item
  }

  pushFirst(item: T): void {
    this.#makeRoom()
    this.#head = (this.#head - 1) & this.#mask
    this.#items[this.#head] = item
    this.#length++
  }

  takeFirst(): T | undefined {
    if (this.#length === 0) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head] = undefined
    this.#head = (this.#head + 1) & this.#mask
    this.#length--
    return item
  }

  *[Symbol.iterator](): Generator<T> {
    for (let place = 0; place < this.#length; place++) {
      const item = this.#items[(this.#head + place) & this.#mask]
      if (item !== undefined) yield item
    }
  }

  get #mask(): number {
    return this.#items.length - 1
  }

  #makeRoom(): void {
    if (this.#length < this.#items.length) return
    const items = new Array<T | undefined>(this.#length * 2)
    for (let place = 0; place < this.#length; place++) items[place] = this.#items[(this.#head + place) & this.#mask]
    this.#items = items
    this.#head = 0
  }
}
