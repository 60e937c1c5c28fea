import { Column } from '../history/columns.ts'
import type { Name } from '../history/fact.ts'
import { IntegerMap } from '../history/integer-map.ts'

/** When each message was first sent, whoever sent it. */
export class Submissions {
  /** By message, 1 + its place among the times. */
  readonly #places = new IntegerMap()
  readonly #times = new Column((size) => new Float64Array(size))

  /** How many messages were sent. */
  get count(): number {
    return this.#times.length
  }

  note(message: Name, time: number): void {
    if (this.#places.get(message) > 0) return
    this.#times.push(time)
    this.#places.set(message, this.#times.length)
  }

  /** µs from the first sending of a message to `time`; 0 for one that nobody sent. */
  latency(message: Name, time: number): number {
    const place = this.#places.get(message)
    return place === 0 ? 0 : time - this.#times.at(place - 1)
  }
}
