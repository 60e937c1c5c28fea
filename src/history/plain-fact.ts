import type { AnyFact, FactKind, FieldType } from './fact.ts'
import { noFact } from './fact.ts'
import { neutralFacts } from './facts.ts'
import { History } from './history.ts'
import type { Names } from './names.ts'

/**
 * A fact as people write it: names as text, times in µs, a `cause` or `waitedFor` only where there is one, which is then the place of an
 * earlier fact, counted from 0. The other values are those of its kind.
 */
export interface PlainFact {
  readonly fact: string
  readonly at: number
  readonly node: string
  readonly cause?: number
  readonly waitedFor?: number
  readonly [field: string]: PlainValue | undefined
}

export type PlainValue = string | number | boolean

/** Names that a value of a fact cannot have, because every fact has something else by that name. */
export const frameFields: readonly string[] = ['fact', 'at', 'node', 'cause', 'waitedFor', 'kind', 'index', 'time']

export const neutralKinds: ReadonlyMap<string, FactKind> = new Map(neutralFacts.map((kind) => [kind.name, kind]))

export function plainFactOf(fact: AnyFact, kind: FactKind, names: Names): PlainFact {
  const values = Object.entries(kind.fields).map(([field, type]) => [field, plainValue(fact[field], type, names)])
  return {
    fact: fact.kind,
    at: fact.time,
    node: names.text(fact.node),
    ...(fact.cause === noFact ? {} : { cause: fact.cause }),
    ...(fact.waitedFor === noFact ? {} : { waitedFor: fact.waitedFor }),
    ...Object.fromEntries(values),
  }
}

/** What a value is when it is left out: 0, `false`, or the empty name. */
function emptyValue(type: FieldType): PlainValue {
  return type === 'name' ? '' : type === 'flag' ? false : 0
}

/**
 * Adds a fact to a history, or says everything that is wrong with it and adds nothing. `place` is where it would be if every fact before it had
 * been added: after one that was not, others are only looked at.
 */
export function recordPlainFact(
  history: History,
  plain: Readonly<Record<string, unknown>>,
  kinds: ReadonlyMap<string, FactKind>,
  place = history.length,
): readonly string[] {
  const kind = typeof plain['fact'] === 'string' ? kinds.get(plain['fact']) : undefined
  if (kind === undefined) return [`${shown(plain['fact'])} is not a kind of fact of this history`]
  const problems = [...frameProblems(plain, place), ...valueProblems(plain, kind)]
  if (problems.length === 0 && place === history.length) {
    const node = history.names.intern(String(plain['node']))
    const values = Object.fromEntries(Object.keys(kind.fields).map((field) => [field, stored(plain[field], history)]))
    history.record(kind, Number(plain['at']), node, values, factNumber(plain['cause']), factNumber(plain['waitedFor']))
  }
  return problems
}

/**
 * A history of a few facts written by hand. What is left out is empty, and the time is that of the fact before; what cannot be
 * understood is a mistake of the caller.
 */
export function historyOf(
  facts: readonly (Readonly<Record<string, PlainValue>> & { readonly fact: string })[],
  kinds: readonly FactKind[] = neutralFacts,
): History {
  const history = new History()
  const known = new Map(kinds.map((kind) => [kind.name, kind]))
  let at = 0
  for (const [place, given] of facts.entries()) {
    const fields = Object.entries(known.get(given.fact)?.fields ?? {})
    const empty = Object.fromEntries(fields.map(([field, type]) => [field, emptyValue(type)]))
    const fact: Readonly<Record<string, PlainValue>> = { at, node: '', ...empty, ...given }
    const problems = recordPlainFact(history, fact, known)
    if (problems.length > 0) throw new TypeError(`Fact ${place}: ${problems.join('; ')}.`)
    at = Number(fact['at'])
  }
  return history
}

function frameProblems(plain: Readonly<Record<string, unknown>>, index: number): readonly string[] {
  const problems: string[] = []
  if (!isWhole(plain['at'], 0, Number.MAX_SAFE_INTEGER))
    problems.push(`"at" must be a whole number of µs from 0 on, not ${shown(plain['at'])}`)
  if (typeof plain['node'] !== 'string') problems.push(`"node" must be a text, not ${shown(plain['node'])}`)
  for (const field of ['cause', 'waitedFor']) {
    if (plain[field] !== undefined && !isWhole(plain[field], 0, index - 1))
      problems.push(`"${field}" must be the place of an earlier fact, not ${shown(plain[field])}`)
  }
  return problems
}

function valueProblems(plain: Readonly<Record<string, unknown>>, kind: FactKind): readonly string[] {
  const unknown = Object.keys(plain).filter(
    (field) => !Object.hasOwn(kind.fields, field) && !frameFields.includes(field),
  )
  const wrong = Object.entries(kind.fields).filter(([field, type]) => !fits(plain[field], type))
  return [
    ...unknown.map((field) => `a fact "${kind.name}" has no "${field}"`),
    ...wrong.map(([field, type]) => `"${field}" must be ${typeTexts[type]}, not ${shown(plain[field])}`),
  ]
}

const typeTexts: Readonly<Record<FieldType, string>> = {
  name: 'a text',
  flag: 'true or false',
  int: 'a whole number of 32 bits',
  micros: 'a whole number of µs',
}

function fits(value: unknown, type: FieldType): boolean {
  switch (type) {
    case 'name':
      return typeof value === 'string'
    case 'flag':
      return typeof value === 'boolean'
    case 'int':
      return isWhole(value, -(2 ** 31), 2 ** 31 - 1)
    case 'micros':
      return isWhole(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
  }
}

function isWhole(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most
}

function plainValue(value: unknown, type: FieldType, names: Names): PlainValue {
  return type === 'name' ? names.text(Number(value)) : type === 'flag' ? value === true : Number(value)
}

/** As the history stores it: names and flags as numbers. */
function stored(value: unknown, { names }: History): number {
  return typeof value === 'string' ? names.intern(value) : Number(value)
}

function factNumber(value: unknown): number {
  return typeof value === 'number' ? value : noFact
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? 'something else').slice(0, 60)
}
