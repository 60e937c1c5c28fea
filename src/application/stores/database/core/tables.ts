import type { TableDefinition, UniqueKey } from '../statement.ts'
import type { CommitRecord } from './commit-record.ts'
import type { KeyTo } from './execution.ts'
import { Failure } from './failure.ts'
import { Table } from './table.ts'
import type { Version } from './version.ts'
import { changeOf } from './version.ts'

/** The tables of a database. Making one is no part of a transaction: it is there at once, and stays. */
export class Tables {
  readonly #tables = new Map<string, Table>()
  /** Foreign keys, by the table that they lead to. */
  readonly #keysTo = new Map<string, KeyTo[]>()

  /** Whether it is new. */
  create(definition: TableDefinition, ifNotExists: boolean): boolean {
    const { name } = definition
    if (this.#tables.has(name)) {
      if (ifNotExists) return false
      throw new Failure('42P07', `relation "${name}" already exists`)
    }
    const table = new Table(definition)
    this.#tables.set(name, table)
    for (const { columns, key, name: constraint, table: to, onDelete } of definition.foreignKeys ?? [])
      this.#keysTo.set(to, [...(this.#keysTo.get(to) ?? []), { table, columns, key, name: constraint, onDelete }])
    return true
  }

  /** One more unique key of a table; whether it is new. */
  createIndex(name: string, key: UniqueKey, ifNotExists: boolean): boolean {
    const isKnown = [...this.#tables.values()].some(({ indexes }) =>
      indexes.some(({ constraint }) => constraint === key.name),
    )
    if (isKnown && ifNotExists) return false
    if (isKnown) throw new Failure('42P07', `relation "${key.name}" already exists`)
    const failure = this.named(name).index(key, (version) => changeOf(version) === undefined)
    if (failure !== undefined) throw failure
    return true
  }

  keysTo(table: string): readonly KeyTo[] {
    return this.#keysTo.get(table) ?? []
  }

  get definitions(): readonly TableDefinition[] {
    return [...this.#tables.values()].map(({ definition }) => definition)
  }

  named(name: string): Table {
    const table = this.#tables.get(name)
    if (table === undefined) throw new Failure('42P01', `relation "${name}" does not exist`)
    return table
  }

  /** Does once more what a transaction did that was in the log. */
  redo({ changes, sequences }: CommitRecord): void {
    for (const { table, row, values } of changes) this.named(table).restore(row, values)
    for (const { table, column, last } of sequences) this.named(table).restoreSequence(column, last)
  }

  /** Drops dead versions; returns how many others there are. */
  vacuum(isDead: (version: Version) => boolean): number {
    let left = 0
    for (const table of this.#tables.values()) {
      table.vacuum(isDead)
      left += table.versions.length
    }
    return left
  }
}
