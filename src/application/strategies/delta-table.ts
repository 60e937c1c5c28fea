import type { Insert, TableDefinition } from '../stores/database/statement.ts'
import type { Handling } from './strategy.ts'

/** Effects as rows, one each: bills, payments. A second row for the same operation is a duplicate. */
export const deltaTable: TableDefinition = {
  name: 'deltas',
  columns: [
    { name: 'number', type: 'integer', default: 'serial' },
    { name: 'effect', type: 'text' },
    { name: 'operation', type: 'text' },
    { name: 'key', type: 'text' },
    { name: 'value', type: 'integer' },
  ],
  primaryKey: ['number'],
  uniqueKeys: [],
}

/** Adds the effect of a handling, whether or not it is there already. */
export function insertDelta({ ids, effect }: Pick<Handling, 'ids' | 'effect'>): Insert {
  const { operation, key } = ids
  const row = { effect: effect?.effect ?? '', operation, key, value: effect?.value ?? 0 }
  return { kind: 'insert', into: deltaTable.name, rows: [row], ...(effect === undefined ? {} : { effect }) }
}
