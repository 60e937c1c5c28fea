import type { AnyFact, FactFrame, FactKind } from './fact.ts'
import { neutralFacts, type NeutralFact } from './facts.ts'
import type { History } from './history.ts'

/** Something that reads facts one after another and remembers what it needs: a check, a metric. */
export interface Fold {
  /** The kinds it wants to see; the others never reach it. */
  readonly kinds: readonly FactKind[]
  see(fact: NeutralFact): void
}

/** Reads a kept history once and shows every fact to the folds that asked for its kind, in the order of the folds. */
export function replay(history: History, folds: readonly Fold[]): void {
  const wanted = foldsByKind(folds)
  for (let index = 0; index < history.length; index++) {
    const fact = history.at(index)
    const readers = wanted.get(fact.kind)
    if (readers !== undefined && isNeutral(fact)) for (const fold of readers) fold.see(fact)
  }
}

/** Shows the folds every fact from now on, as it happens; the history need not keep any. */
export function follow(history: History, folds: readonly Fold[]): void {
  const kinds = new Map(folds.flatMap((fold) => fold.kinds.map((kind) => [kind.name, kind] as const)))
  for (const [name, readers] of foldsByKind(folds)) {
    const kind = kinds.get(name)
    const see = (fact: AnyFact): void => {
      if (isNeutral(fact)) for (const fold of readers) fold.see(fact)
    }
    if (kind !== undefined) history.listen(kind, see)
  }
}

/** Whether a fact is of a kind that every product knows. */
export function isNeutral(fact: FactFrame & { readonly kind: string }): fact is NeutralFact {
  return neutralKinds.has(fact.kind)
}

const neutralKinds: ReadonlySet<string> = new Set(neutralFacts.map((kind) => kind.name))

function foldsByKind(folds: readonly Fold[]): ReadonlyMap<string, readonly Fold[]> {
  const wanted = new Map<string, Fold[]>()
  for (const fold of folds) {
    for (const { name } of new Set(fold.kinds)) {
      const readers = wanted.get(name)
      if (readers === undefined) wanted.set(name, [fold])
      else readers.push(fold)
    }
  }
  return wanted
}
