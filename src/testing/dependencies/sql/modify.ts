import type { DeleteStmt, InsertStmt, Node, OnConflictClause, RangeVar, UpdateStmt } from 'libpg-query'
import type { Condition, Expression } from '../../../application/stores/database/expression.ts'
import type { CommonTable } from '../../../application/stores/database/query.ts'
import type {
  ColumnDefinition,
  Delete,
  Insert,
  InsertSource,
  OnConflict,
  TableDefinition,
  Update,
} from '../../../application/stores/database/statement.ts'
import { intoColumn } from './columns.ts'
import { conflictKey } from './conflict-key.ts'
import type { NamedColumn, NamedCommon } from './names.ts'
import { Names } from './names.ts'
import type { Queries } from './queries.ts'
import { addTable, sourcesOf, tableNamed } from './sources.ts'
import type { Typed } from './typed.ts'

/** A statement that changes rows, and the columns of what it gives back. */
export interface TranslatedChange {
  readonly of: Insert | Update | Delete
  readonly columns: readonly NamedColumn[]
}

/** Translates a statement that changes rows, inside of `with`. */
export type ModifyCommon = (queries: Queries, node: Node, names: Names) => TranslatedChange

export function translateChange(queries: Queries, node: Node, names: Names): TranslatedChange {
  if ('InsertStmt' in node) return insert(queries, node.InsertStmt, names)
  if ('UpdateStmt' in node) return update(queries, node.UpdateStmt, names)
  if ('DeleteStmt' in node) return remove(queries, node.DeleteStmt, names)
  return queries.translating.unsupported('this statement', node)
}

/** What stands before a statement. */
function prepared(
  queries: Queries,
  node: InsertStmt | UpdateStmt | DeleteStmt,
  around: Names,
): { readonly names: Names; readonly tables: readonly CommonTable[] } {
  if (node.withClause === undefined) return { names: new Names(undefined, around.common), tables: [] }
  const { common, tables } = queries.common(node.withClause, around.common)
  return { names: new Names(undefined, common), tables }
}

function target(
  queries: Queries,
  relation: RangeVar | undefined,
  names: Names,
): { readonly table: TableDefinition; readonly as: string } {
  if (relation === undefined) return queries.translating.unsupported('a statement without a table')
  const table = tableNamed(queries, relation)
  return { table, as: addTable(queries, relation, table, names).as }
}

function insert(queries: Queries, node: InsertStmt, around: Names): TranslatedChange {
  const { translating } = queries
  translating.only(
    node,
    ['relation', 'cols', 'selectStmt', 'onConflictClause', 'returningList', 'withClause', 'override'],
    'insert',
  )
  const { names, tables } = prepared(queries, node, around)
  const { table, as } = target(queries, node.relation, names)
  const columns = targetColumns(queries, node, table)
  const source = sourceOfRows(queries, node, columns, names.common)
  if (node.override === 'OVERRIDING_USER_VALUE') return translating.unsupported('overriding user value', node)
  const { common } = names
  // What is inserted knows nothing of the row; the rest does.
  const afterwards = new Names(undefined, common)
  afterwards.sources.push(...names.sources)
  const onConflict =
    node.onConflictClause === undefined ? undefined : conflict(queries, node.onConflictClause, table, afterwards)
  const { outputs, columns: returned } = queries.outputs(node.returningList ?? [], afterwards)
  const of: Insert = {
    ...{ kind: 'insert', into: table.name, as, rows: [], source },
    ...{ with: tables, subqueries: afterwards.subqueries },
    ...(onConflict === undefined ? {} : { onConflict }),
    ...(node.returningList === undefined ? {} : { returning: { outputs } }),
  }
  return { of, columns: returned }
}

function targetColumns(
  { translating }: Queries,
  { cols, selectStmt, override }: InsertStmt,
  table: TableDefinition,
): readonly ColumnDefinition[] {
  const named = (cols ?? []).flatMap((node) => ('ResTarget' in node ? [node.ResTarget] : []))
  if (named.length === 0) return table.columns
  const columns = named.map((each) => {
    if (each.indirection !== undefined) return translating.unsupported('a part of a column', each)
    return (
      columnNamed(table, each.name ?? '') ??
      translating.fail('42703', `column "${each.name}" of relation "${table.name}" does not exist`, each)
    )
  })
  const twice = columns.find((column, place) => columns.indexOf(column) !== place)
  if (twice !== undefined)
    return translating.fail('42701', `column "${twice.name}" specified more than once`, selectStmt)
  if (override === 'OVERRIDING_SYSTEM_VALUE') return columns
  return columns
}

