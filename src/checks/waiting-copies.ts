import { Column } from '../history/columns.ts'
import type { Name } from '../history/fact.ts'
import { acknowledged, copyRemained, delivered, type NeutralFact } from '../history/facts.ts'
import { IntegerMap } from '../history/integer-map.ts'

/** Which bits of a message say what a service did with it. */
const handed = 1
const done = 2

/**
 * The copies that remained, and whom they wait for as clients tell it. A log keeps what everybody is done with, so a copy waits only if one of the
 * services that got something from its place has not acknowledged its message; where all of them have, nobody but the system knows, and every copy waits.
 */
export class WaitingCopies {
  static readonly kinds = [delivered, acknowledged, copyRemained]
  readonly #isParking: (place: Name) => boolean
  readonly #services = new Map<Name, IntegerMap>()
  readonly #facts = new Column((size) => new Int32Array(size))
  readonly #messages = new Column((size) => new Int32Array(size))
  readonly #places = new Column((size) => new Int32Array(size))

  constructor(isParking: (place: Name) => boolean) {
    this.#isParking = isParking
  }

  see(fact: NeutralFact): void {
    if (fact.kind === 'delivered') this.#mark(fact.service, fact.message, handed)
    else if (fact.kind === 'acknowledged') this.#mark(fact.service, fact.message, done)
    else if (fact.kind === 'copy-remained' && !this.#isParking(fact.place)) {
      this.#facts.push(fact.index)
      this.#messages.push(fact.message)
      this.#places.push(fact.place)
    }
  }

  /** The indices of the facts about them, in the order in which they were recorded. */
  waiting(): readonly number[] {
    const receivers = this.#receivers()
    const all: number[] = []
    const waiting: number[] = []
    for (let at = 0; at < this.#facts.length; at++) {
      const index = this.#facts.at(at)
      const message = this.#messages.at(at)
      const services = receivers.get(this.#places.at(at)) ?? []
      all.push(index)
      const isDone = services.length > 0 && services.every((service) => (service.get(message) & done) !== 0)
      if (!isDone) waiting.push(index)
    }
    return waiting.length > 0 ? waiting : all
  }

  /** By place, the services that were handed one of the messages that are there. */
  #receivers(): ReadonlyMap<Name, readonly IntegerMap[]> {
    const receivers = new Map<Name, Set<IntegerMap>>()
    for (let at = 0; at < this.#facts.length; at++) {
      const place = this.#places.at(at)
      const known = receivers.get(place) ?? new Set<IntegerMap>()
      receivers.set(place, known)
      for (const service of this.#services.values()) {
        if ((service.get(this.#messages.at(at)) & handed) !== 0) known.add(service)
      }
    }
    return new Map([...receivers].map(([place, services]) => [place, [...services]]))
  }

  #mark(service: Name, message: Name, bit: number): void {
    let marks = this.#services.get(service)
    if (marks === undefined) this.#services.set(service, (marks = new IntegerMap()))
    marks.set(message, marks.get(message) | bit)
  }
}
