import type { Value } from '../expression.ts'
import type { Done, Insert, OnConflict, Row } from '../statement.ts'
import type { Blocking } from './blocking.ts'
import { isTrue } from './evaluate.ts'
import type { Execution } from './execution.ts'
import { concurrentDelete, concurrentUpdate, Failure } from './failure.ts'
import { returnedRow, updateRow } from './modify.ts'
import { checkedRow } from './row-check.ts'
import { lockVersion } from './row-claim.ts'
import type { Index, Table } from './table.ts'
import { conflictOf, enterIndex } from './unique-key.ts'
import type { Version } from './version.ts'
import { isVisible } from './version.ts'

/** Runs an `insert`, row by row. */
export function* insert(execution: Execution, statement: Insert): Blocking<Done> {
  const table = execution.tableNamed(statement.into)
  const arbiters = arbitersOf(table, statement.onConflict)
  const returned: Row[] = []
  let count = 0
  for (const row of statement.rows) {
    const values = checkedRow(table, completeRow(execution, table, row))
    const version = yield* insertRow(execution, table, values, arbiters, statement.onConflict)
    if (version === undefined) continue
    count++
    returned.push(...returnedRow(table, version.values, statement.returning))
  }
  return { kind: 'done', rows: returned, count, rolledBack: false }
}

/** The row that was inserted or updated; `undefined` where neither was. */
function* insertRow(
  execution: Execution,
  table: Table,
  values: readonly Value[],
  arbiters: readonly Index[],
  onConflict: OnConflict | undefined,
): Blocking<Version | undefined> {
  for (;;) {
    const conflict = onConflict === undefined ? undefined : yield* conflictOf(execution, arbiters, values)
    if (conflict === undefined || onConflict === undefined) return yield* addRow(execution, table, values)
    if (onConflict.action === 'nothing') {
      checkVisible(execution, conflict)
      return undefined
    }
    const updated = yield* updateConflict(execution, table, conflict, values, onConflict)
    if (updated !== 'again') return updated
  }
}

function* addRow(execution: Execution, table: Table, values: readonly Value[]): Blocking<Version> {
  const { transaction, snapshot, reads } = execution
  const { id } = transaction
  reads.insert(transaction, table.name)
  const version = table.add({ row: table.nextRow(), values, by: id, command: snapshot.command, lockers: [] })
  transaction.wrote({ table: table.name, row: version.row, values })
  for (const index of table.indexes) yield* enterIndex(execution, index, version)
  return version
}

/** Updates the row that is in the way; `again` where it has changed or gone meanwhile. */
function* updateConflict(
  execution: Execution,
  table: Table,
  conflict: Version,
  excluded: readonly Value[],
  { set, where }: Extract<OnConflict, { readonly action: 'update' }>,
): Blocking<Version | undefined | 'again'> {
  const { keepsSnapshot } = execution.transaction
  const isKey = table.indexes.some(({ columns }) => columns.some((column) => column in set))
  const locked = yield* lockVersion(execution, conflict, isKey ? 'update' : 'no key update', 'wait')
  if (locked.kind === 'invisible')
    throw new Failure('21000', 'ON CONFLICT DO UPDATE command cannot affect row a second time')
  if (locked.kind === 'updated' && keepsSnapshot) throw concurrentUpdate()
  if (locked.kind === 'deleted' && keepsSnapshot) throw concurrentDelete()
  if (locked.kind !== 'locked') return 'again'
  checkVisible(execution, conflict)
  if (!isTrue(where, { table, row: conflict.values, excluded })) return undefined
  return yield* updateRow(execution, table, conflict, { set, excluded })
}

/** Above read committed nothing may be decided on account of a row that the snapshot does not show. */
function checkVisible({ transaction, snapshot }: Execution, version: Version): void {
  if (!transaction.keepsSnapshot || version.by.isOf(transaction)) return
  if (!isVisible(version, snapshot, transaction)) throw concurrentUpdate()
}

/** The unique keys whose conflicts are forgiven. */
function arbitersOf(table: Table, onConflict: OnConflict | undefined): readonly Index[] {
  const key = onConflict?.key
  if (key === undefined) return table.indexes
  const named = table.indexes.filter(({ columns }) => [...columns].sort().join() === [...key].sort().join())
  if (named.length === 0)
    throw new Failure('42P10', 'there is no unique constraint matching the ON CONFLICT specification')
  return named
}

function completeRow({ transaction }: Execution, table: Table, row: Row): readonly Value[] {
  for (const name of Object.keys(row)) table.place(name)
  return table.definition.columns.map(({ name, default: fallback = null }): Value => {
    const given = row[name]
    if (given !== undefined) return given
    if (fallback !== 'serial') return fallback
    transaction.usedSequence(table, name)
    return table.nextNumber(name)
  })
}
