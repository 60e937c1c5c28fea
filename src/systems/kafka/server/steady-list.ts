/** A list that is made again and again, and nearly always is what it was: then it is the very same array, and else a new one. */
export class SteadyList<T> {
  #last: readonly T[] = []
  #changed: T[] | undefined
  #count = 0

  /** Begins the list anew. */
  begin(): void {
    this.#changed = undefined
    this.#count = 0
  }

  add(item: T): void {
    const place = this.#count++
    if (this.#changed === undefined && this.#last[place] === item) return
    this.#changed ??= this.#last.slice(0, place)
    this.#changed[place] = item
  }

  /** The list as it was added since {@link begin}; nobody may change it. */
  end(): readonly T[] {
    if (this.#changed !== undefined) this.#last = this.#changed
    else if (this.#last.length > this.#count) this.#last = this.#last.slice(0, this.#count)
    return this.#last
  }
}
