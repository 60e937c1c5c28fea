import type { Name } from '../history/fact.ts'
import type { Names } from '../history/names.ts'

/**
 * Who was handed what, over the whole run. The run knows it, not the service: a consumer that starts anew still has its attempts numbered on.
 */
export class Deliveries {
  readonly #names: Names
  readonly #counts = new Map<string, Map<Name, number>>()
  readonly #latest = new Map<Name, string>()

  constructor(names: Names) {
    this.#names = names
  }

  /** Takes down that a node of a service was handed a message; returns which delivery to that service it is, from 1. */
  note(service: string, node: string, message: Name): number {
    let counts = this.#counts.get(service)
    if (counts === undefined) this.#counts.set(service, (counts = new Map()))
    const count = (counts.get(message) ?? 0) + 1
    counts.set(message, count)
    this.#latest.set(message, node)
    return count
  }

  /** The node that was last handed the message of this name; none before anybody was. */
  latestHandler(message: string): readonly string[] {
    const node = this.#names.has(message) ? this.#latest.get(this.#names.intern(message)) : undefined
    return node === undefined ? [] : [node]
  }
}