function sourceOfRows(
  queries: Queries,
  { selectStmt, override, cols }: InsertStmt,
  columns: readonly ColumnDefinition[],
  common: ReadonlyMap<string, NamedCommon>,
): InsertSource {
  const { translating, expressions } = queries
  if (selectStmt === undefined) return { kind: 'values', rows: [{}] }
  const body = 'SelectStmt' in selectStmt ? selectStmt.SelectStmt : undefined
  const lists = body?.valuesLists
  const isPlain =
    lists !== undefined &&
    body?.sortClause === undefined &&
    body?.limitCount === undefined &&
    body?.withClause === undefined
  const tooMany = (count: number): void => {
    if (count > columns.length) translating.fail('42601', 'INSERT has more expressions than target columns', selectStmt)
    if (count < columns.length && cols !== undefined)
      translating.fail('42601', 'INSERT has more target columns than expressions', selectStmt)
  }
  const checkIdentity = (column: ColumnDefinition): void => {
    if (column.identity === 'always' && override !== 'OVERRIDING_SYSTEM_VALUE')
      translating.fail('428C9', `cannot insert a non-DEFAULT value into column "${column.name}"`, selectStmt)
  }
  if (!isPlain) {
    const names = new Names(undefined, common)
    const { query, columns: given } = queries.translate(selectStmt, names)
    tooMany(given.length)
    const used = columns.slice(0, given.length)
    for (const column of used) checkIdentity(column)
    return intoColumns(queries, query, given, used, selectStmt)
  }
  const names = new Names(undefined, common)
  const rows = lists.map((list) => {
    const items = 'List' in list ? (list.List.items ?? []) : []
    tooMany(items.length)
    const entries = items.flatMap((item, place): (readonly [string, Expression])[] => {
      const column = columns[place]
      if (column === undefined || 'SetToDefault' in item) return []
      checkIdentity(column)
      return [[column.name, intoColumn(translating, expressions.translate(item, names), column)]]
    })
    return Object.fromEntries(entries)
  })
  if (names.subqueries.length === 0) return { kind: 'values', rows }
  return translating.unsupported('a subquery in values', selectStmt)
}

/** A query whose columns are made into those of the table. */
function intoColumns(
  { translating }: Queries,
  query: InsertQuery,
  given: readonly NamedColumn[],
  columns: readonly ColumnDefinition[],
  at: object,
): InsertSource {
  const as = translating.unique('to insert')
  const outputs = columns.map((column, place) => {
    const { key = '', type = 'text' } = given[place] ?? {}
    const typed: Typed = { type, expression: { kind: 'column', name: key, of: as }, name: column.name, at }
    return { name: String(place), of: intoColumn(translating, typed, column) }
  })
  return {
    kind: 'query',
    columns: columns.map(({ name }) => name),
    query: {
      kind: 'query',
      body: { kind: 'select', from: { kind: 'query', query, as, lateral: false }, outputs },
      subqueries: [query],
    },
  }
}

type InsertQuery = Extract<InsertSource, { readonly kind: 'query' }>['query']

function conflict(queries: Queries, node: OnConflictClause, table: TableDefinition, names: Names): OnConflict {
  const { action, infer, targetList = [], whereClause } = node
  const key = infer === undefined ? undefined : conflictKey(queries, infer, table)
  if (action === 'ONCONFLICT_NOTHING') return { action: 'nothing', ...(key === undefined ? {} : { key }) }
  if (key === undefined)
    return queries.translating.fail(
      '42601',
      'ON CONFLICT DO UPDATE requires inference specification or constraint name',
      node,
    )
  const columns = table.columns.map(({ name, type }) => ({ name, type }))
  names.sources.push({
    alias: 'excluded',
    as: 'excluded',
    columns,
    table: undefined,
    merged: new Set(columns.map(({ name }) => name)),
  })
  const set = assignments(queries, targetList, table, names)
  const where = whereClause === undefined ? undefined : queries.expressions.condition(whereClause, names, 'WHERE')
  names.sources.pop()
  return { action: 'update', key, set, ...(where === undefined ? {} : { where }) }
}

