import type { Insert, OnConflict, Row } from '../statement.ts'
import type { Value } from '../value.ts'
import type { Blocking } from './blocking.ts'
import { evaluate, isTrue } from './evaluate.ts'
import type { Execution } from './execution.ts'
import { concurrentDelete, concurrentUpdate, Failure } from './failure.ts'
import type { RowChanged, Written } from './modify.ts'
import { returnedRow, updateRow } from './modify.ts'
import { checkedRow } from './row-check.ts'
import { lockVersion } from './row-claim.ts'
import type { Prepare } from './run-query.ts'
import { runQuery } from './run-query.ts'
import type { Scope } from './scope.ts'
import { emptyScope, rowScope } from './scope.ts'
import type { Index, Table } from './table.ts'
import { conflictOf, enterIndex } from './unique-key.ts'
import type { Version } from './version.ts'
import { isVisible } from './version.ts'

/** Runs an `insert`, row by row. */
export function* insert(execution: Execution, statement: Insert, prepare: Prepare): Blocking<Written> {
  const table = execution.tableNamed(statement.into)
  const { as = 'row', onConflict } = statement
  const arbiters = arbitersOf(table, onConflict)
  const rows: Row[] = []
  const changes: RowChanged[] = []
  const around = emptyScope(execution)
  for (const row of yield* rowsToInsert(execution, statement, prepare)) {
    const values = checkedRow(execution, table, completeRow(execution, table, row))
    const change = yield* insertRow(around, table, as, values, arbiters, onConflict)
    if (change === undefined) {
      tellEffect(execution, table, values, false)
      continue
    }
    changes.push(change)
    const { version } = change
    rows.push(...returnedRow(rowScope(around, as, table, version.values, version), table, statement.returning))
  }
  return { rows, count: changes.length, changes }
}

function* rowsToInsert(
  execution: Execution,
  { rows, source }: Insert,
  prepare: Prepare,
): Blocking<readonly Readonly<Record<string, Value>>[]> {
  if (source === undefined) return rows
  const scope = emptyScope(execution)
  if (source.kind === 'values') {
    return source.rows.map((expressions): Row => {
      const row: Record<string, Value> = {}
      for (const [name, expression] of Object.entries(expressions)) row[name] = evaluate(expression, scope)
      return row
    })
  }
  const relation = yield* runQuery(source.query, scope, prepare)
  return relation.rows.map((row) =>
    Object.fromEntries(source.columns.map((name, place): [string, Value] => [name, row[place] ?? null])),
  )
}

/** What became of the row; `undefined` where it was left out. */
function* insertRow(
  around: Scope,
  table: Table,
  as: string,
  values: readonly Value[],
  arbiters: readonly Index[],
  onConflict: OnConflict | undefined,
): Blocking<RowChanged | undefined> {
  const { execution } = around
  for (;;) {
    const conflict = onConflict === undefined ? undefined : yield* conflictOf(execution, arbiters, values)
    if (conflict === undefined || onConflict === undefined) return yield* addRow(execution, table, values)
    if (onConflict.action === 'nothing') {
      checkVisible(execution, conflict)
      return undefined
    }
    const updated = yield* updateConflict(around, table, as, conflict, values, onConflict)
    if (updated !== 'again') return updated
  }
}

function* addRow(execution: Execution, table: Table, values: readonly Value[]): Blocking<RowChanged> {
  const { transaction, snapshot, reads } = execution
  const { id } = transaction
  reads.insert(transaction, table.name)
  const version = table.add({ row: table.nextRow(), values, by: id, command: snapshot.command, lockers: [] })
  transaction.wrote({ table: table.name, row: version.row, values })
  for (const index of table.indexes) yield* enterIndex(execution, table, index, version)
  tellEffect(execution, table, values, true)
  return { table, version, before: undefined }
}

function tellEffect(
  { rules, transaction, by }: Execution,
  table: Table,
  values: readonly Value[],
  applied: boolean,
): void {
  const effect = rules.inserted(table.name, table.rowOf(values), by)
  if (effect !== undefined) transaction.carried(effect, applied)
}

/** Updates the row that is in the way; `again` where it has changed or gone meanwhile. */
function* updateConflict(
  around: Scope,
  table: Table,
  as: string,
  conflict: Version,
  excluded: readonly Value[],
  { set, where }: Extract<OnConflict, { readonly action: 'update' }>,
): Blocking<RowChanged | undefined | 'again'> {
  const { execution } = around
  const { keepsSnapshot } = execution.transaction
  const isKey = table.indexes.some(({ columns }) => columns.some((column) => column in set))
  const locked = yield* lockVersion(execution, conflict, isKey ? 'update' : 'no key update', 'wait')
  if (locked.kind === 'invisible')
    throw new Failure('21000', 'ON CONFLICT DO UPDATE command cannot affect row a second time')
  if (locked.kind === 'updated' && keepsSnapshot) throw concurrentUpdate()
  if (locked.kind === 'deleted' && keepsSnapshot) throw concurrentDelete()
  if (locked.kind !== 'locked') return 'again'
  checkVisible(execution, conflict)
  const withExcluded = rowScope(around, 'excluded', table, excluded)
  const scopeOf = (version: Version): Scope => rowScope(withExcluded, as, table, version.values, version)
  if (!isTrue(where, scopeOf(conflict))) return undefined
  const changed = yield* updateRow(execution, table, conflict, { set, scopeOf })
  return changed?.change
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
  if (typeof key === 'string') {
    const named = table.indexes.filter(({ constraint }) => constraint === key)
    if (named.length > 0) return named
    throw new Failure('42704', `constraint "${key}" for table "${table.name}" does not exist`)
  }
  const named = table.indexes.filter(({ columns }) => [...columns].sort().join() === [...key].sort().join())
  if (named.length === 0)
    throw new Failure('42P10', 'there is no unique or exclusion constraint matching the ON CONFLICT specification')
  return named
}

function completeRow(execution: Execution, table: Table, row: Row): readonly Value[] {
  for (const name of Object.keys(row)) table.place(name)
  return table.definition.columns.map(({ name, type, computes, default: fallback = null }): Value => {
    const given = row[name]
    if (given !== undefined) return given
    if (computes !== undefined) return evaluate(computes, emptyScope(execution))
    if (fallback !== 'serial') return fallback
    execution.transaction.usedSequence(table, name)
    const next = table.nextNumber(name)
    return type === 'int8' ? BigInt(next) : next
  })
}
