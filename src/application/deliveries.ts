import type { Name } from '../history/fact.ts'
import { IntegerMap } from '../history/integer-map.ts'
import type { Names } from '../history/names.ts'

/**
 * Who was handed what, over the whole run. The run knows it, not the service: a consumer that starts anew still has its attempts numbered on.
 */
export class Deliveries {
  readonly #names: Names
  readonly #counts = new Map<string, IntegerMap>()
  /** By message, 1 + the name of the node that was last handed it. */
  readonly #latest = new IntegerMap()

  constructor(names: Names) {
    this.#names = names
  }

  /** Takes down that a node of a service was handed a message; returns which delivery to that service it is, from 1. */
  note(service: string, node: Name, message: Name): number {
    let counts = this.#counts.get(service)
    if (counts === undefined) this.#counts.set(service, (counts = new IntegerMap()))
    this.#latest.set(message, node + 1)
    return counts.add(message, 1)
  }

  /** The node that was last handed the message of this name; none before anybody was. */
  latestHandler(message: string): readonly string[] {
    const node = this.#names.has(message) ? this.#latest.get(this.#names.intern(message)) - 1 : -1
    return node < 0 ? [] : [this.#names.text(node)]
  }
}
