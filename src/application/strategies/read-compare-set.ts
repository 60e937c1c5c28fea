import type { Program } from '../program.ts'
import type { DatabaseClient } from '../stores/database/database-client.ts'
import { and, literal, where } from '../stores/database/expression.ts'
import type { DatabaseError, Row, Statement } from '../stores/database/statement.ts'
import { stateRow, stateTable } from './state-table.ts'
import type { Handling, Strategy } from './strategy.ts'
import { done, failed } from './strategy.ts'
import { countOf, databaseOf, isError, outcomeOf } from './transaction.ts'

export const readCompareSet: Strategy = {
  name: 'read-compare-set',
  summary: 'Read the row and its version, work, and write it if the version is still that one.',
  why: 'No change is lost between reading and writing; but a message that comes again reads anew, and its change is made again.',
  options: {},
  stores: { store: ['database'] },
  writes: 'delta',
  start(context) {
    const database = databaseOf(context)
    database.migrate([stateTable])
    return function* handle(handling) {
      const read = yield* readRow(database, handling)
      if (isError(read)) return outcomeOf(read)
      const worked = yield* handling.work()
      if (worked.kind !== 'done') return worked
      const changed = yield* countOf(database, write(handling, read))
      if (isError(changed)) return outcomeOf(changed)
      return changed > 0 ? done : failed('somebody else changed the row')
    }
  },
}

interface ReadRow {
  readonly value: number
  /** 0 where there is no row. */
  readonly version: number
}

function* readRow(database: DatabaseClient, handling: Handling): Program<ReadRow | DatabaseError> {
  const { effect = null, key = null } = stateRow(handling)
  const result = yield* database.execute({
    kind: 'select',
    from: stateTable.name,
    columns: ['value', 'version'],
    where: and(where('effect', '=', effect), where('key', '=', key)),
  })
  if (result.kind === 'error') return result
  const [row] = result.rows
  return { value: Number(row?.['value'] ?? 0), version: Number(row?.['version'] ?? 0) }
}

function write(handling: Handling, { value, version }: ReadRow): Statement {
  const row: Row = { ...stateRow(handling), value: value + 1, version: version + 1 }
  const tag = handling.effect === undefined ? {} : { effect: handling.effect }
  if (version === 0)
    return { kind: 'insert', into: stateTable.name, rows: [row], onConflict: { action: 'nothing' }, ...tag }
  const { effect = null, key = null, operation = null } = row
  return {
    kind: 'update',
    table: stateTable.name,
    set: { value: literal(value + 1), version: literal(version + 1), operation: literal(operation) },
    where: and(where('effect', '=', effect), where('key', '=', key), where('version', '=', version)),
    ...tag,
  }
}
