import type { TableDefinition } from './statement.ts'

/** The tables that were made before the run, or as part of a deployment: they are there whatever servers lose. */
export class Schema {
  readonly #tables = new Map<string, TableDefinition>()
  #listeners: ((table: TableDefinition) => void)[] = []

  get tables(): readonly TableDefinition[] {
    return [...this.#tables.values()]
  }

  add(table: TableDefinition): void {
    if (this.#tables.has(table.name)) return
    this.#tables.set(table.name, table)
    for (const listener of this.#listeners) listener(table)
  }

  onTable(listener: (table: TableDefinition) => void): void {
    this.#listeners.push(listener)
  }
}
