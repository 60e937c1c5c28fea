import type { Expression, Value } from '../expression.ts'
import type { Aggregate, Done, Row, Select, Selection } from '../statement.ts'
import type { Blocking } from './blocking.ts'
import { evaluate, extreme, isTrue } from './evaluate.ts'
import type { Execution } from './execution.ts'
import { concurrentDelete, concurrentUpdate, Failure } from './failure.ts'
import { lockNewest, lockVersion } from './row-claim.ts'
import { rowsMeant } from './scan.ts'
import type { Table } from './table.ts'
import type { Version } from './version.ts'

/** Runs a `select`. Rows are sorted as the snapshot shows them, then locked one after the other, up to the limit. */
export function* select(execution: Execution, statement: Select): Blocking<Done> {
  const table = execution.tableNamed(statement.from)
  const { lock, limit = Infinity, columns = 'everything' } = statement
  if (lock !== undefined && execution.transaction.readOnly)
    throw new Failure('25006', 'cannot execute SELECT FOR UPDATE in a read-only transaction')
  const seen = sorted(table, rowsMeant(execution, table, statement.where), statement.orderBy ?? [])
  const chosen: Version[] = []
  for (const version of seen) {
    if (chosen.length >= limit) break
    const locked = lock === undefined ? version : yield* lockMeant(execution, table, version, statement, lock)
    if (locked !== undefined) chosen.push(locked)
  }
  const rows = selected(table, chosen, columns)
  return { kind: 'done', rows, count: rows.length, rolledBack: false }
}

/** Columns of a row, as a statement gives it back. */
export function projected(table: Table, values: readonly Value[], columns: 'everything' | readonly string[]): Row {
  const names = columns === 'everything' ? table.definition.columns.map(({ name }) => name) : columns
  return Object.fromEntries(names.map((name) => [name, values[table.place(name)] ?? null]))
}

/** Locks a row and looks again whether it is still meant: `undefined` where it is left out. */
function* lockMeant(
  execution: Execution,
  table: Table,
  version: Version,
  { where }: Select,
  { strength, otherwise }: NonNullable<Select['lock']>,
): Blocking<Version | undefined> {
  const { keepsSnapshot } = execution.transaction
  const lock = keepsSnapshot ? lockVersion : lockNewest
  const locked = yield* lock(execution, version, strength, otherwise)
  if (locked.kind === 'updated' && keepsSnapshot) throw concurrentUpdate()
  if (locked.kind === 'deleted' && keepsSnapshot) throw concurrentDelete()
  if (locked.kind !== 'locked') return undefined
  const isSame = locked.version === version
  return isSame || isTrue(where, { table, row: locked.version.values }) ? locked.version : undefined
}

function sorted(
  table: Table,
  versions: readonly Version[],
  orderBy: NonNullable<Select['orderBy']>,
): readonly Version[] {
  if (orderBy.length === 0) return versions
  const keys = orderBy.map(({ column, direction }) => ({
    place: table.place(column),
    sign: direction === 'ascending' ? 1 : -1,
  }))
  return [...versions].sort((one, other) => {
    for (const { place, sign } of keys) {
      const order = orderOf(one.values[place] ?? null, other.values[place] ?? null)
      if (order !== 0) return sign * order
    }
    return one.place - other.place
  })
}

/** Nulls come last. */
function orderOf(one: Value, other: Value): number {
  if (one === other) return 0
  if (one === null || other === null) return one === null ? 1 : -1
  return one < other ? -1 : 1
}

function selected(table: Table, versions: readonly Version[], columns: Selection): readonly Row[] {
  if (!isAggregation(columns)) return versions.map(({ values }) => projected(table, values, columns))
  const entries = Object.entries(columns.aggregates)
  return [Object.fromEntries(entries.map(([name, aggregate]) => [name, aggregated(table, versions, aggregate)]))]
}

function isAggregation(columns: Selection): columns is Extract<Selection, { readonly aggregates: unknown }> {
  return typeof columns === 'object' && 'aggregates' in columns
}

function aggregated(table: Table, versions: readonly Version[], aggregate: Aggregate): Value {
  if (aggregate.kind === 'count') return versions.length
  const values = versions.map(({ values: row }) => evaluate(aggregate.of, { table, row }))
  if (aggregate.kind !== 'sum') return extreme(aggregate.kind === 'max' ? '>' : '<', values)
  const sum = (total: Value, value: Value): Value =>
    evaluate({ kind: 'arithmetic', operator: '+', left: constant(total), right: constant(value) }, { table, row: [] })
  return values
    .filter((value) => value !== null)
    .reduce<Value>((total, value) => (total === null ? value : sum(total, value)), null)
}

function constant(value: Value): Expression {
  return { kind: 'value', value }
}
