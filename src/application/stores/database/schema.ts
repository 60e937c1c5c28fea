import type { CommitRecord } from './core/commit-record.ts'
import type { EffectRules } from './core/effect-rules.ts'
import { noEffects } from './core/effect-rules.ts'
import type { TableDefinition, UniqueKey } from './statement.ts'

/** A unique key that a table got after it was made. */
export interface IndexDefinition {
  readonly table: string
  readonly key: UniqueKey
}

/** Rows that were there before the run: who wrote them is of no interest. */
export type InitialRows = readonly CommitRecord[]

interface SchemaListener {
  table(table: TableDefinition): void
  index(index: IndexDefinition): void
  rows(rows: InitialRows): void
}

/** The tables that were made before the run, or as part of a deployment, or during it: they are there whatever servers lose. */
export class Schema {
  readonly #tables = new Map<string, TableDefinition>()
  readonly #indexes = new Map<string, IndexDefinition>()
  readonly #listeners: SchemaListener[] = []
  #rows: InitialRows | undefined
  /** Which rows are effects. */
  rules: EffectRules = noEffects
  /** Grows with every change. */
  version = 0

  get tables(): readonly TableDefinition[] {
    return [...this.#tables.values()]
  }

  get indexes(): readonly IndexDefinition[] {
    return [...this.#indexes.values()]
  }

  get rows(): InitialRows {
    return this.#rows ?? []
  }

  tableNamed(name: string): TableDefinition | undefined {
    return this.#tables.get(name)
  }

  add(table: TableDefinition): void {
    if (this.#tables.has(table.name)) return
    this.#tables.set(table.name, table)
    this.version++
    for (const listener of this.#listeners) listener.table(table)
  }

  addIndex(index: IndexDefinition): void {
    if (this.#indexes.has(index.key.name)) return
    this.#indexes.set(index.key.name, index)
    const table = this.#tables.get(index.table)
    if (table !== undefined) this.#tables.set(index.table, { ...table, uniqueKeys: [...table.uniqueKeys, index.key] })
    this.version++
    for (const listener of this.#listeners) listener.index(index)
  }

  /** Rows that are there from the start; only the first ones count, as every process brings them. */
  addRows(rows: InitialRows): void {
    if (this.#rows !== undefined) return
    this.#rows = rows
    for (const listener of this.#listeners) listener.rows(rows)
  }

  onChange(listener: SchemaListener): void {
    this.#listeners.push(listener)
  }
}
