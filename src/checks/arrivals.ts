import { Column } from '../history/columns.ts'
import type { Name } from '../history/fact.ts'
import { IntegerMap } from '../history/integer-map.ts'

/**
 * The operations that came into sight of one viewer, in the order in which they first did. What a store lost later has not come: an
 * operation that is still there in another place, or by another effect, first came with that.
 */
export class Arrivals {
  /** Sightings per operation that nothing has undone, and the fact of the first of them. */
  readonly #times = new IntegerMap()
  readonly #first = new IntegerMap()
  /** Pairs of operation and fact, in order of time, repetitions and those undone included. */
  readonly #log = new Column((size) => new Int32Array(size))
  /** Places in the log of what was undone: one fact may show several operations, and each of them is undone by itself. */
  readonly #undone = new Set<number>()

  see(operation: Name, index: number): void {
    if (this.#times.add(operation, 1) === 1) this.#first.set(operation, index)
    this.#log.push(operation)
    this.#log.push(index)
  }

  /** Undoes the last sighting of the operation that `isIt` says is the one. */
  undo(operation: Name, isIt: (index: number) => boolean): void {
    const undone = this.#lastOf(operation, isIt)
    if (undone === undefined) return
    this.#undone.add(undone)
    if (this.#times.add(operation, -1) === 0 || this.#first.get(operation) !== this.#log.at(undone + 1)) return
    this.#first.set(operation, this.#firstSince(undone, operation))
  }

  times(operation: Name): number {
    return this.#times.get(operation)
  }

  /** Index of the fact by which an operation first arrived; only of one that arrived. */
  first(operation: Name): number {
    return this.#first.get(operation)
  }

  *inOrder(): Generator<Name> {
    for (let place = 0; place < this.#log.length; place += 2) {
      const operation = this.#log.at(place)
      if (this.#times.get(operation) > 0 && this.#first.get(operation) === this.#log.at(place + 1)) yield operation
    }
  }

  /** From the end, because what is lost is mostly what came last. */
  #lastOf(operation: Name, isIt: (index: number) => boolean): number | undefined {
    for (let place = this.#log.length - 2; place >= 0; place -= 2) {
      if (this.#log.at(place) !== operation) continue
      if (!this.#undone.has(place) && isIt(this.#log.at(place + 1))) return place
    }
    return undefined
  }

  /** Index of the fact that first showed it after this place of the log. */
  #firstSince(undone: number, operation: Name): number {
    for (let place = undone + 2; place < this.#log.length; place += 2)
      if (this.#log.at(place) === operation && !this.#undone.has(place)) return this.#log.at(place + 1)
    return this.#log.at(undone + 1)
  }
}