function update(queries: Queries, node: UpdateStmt, around: Names): TranslatedChange {
  queries.translating.only(
    node,
    ['relation', 'targetList', 'whereClause', 'fromClause', 'returningList', 'withClause'],
    'update',
  )
  const { names, tables } = prepared(queries, node, around)
  const { table, as } = target(queries, node.relation, names)
  const using = sourcesOf(queries, node.fromClause ?? [], names)
  const set = assignments(queries, node.targetList ?? [], table, names)
  const where = whereOf(queries, node.whereClause, names)
  const { outputs, columns } = queries.outputs(node.returningList ?? [], names)
  const of: Update = {
    ...{ kind: 'update', table: table.name, as, set, with: tables, subqueries: names.subqueries },
    ...(using === undefined ? {} : { using }),
    ...(where === undefined ? {} : { where }),
    ...(node.returningList === undefined ? {} : { returning: { outputs } }),
  }
  return { of, columns }
}

function remove(queries: Queries, node: DeleteStmt, around: Names): TranslatedChange {
  queries.translating.only(node, ['relation', 'usingClause', 'whereClause', 'returningList', 'withClause'], 'delete')
  const { names, tables } = prepared(queries, node, around)
  const { table, as } = target(queries, node.relation, names)
  const using = sourcesOf(queries, node.usingClause ?? [], names)
  const where = whereOf(queries, node.whereClause, names)
  const { outputs, columns } = queries.outputs(node.returningList ?? [], names)
  const of: Delete = {
    ...{ kind: 'delete', from: table.name, as, with: tables, subqueries: names.subqueries },
    ...(using === undefined ? {} : { using }),
    ...(where === undefined ? {} : { where }),
    ...(node.returningList === undefined ? {} : { returning: { outputs } }),
  }
  return { of, columns }
}

function whereOf({ expressions, translating }: Queries, node: Node | undefined, names: Names): Condition | undefined {
  if (node === undefined) return undefined
  if ('CurrentOfExpr' in node) return translating.unsupported('cursors', node)
  return expressions.condition(node, names, 'WHERE')
}

function assignments(
  queries: Queries,
  nodes: readonly Node[],
  table: TableDefinition,
  names: Names,
): Readonly<Record<string, Expression>> {
  const { translating, expressions } = queries
  const set: Record<string, Expression> = {}
  for (const node of nodes) {
    if (!('ResTarget' in node)) continue
    const { name = '', val, indirection } = node.ResTarget
    if (indirection !== undefined || val === undefined) return translating.unsupported('a part of a column', node)
    const column = columnNamed(table, name)
    if (column === undefined)
      return translating.fail('42703', `column "${name}" of relation "${table.name}" does not exist`, node.ResTarget)
    if (name in set) return translating.fail('42601', `multiple assignments to same column "${name}"`, node.ResTarget)
    const value = oneOf(queries, val)
    if ('SetToDefault' in value) {
      set[name] = defaultOf(queries, column, value)
      continue
    }
    if (column.identity === 'always')
      return translating.fail('428C9', `column "${name}" can only be updated to DEFAULT`, node.ResTarget)
    set[name] = intoColumn(translating, expressions.translate(value, names), column)
  }
  return set
}

/** The value of one of several columns that are set at once. */
function oneOf({ translating }: Queries, val: Node): Node {
  if (!('MultiAssignRef' in val)) return val
  const { source, colno = 1, ncolumns } = val.MultiAssignRef
  const row = source !== undefined && 'RowExpr' in source ? (source.RowExpr.args ?? []) : undefined
  if (row === undefined) return translating.unsupported('several columns set from one query', val)
  if (row.length !== ncolumns)
    return translating.fail('42601', 'number of columns does not match number of values', val)
  return row[colno - 1] ?? translating.unsupported('several columns set at once', val)
}

function defaultOf(
  { translating }: Queries,
  { default: fallback = null, computes }: ColumnDefinition,
  at: object,
): Expression {
  if (computes !== undefined) return computes
  return fallback === 'serial'
    ? translating.unsupported('the default of a column with a sequence, in update', at)
    : { kind: 'value', value: fallback }
}

function columnNamed({ columns }: TableDefinition, name: string): ColumnDefinition | undefined {
  return columns.find((column) => column.name === name)
}
