import type { Condition, Expression } from '../stores/database/expression.ts'
import { column, compare, excluded } from '../stores/database/expression.ts'
import type { Insert, Row, TableDefinition } from '../stores/database/statement.ts'
import type { Handling } from './strategy.ts'

/** States by key: the last one that was written counts. `version` and `token` say what wrote it. */
export const stateTable: TableDefinition = {
  name: 'states',
  columns: [
    { name: 'effect', type: 'text' },
    { name: 'key', type: 'text' },
    { name: 'operation', type: 'text' },
    { name: 'value', type: 'integer' },
    { name: 'version', type: 'integer' },
    { name: 'token', type: 'integer', default: 0 },
  ],
  primaryKey: ['effect', 'key'],
  uniqueKeys: [],
}

/** The row that a handling writes to: that of its key, or of its operation where it has no key. */
export function stateRow({ ids, effect }: Pick<Handling, 'ids' | 'effect'>): Row {
  const { operation, key, version } = ids
  return { effect: effect?.effect ?? '', key: key === '' ? operation : key, operation, value: version, version }
}

/** Writes a row, or changes the one that is there where `condition` is true of it. */
export function upsertState(
  { effect }: Pick<Handling, 'effect'>,
  row: Row,
  condition: Condition,
  changes: Readonly<Record<string, Expression>> = {},
): Insert {
  const set = {
    operation: excluded('operation'),
    value: excluded('value'),
    version: excluded('version'),
    token: excluded('token'),
    ...changes,
  }
  return {
    kind: 'insert',
    into: stateTable.name,
    rows: [row],
    onConflict: { action: 'update', key: stateTable.primaryKey, set, where: condition },
    ...(effect === undefined ? {} : { effect }),
  }
}

/** True of a row that is older than what is to be written. */
export const isOlder: Condition = compare(column('version'), '<', excluded('version'))

/** True of a row that something else wrote. */
export const isOfAnotherOperation: Condition = compare(column('operation'), '<>', excluded('operation'))
