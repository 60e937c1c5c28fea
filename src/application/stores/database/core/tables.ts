import type { TableDefinition } from '../statement.ts'
import type { CommitRecord } from './commit-record.ts'
import { Failure } from './failure.ts'
import { Table } from './table.ts'
import type { Version } from './version.ts'

/** The tables of a database. Making one is no part of a transaction: it is there at once, and stays. */
export class Tables {
  readonly #tables = new Map<string, Table>()

  create(definition: TableDefinition, ifNotExists: boolean): void {
    if (!this.#tables.has(definition.name)) this.#tables.set(definition.name, new Table(definition))
    else if (!ifNotExists) throw new Failure('42P07', `relation "${definition.name}" already exists`)
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
