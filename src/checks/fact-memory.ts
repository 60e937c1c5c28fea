import { Column } from '../history/columns.ts'
import type { AnyFact, FactKind } from '../history/fact.ts'
import type { NeutralFact } from '../history/facts.ts'
import { neutralFacts } from '../history/facts.ts'
import type { Fold } from '../history/fold.ts'
import { History } from '../history/history.ts'

/**
 * Keeps the facts that witnesses may need, for a run whose history keeps none. It holds some 60 bytes for each fact of these kinds, and
 * nothing of the many that nodes, networks and brokers record.
 */
export class FactMemory implements Fold {
  readonly kinds: readonly FactKind[]
  readonly #facts = new History()
  readonly #indices = new Column((size) => new Int32Array(size))

  constructor(kinds: readonly FactKind[]) {
    this.kinds = kinds
  }

  see(fact: NeutralFact): void {
    const kind = kindsIntegerMap.get(fact.kind)
    if (kind === undefined) return
    this.#facts.record(kind, fact.time, fact.node, valuesOf(kind, fact), fact.cause, fact.waitedFor)
    this.#indices.push(fact.index)
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

const kindsIntegerMap: ReadonlyMap<string, FactKind> = new Map(neutralFacts.map((kind) => [kind.name, kind]))

function valuesOf(kind: FactKind, fact: NeutralFact): Readonly<Record<string, number>> {
  const given: Readonly<Record<string, unknown>> = { ...fact }
  return Object.fromEntries(Object.keys(kind.fields).map((field) => [field, Number(given[field])]))
}
