import type { FactFrame, FactKind } from './fact.ts'
import { neutralFacts, type NeutralFact } from './facts.ts'
import type { FactListener, History } from './history.ts'

/** Something that reads facts one after another and remembers what it needs: a check, a metric. */
export interface Fold {
  /** The kinds it wants to see; the others never reach it. */
  readonly kinds: readonly FactKind[]
  see(fact: NeutralFact): void
}

/** Reads a kept history once and shows every fact to the folds that asked for its kind, in the order of the folds. */
export function replay(history: History, folds: readonly Fold[]): void {
  history.show(new Map([...readersOf(folds)].map(([{ name }, see]) => [name, see])))
}

/** Shows the folds every fact from now on, as it happens; the history need not keep any. */
export function follow(history: History, folds: readonly Fold[]): void {
  for (const [kind, see] of readersOf(folds)) history.listen(kind, see)
}

/** Whether a fact is of a kind that every product knows. */
export function isNeutral(fact: FactFrame & { readonly kind: string }): fact is NeutralFact {
  return neutralKinds.has(fact.kind)
}

const neutralKinds: ReadonlySet<string> = new Set(neutralFacts.map((kind) => kind.name))

/** By kind, what shows a fact to the folds that asked for it. */
function readersOf(folds: readonly Fold[]): ReadonlyMap<FactKind, FactListener> {
  const wanted = new Map<FactKind, Fold[]>()
  for (const fold of folds) {
    for (const kind of new Set(fold.kinds)) {
      const readers = wanted.get(kind)
      if (readers === undefined) wanted.set(kind, [fold])
      else readers.push(fold)
    }
  }
  return new Map([...wanted].map(([kind, readers]) => [kind, readerFor(readers)]))
}

function readerFor(folds: readonly Fold[]): FactListener {
  return (fact) => {
    if (isNeutral(fact)) for (const fold of folds) fold.see(fact)
  }
}
