import type { FactKind, FactScope, Fields, FieldType } from './fact.ts'
import { History } from './history.ts'
import { frameFields, neutralKinds, plainFactOf, recordPlainFact } from './plain-fact.ts'

/** Goes up when a reader of an older version would misread a newer one. */
const historySchemaVersion = 1

/** A history that was read, or every line that could not be. */
export type HistoryReading =
  | { readonly ok: true; readonly history: History }
  | { readonly ok: false; readonly problems: readonly LineProblem[] }

export interface LineProblem {
  /** Counted from 1. */
  readonly line: number
  readonly message: string
}

/** A kept history as JSON lines, each with its line break: a header with the kinds of facts, then a line for each fact, its names as text. */
export function* historyLines(history: History): Generator<string> {
  const kinds = new Map(history.kinds.map((kind) => [kind.name, kind]))
  yield `${JSON.stringify({ onceproof: 'history', schemaVersion: historySchemaVersion, kinds: [...kinds.values()] })}\n`
  for (const fact of history) {
    const kind = kinds.get(fact.kind)
    if (kind !== undefined) yield `${JSON.stringify(plainFactOf(fact, kind, history.names))}\n`
  }
}

/** Reads what {@link historyLines} wrote, or a log in the same form, as one text or line by line. Empty lines do not count. */
export function readHistory(lines: string | Iterable<string>): HistoryReading {
  const reader = new Reader()
  let line = 0
  for (const text of typeof lines === 'string' ? lines.split('\n') : lines) {
    line++
    if (text.trim() !== '') reader.take(line, text)
  }
  return reader.finish()
}

class Reader {
  readonly #history = new History()
  readonly #problems: LineProblem[] = []
  #kinds: ReadonlyMap<string, FactKind> | undefined
  /** How many lines after the header there were, readable or not: causes count them all. */
  #place = 0

  take(line: number, text: string): void {
    const value = parsed(text)
    const place = this.#kinds === undefined ? 0 : this.#place++
    if (value === undefined) this.#problem(line, 'this is not a JSON object')
    else if (this.#kinds === undefined) this.#kinds = this.#header(line, value)
    else for (const message of recordPlainFact(this.#history, value, this.#kinds, place)) this.#problem(line, message)
  }

  finish(): HistoryReading {
    if (this.#kinds === undefined && this.#problems.length === 0) this.#problem(1, 'the file is empty')
    return this.#problems.length > 0 ? { ok: false, problems: this.#problems } : { ok: true, history: this.#history }
  }

  /** The kinds that the header declares, beside those that every history may use. */
  #header(line: number, header: Readonly<Record<string, unknown>>): ReadonlyMap<string, FactKind> {
    const kinds = new Map(neutralKinds)
    if (header['onceproof'] !== 'history')
      this.#problem(line, 'the first line must be the header of a history: {"onceproof":"history", …}')
    else if (header['schemaVersion'] !== historySchemaVersion)
      this.#problem(
        line,
        `this history has version ${String(header['schemaVersion'])}; version ${historySchemaVersion} can be read`,
      )
    else if (!Array.isArray(header['kinds'])) this.#problem(line, '"kinds" must be a list')
    else for (const given of header['kinds']) this.#declare(line, given, kinds)
    return kinds
  }

  #declare(line: number, given: unknown, kinds: Map<string, FactKind>): void {
    const kind = kindOf(given)
    if (kind === undefined)
      return this.#problem(line, `this is no kind of fact: ${JSON.stringify(given).slice(0, 120)}`)
    const neutral = neutralKinds.get(kind.name)
    if (neutral !== undefined && !sameFields(kind.fields, neutral.fields))
      return this.#problem(line, `the facts "${kind.name}" of this history have other values than this version knows`)
    kinds.set(kind.name, neutral ?? kind)
  }

  #problem(line: number, message: string): void {
    this.#problems.push({ line, message })
  }
}

const scopes: readonly FactScope[] = ['client', 'store', 'broker', 'node', 'network', 'fault', 'run']
const fieldTypes: readonly FieldType[] = ['int', 'micros', 'name', 'flag']

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return asRecord(JSON.parse(text))
  } catch {
    return undefined
  }
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value))
    : undefined
}

function kindOf(given: unknown): FactKind | undefined {
  const { name, scope, fields, phrase } = asRecord(given) ?? {}
  const known = scopes.find((candidate) => candidate === scope)
  const types = fieldsOf(fields)
  if (typeof name !== 'string' || known === undefined || types === undefined || typeof phrase !== 'string')
    return undefined
  return { name, scope: known, fields: types, phrase }
}

function fieldsOf(given: unknown): Fields | undefined {
  const fields: Record<string, FieldType> = {}
  for (const [field, type] of Object.entries(asRecord(given) ?? {})) {
    const known = fieldTypes.find((candidate) => candidate === type)
    if (known === undefined || frameFields.includes(field)) return undefined
    fields[field] = known
  }
  return asRecord(given) && fields
}

function sameFields(given: Fields, known: Fields): boolean {
  const names = Object.keys(known)
  return names.length === Object.keys(given).length && names.every((name) => given[name] === known[name])
}
