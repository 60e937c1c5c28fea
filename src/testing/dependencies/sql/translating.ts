import type { Node } from 'libpg-query'
import { Failure } from '../../../application/stores/database/core/failure.ts'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { ErrorDetails, SqlState, TableDefinition } from '../../../application/stores/database/statement.ts'
import { SqlFailure } from './sql-failure.ts'
import { UnsupportedSql } from './unsupported-sql.ts'

/** The tables that are there. */
export interface Catalogue {
  tableNamed(name: string): TableDefinition | undefined
  /** Grows with every change. */
  readonly version: number
}

/** Anything that stands in a text at a place. */
export type Placed = object

/** One statement that is being translated. */
export class Translating {
  readonly text: string
  readonly catalogue: Catalogue
  /** The types of parameters, by number, as far as they are known. */
  readonly parameters = new Map<number, DataType>()
  readonly #names = new Map<string, number>()

  constructor(text: string, catalogue: Catalogue) {
    this.text = text
    this.catalogue = catalogue
  }

  /** A name that no other source of the statement has. */
  unique(name: string): string {
    const count = (this.#names.get(name) ?? 0) + 1
    this.#names.set(name, count)
    return count === 1 ? name : `${name} ${count}`
  }

  unsupported(what: string, at?: Placed): never {
    throw new UnsupportedSql(what, this.text, at === undefined ? undefined : this.#placeOf(at))
  }

  fail(sqlState: SqlState, message: string, at?: Placed, about: ErrorDetails = {}): never {
    const place = at === undefined ? undefined : this.#placeOf(at)
    throw new SqlFailure(sqlState, message, { ...about, ...(place === undefined ? {} : { position: place + 1 }) })
  }

  /** Everything else that is said there would change what it means. */
  only(node: object, known: readonly string[], what: string): void {
    for (const [key, value] of Object.entries(node)) {
      const isSaid = value !== false && value !== undefined && !(Array.isArray(value) && value.length === 0)
      if (isSaid && !known.includes(key) && !alwaysThere.includes(key))
        this.unsupported(`${what} with ${inWords(key)}`, node)
    }
  }

  /** Computes what needs no row; what is wrong with it is wrong with the text. */
  constant<T>(compute: () => T, at: Placed): T {
    try {
      return compute()
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      if (error.about?.isUnsupported === true) return this.unsupported(error.message, at)
      return this.fail(error.sqlState, error.message, at, error.about)
    }
  }

  /** The parser counts bytes. */
  #placeOf(at: Placed): number | undefined {
    const bytes = locationOf(at)
    if (bytes === undefined) return undefined
    return new TextDecoder().decode(new TextEncoder().encode(this.text).slice(0, bytes)).length
  }
}

const alwaysThere = ['location', 'inh', 'relpersistence', 'limitOption', 'funcformat', 'typemod']

/** The first place that a node or one of its parts names. */
function locationOf(node: object): number | undefined {
  const own = 'location' in node && typeof node.location === 'number' ? node.location : undefined
  if (own !== undefined && own >= 0) return own
  for (const part of Object.values(node)) {
    const found = typeof part === 'object' && part !== null ? locationOf(part) : undefined
    if (found !== undefined) return found
  }
  return undefined
}

function inWords(key: string): string {
  return key
    .replaceAll(/([A-Z])/g, ' $1')
    .replaceAll('_', ' ')
    .toLowerCase()
}

/** The texts of a list of names. */
export function stringsOf(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []))
}
