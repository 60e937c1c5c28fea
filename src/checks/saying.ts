import type { AnyFact } from '../history/fact.ts'
import { neutralFacts } from '../history/facts.ts'
import type { Names } from '../history/names.ts'

/** `1.204 s`: virtual time in seconds, to the millisecond, and to the microsecond where that says more. */
export function timeText(micros: number): string {
  const fraction = String(micros % 1_000_000).padStart(6, '0')
  return `${Math.floor(micros / 1_000_000)}.${fraction.replace(/0{1,3}$/, '')} s`
}

/** `once`, `twice`, `5 times`. */
export function timesText(times: number): string {
  return times === 1 ? 'once' : times === 2 ? 'twice' : `${times} times`
}

/** Where it happened: the member of the service that the fact is about, else its node. */
export function actorText(fact: AnyFact, names: Names): string {
  return names.text(nameIn(fact, 'consumer') ?? fact.node)
}

/** `billing-1 at 1.204 s`. */
export function actorAtText(fact: AnyFact, names: Names): string {
  return `${actorText(fact, names)} at ${timeText(fact.time)}`
}

/** The phrase of a neutral fact with its names in it, and when it was: `billing-1 finished order-17 at 1.204 s`. */
export function factText(fact: AnyFact, names: Names): string {
  const phrase = phrases.get(fact.kind) ?? fact.kind
  const said = phrase.replace(/\{(\w+)\}/g, (_, field: string) => valueText(fact, field, names))
  // A reason that was not given leaves its parentheses.
  return `${said.replace(' ()', '')} at ${timeText(fact.time)}`
}

/** The facts of a witness: each once, in the order in which they happened. */
export function evidenceOf(recall: (index: number) => AnyFact, indices: readonly number[]): readonly AnyFact[] {
  const known = [...new Set(indices)].filter((index) => index >= 0)
  return known.sort((a, b) => a - b).map(recall)
}

const phrases: ReadonlyMap<string, string> = new Map(neutralFacts.map((kind) => [kind.name, kind.phrase]))

const fieldTypes: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map(
  neutralFacts.map((kind) => [kind.name, kind.fields]),
)

function valueText(fact: AnyFact, field: string, names: Names): string {
  const name = field === 'node' ? fact.node : nameIn(fact, field)
  return name === undefined ? String(fact[field]) : names.text(name)
}

function nameIn(fact: AnyFact, field: string): number | undefined {
  const value = fact[field]
  return fieldTypes.get(fact.kind)?.[field] === 'name' && typeof value === 'number' ? value : undefined
}
