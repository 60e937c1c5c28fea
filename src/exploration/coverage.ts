import { noFact, type Name } from '../history/fact.ts'
import type { History } from '../history/history.ts'
import { roleOf } from './failure.ts'

/** What a run did, as a set of numbers: which kinds of facts followed one another on the nodes of each role. */
export interface Coverage {
  /** Each once, ascending. */
  readonly features: readonly number[]
  /** One number for what clients and stores saw after what: runs that behave alike have the same. */
  readonly behaviour: number
}

/** One, two and three facts in a row on one node, and a fact with the fact that caused it elsewhere. Times and messages do not count. */
export function coverageOf(history: History): Coverage {
  const features = new Set<number>()
  const behaviour = new Set<number>()
  const last = new Map<Name, readonly [number, number]>()
  const digests = new Map<string, number>()
  const labels: number[] = []
  for (const fact of history) {
    const [before, earlier] = last.get(fact.node) ?? [0, 0]
    const text = `${roleOf(history.names.text(fact.node))} ${fact.kind}`
    const label = digests.get(text) ?? digestOf(text)
    digests.set(text, label)
    labels.push(label)
    features.add(label)
    features.add(mixed(before, label))
    const scope = history.kindOf(fact.kind)?.scope
    if (scope === 'client' || scope === 'store') behaviour.add(mixed(mixed(before, label), 1))
    features.add(mixed(mixed(earlier, before), label))
    if (fact.cause !== noFact) features.add(mixed(mixed(labels[fact.cause] ?? 0, 7), label))
    last.set(fact.node, [label, before])
  }
  return { features: ascending(features), behaviour: ascending(behaviour).reduce(mixed, behaviour.size) }
}

function ascending(numbers: ReadonlySet<number>): readonly number[] {
  return [...numbers].sort((one, other) => one - other)
}

/** A 32-bit number for a text. */
function digestOf(text: string): number {
  let digest = 0x811c9dc5
  for (const character of text) digest = Math.imul(digest ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return digest >>> 0
}

function mixed(one: number, other: number): number {
  return (Math.imul(Math.imul(one, 0x85ebca6b) ^ (one >>> 13), 0xc2b2ae35) ^ Math.imul(other, 0x9e3779b1)) >>> 0
}
