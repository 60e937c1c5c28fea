import { always } from '../expression.ts'
import type { CommonTable, Output, Query } from '../query.ts'
import type { Aggregate, Delete, Done, Insert, QueryStatement, Row, Select, Update } from '../statement.ts'
import type { Value } from '../value.ts'
import type { Blocking } from './blocking.ts'
import type { Execution } from './execution.ts'
import { Failure } from './failure.ts'
import { checkForeignKeys } from './foreign-keys.ts'
import { insert } from './insert.ts'
import { remove, update } from './modify.ts'
import type { Relation } from './relation.ts'
import { runQuery } from './run-query.ts'
import { emptyScope } from './scope.ts'

/** A statement that reads or writes rows. */
export type RowWork = Select | QueryStatement | Insert | Update | Delete

/** Runs a statement on rows, with all that stands before it and in it. */
export function* runRowWork(execution: Execution, statement: RowWork): Blocking<Done> {
  if (statement.kind === 'select')
    return doneWith(yield* runQuery(asQuery(execution, statement), emptyScope(execution), prepare))
  if (statement.kind === 'query-statement')
    return doneWith(yield* runQuery(statement.query, emptyScope(execution), prepare))
  yield* prepare(execution, statement)
  return yield* write(execution, statement)
}

/** Asks a query that says something of rows outside of it. */
export function askNow(
  query: Query,
  ...[execution, scope]: readonly [Execution, Parameters<typeof runQuery>[1]]
): Relation {
  const answer = execution.answers.get(query)
  if (answer !== undefined) return answer
  const next = runQuery(query, scope, prepare).next()
  if (next.done !== true) throw new Error('A query inside of an expression does not wait.')
  return next.value
}

function* prepare(
  execution: Execution,
  { with: tables = [], subqueries = [] }: Pick<Query, 'with' | 'subqueries'>,
): Blocking<void> {
  for (const table of tables) execution.common.set(table.name, yield* commonTable(execution, table))
  for (const query of subqueries) {
    if (execution.answers.has(query)) continue
    execution.answers.set(query, yield* runQuery(query, emptyScope(execution), prepare))
  }
}

function* commonTable(execution: Execution, { of }: CommonTable): Blocking<Relation> {
  if (of.kind === 'query') return yield* runQuery(of, emptyScope(execution), prepare)
  yield* prepare(execution, of)
  const { rows } = yield* write(execution, of)
  const columns = Object.keys(rows[0] ?? {})
  return { columns, rows: rows.map((row) => columns.map((name): Value => row[name] ?? null)) }
}

function* write(execution: Execution, statement: Insert | Update | Delete): Blocking<Done> {
  if (execution.transaction.readOnly)
    throw new Failure('25006', `cannot execute ${statement.kind.toUpperCase()} in a read-only transaction`)
  const written = yield* writeRows(execution, statement)
  if (statement.effect !== undefined) execution.transaction.carried(statement.effect, written.count > 0)
  yield* checkForeignKeys(execution, written.changes)
  const { rows, count } = written
  return { kind: 'done', rows, count, rolledBack: false }
}

function* writeRows(execution: Execution, statement: Insert | Update | Delete): ReturnType<typeof insert> {
  switch (statement.kind) {
    case 'insert':
      return yield* insert(execution, statement, prepare)
    case 'update':
      return yield* update(execution, statement)
    case 'delete':
      return yield* remove(execution, statement)
  }
}

function doneWith({ columns, rows }: Relation): Done {
  return { kind: 'done', rows: rows.map((row) => rowOf(columns, row)), count: rows.length, rolledBack: false }
}

function rowOf(columns: readonly string[], values: readonly Value[]): Row {
  return Object.fromEntries(columns.map((name, place) => [name, values[place] ?? null]))
}

/** The short form of a query on one table. */
function asQuery(
  execution: Execution,
  { from, columns = 'everything', where = always, orderBy = [], limit, lock }: Select,
): Query {
  const table = execution.tableNamed(from)
  const named = (names: readonly string[]): readonly Output[] =>
    names.map((name) => {
      table.place(name)
      return { name, of: { kind: 'column', name, of: 'row' } }
    })
  const isAggregation = typeof columns === 'object' && 'aggregates' in columns
  const outputs =
    columns === 'everything'
      ? named(table.definition.columns.map(({ name }) => name))
      : 'aggregates' in columns
        ? Object.entries(columns.aggregates).map(([name, aggregate]) => aggregateOutput(name, aggregate))
        : named(columns)
  for (const { column } of orderBy) table.place(column)
  return {
    kind: 'query',
    body: {
      ...{ kind: 'select', from: { kind: 'table', table: from, as: 'row' }, where, outputs },
      ...(isAggregation ? { groupBy: [] } : {}),
    },
    orderBy: orderBy.map(({ column, direction }) => ({ by: { kind: 'column', name: column, of: 'row' }, direction })),
    ...(limit === undefined ? {} : { limit: { kind: 'value', value: limit } }),
    ...(lock === undefined ? {} : { lock: { ...lock, of: ['row'] } }),
  }
}

function aggregateOutput(name: string, aggregate: Aggregate): Output {
  if (aggregate.kind === 'count') return { name, of: { kind: 'aggregate', aggregate: 'count' } }
  return { name, of: { kind: 'aggregate', aggregate: aggregate.kind, of: aggregate.of } }
}
