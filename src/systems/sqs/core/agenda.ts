import type { Micros } from '../../../simulation/duration.ts'

interface Entry<T> {
  readonly at: Micros
  readonly order: number
  readonly item: T
}

/** What is to be looked at, and when: a heap by time, first in first out among equals. Who takes an item finds out whether it still matters. */
export class Agenda<T> {
  readonly #entries: Entry<T>[] = []
  #order = 0

  get next(): Micros | undefined {
    return this.#entries[0]?.at
  }

  add(at: Micros, item: T): void {
    const entries = this.#entries
    const entry = { at, order: this.#order++, item }
    let place = entries.length
    while (place > 0) {
      const above = (place - 1) >> 1
      const other = entries[above]
      if (other === undefined || isBefore(other, entry)) break
      entries[place] = other
      place = above
    }
    entries[place] = entry
  }

  /** Takes the next item that is due by `now`. */
  takeDue(now: Micros): T | undefined {
    const [first] = this.#entries
    if (first === undefined || first.at > now) return undefined
    const last = this.#entries.pop()
    if (last !== undefined && last !== first) this.#sink(last)
    return first.item
  }

  #sink(entry: Entry<T>): void {
    const entries = this.#entries
    let place = 0
    for (;;) {
      const left = 2 * place + 1
      const [one, other] = [entries[left], entries[left + 1]]
      if (one === undefined) break
      const [below, next] = other !== undefined && isBefore(other, one) ? [other, left + 1] : [one, left]
      if (isBefore(entry, below)) break
      entries[place] = below
      place = next
    }
    entries[place] = entry
  }
}

function isBefore<T>(one: Entry<T>, other: Entry<T>): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}
