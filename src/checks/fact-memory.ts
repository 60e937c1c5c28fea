import { Column } from '../history/columns.ts'
import type { AnyFact, FactKind } from '../history/fact.ts'
import { History } from '../history/history.ts'

/**
 * Keeps the facts that witnesses may need, for a run whose history keeps none. It holds some 60 bytes for each fact of these kinds, and
 * nothing of the many that nodes, networks and brokers record.
 */
export class FactMemory {
  readonly #facts = new History()
  readonly #indices = new Column((size) => new Int32Array(size))

  /** Remembers every fact of these kinds that is recorded from now on. */
  constructor(history: History, kinds: readonly FactKind[]) {
    for (const kind of new Set(kinds)) {
      const fields = Object.keys(kind.fields)
      // One object for all facts of a kind: this runs for every one of millions.
      const values: Record<string, number> = {}
      history.listen(kind, (fact) => {
        for (const field of fields) values[field] = Number(fact[field])
        this.#facts.record(kind, fact.time, fact.node, values, fact.cause, fact.waitedFor)
        this.#indices.push(fact.index)
      })
    }
  }

  /** The fact that has this index in the history it was seen in. */
  recall(index: number): AnyFact {
    let low = 0
    let high = this.#indices.length - 1
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#indices.at(middle) < index) low = middle + 1
      else high = middle
    }
    return { ...this.#facts.at(low), index }
  }
}
