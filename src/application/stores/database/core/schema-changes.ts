import type { TableDefinition, UniqueKey } from '../statement.ts'

/** Hears of tables and unique keys that statements made: they stay, whatever the server loses. */
export interface SchemaChanges {
  table(table: TableDefinition): void
  index(index: { readonly table: string; readonly key: UniqueKey }): void
}
