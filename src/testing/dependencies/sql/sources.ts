import type { JoinExpr, Node, RangeFunction, RangeSubselect, RangeVar } from 'libpg-query'
import { itemType } from '../../../application/stores/database/core/functions/output.ts'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Condition, Expression } from '../../../application/stores/database/expression.ts'
import { always } from '../../../application/stores/database/expression.ts'
import type { From } from '../../../application/stores/database/query.ts'
import type { TableDefinition } from '../../../application/stores/database/statement.ts'
import { call, coerce } from './coerce.ts'
import type { NamedColumn, NamedSource } from './names.ts'
import { Names, typedColumn } from './names.ts'
import { comparisonOf } from './operators.ts'
import type { Queries } from './queries.ts'
import { stringsOf } from './translating.ts'
import type { Typed } from './typed.ts'

/** Translates where rows come from, and makes the names of the sources known. */
export function sourcesOf(queries: Queries, nodes: readonly Node[], names: Names): From | undefined {
  let from: From | undefined
  for (const node of nodes) {
    const source = sourceOf(queries, node, names)
    from = from === undefined ? source : { kind: 'join', how: 'inner', left: from, right: source, on: always }
  }
  return from
}

function sourceOf(queries: Queries, node: Node, names: Names): From {
  if ('RangeVar' in node) return tableOrCommon(queries, node.RangeVar, names)
  if ('RangeSubselect' in node) return derived(queries, node.RangeSubselect, names)
  if ('JoinExpr' in node) return joined(queries, node.JoinExpr, names)
  if ('RangeFunction' in node) return lists(queries, node.RangeFunction, names)
  return queries.translating.unsupported('this source of rows', node)
}

/** The table that a statement names. */
export function tableNamed(queries: Queries, node: RangeVar): TableDefinition {
  const { translating } = queries
  const { relname: name = '', schemaname, catalogname } = node
  if ((schemaname !== undefined && schemaname !== 'public') || catalogname !== undefined)
    return translating.unsupported('schemas other than public', node)
  const table = translating.catalogue.tableNamed(name)
  return table ?? translating.fail('42P01', `relation "${name}" does not exist`, node)
}

/** Makes a table known under its alias. */
export function addTable(queries: Queries, node: RangeVar, table: TableDefinition, names: Names): NamedSource {
  const alias = node.alias?.aliasname ?? table.name
  const columns = table.columns.map(({ name, type }) => ({ name, type }))
  return add(queries, names, alias, columns, node, node.alias?.colnames, table)
}

function tableOrCommon(queries: Queries, node: RangeVar, names: Names): From {
  const { relname: name = '', schemaname, alias } = node
  const common = schemaname === undefined ? names.common.get(name) : undefined
  if (common === undefined) {
    const table = tableNamed(queries, node)
    return { kind: 'table', table: table.name, as: addTable(queries, node, table, names).as }
  }
  const { as } = add(queries, names, alias?.aliasname ?? name, common.columns, node, alias?.colnames)
  return { kind: 'common', name: common.name, as }
}

function derived(queries: Queries, { subquery, alias, lateral }: RangeSubselect, names: Names): From {
  const { translating } = queries
  if (subquery === undefined || alias?.aliasname === undefined)
    return translating.fail('42601', 'subquery in FROM must have an alias', subquery)
  const isLateral = lateral === true
  const inner = new Names(isLateral ? names : names.outer, names.common)
  const { query, columns } = queries.translate(subquery, inner)
  if (!inner.isCorrelated) names.subqueries.push(query)
  else if (query.lock !== undefined) translating.unsupported('a lock in a query that depends on others', subquery)
  if (inner.isCorrelated && !isLateral) names.isCorrelated = true
  const { as } = add(queries, names, alias.aliasname, columns, subquery, alias.colnames)
  return { kind: 'query', query, as, lateral: inner.isCorrelated }
}

function joined(queries: Queries, node: JoinExpr, names: Names): From {
  const { translating } = queries
  const { jointype, larg, rarg, usingClause, quals, isNatural, alias } = node
  if (larg === undefined || rarg === undefined || alias !== undefined) return translating.unsupported('this join', node)
  if (isNatural === true) return translating.unsupported('natural join', node)
  if (jointype !== 'JOIN_INNER' && jointype !== 'JOIN_LEFT' && jointype !== 'JOIN_RIGHT')
    return translating.unsupported('full join', node)
  const before = names.sources.length
  const left = sourceOf(queries, larg, names)
  const middle = names.sources.length
  const right = sourceOf(queries, rarg, names)
  const on =
    usingClause === undefined
      ? quals === undefined
        ? always
        : queries.expressions.condition(quals, names, 'JOIN/ON')
      : using(queries, stringsOf(usingClause), names, before, middle, node)
  if (jointype === 'JOIN_RIGHT') {
    if (usingClause !== undefined) return translating.unsupported('right join ... using', node)
    return { kind: 'join', how: 'left', left: right, right: left, on }
  }
  return { kind: 'join', how: jointype === 'JOIN_LEFT' ? 'left' : 'inner', left, right, on }
}

/** Columns of the same name on both sides are equal, and count as one. */
function using(
  queries: Queries,
  columns: readonly string[],
  names: Names,
  before: number,
  middle: number,
  at: JoinExpr,
): Condition {
  const { translating } = queries
  const find = (sources: readonly NamedSource[], name: string): ReturnType<typeof typedColumn> => {
    for (const source of sources) {
      const column = source.columns.find((each) => each.name === name && !source.merged.has(name))
      if (column !== undefined) return typedColumn(source, column, at)
    }
    return translating.fail('42703', `column "${name}" specified in USING clause does not exist in both tables`, at)
  }
  const parts = columns.map((name) =>
    comparisonOf(
      translating,
      '=',
      find(names.sources.slice(before, middle), name),
      find(names.sources.slice(middle), name),
      at,
    ),
  )
  for (const [place, source] of names.sources.entries()) {
    if (place < middle) continue
    const merged = source.columns.filter(({ name }) => columns.includes(name)).map(({ name }) => name)
    names.sources[place] = { ...source, merged: new Set([...source.merged, ...merged]) }
  }
  return { kind: 'and', parts }
}

/** Functions that give rows: one for each item of a list. */
function lists(queries: Queries, node: RangeFunction, names: Names): From {
  const { translating, expressions } = queries
  translating.only(node, ['functions', 'alias', 'lateral'], 'a function in from')
  const [first, ...more] = node.functions ?? []
  const [called] = first !== undefined && 'List' in first ? (first.List.items ?? []) : []
  if (called === undefined || more.length > 0 || !('FuncCall' in called))
    return translating.unsupported('these functions in from', node)
  const name = stringsOf(called.FuncCall.funcname).at(-1) ?? ''
  const given = expressions.all(called.FuncCall.args ?? [], names)
  const alias = node.alias?.aliasname ?? name
  const listed =
    name === 'generate_series'
      ? [series(queries, given, called)]
      : given.map((typed) => unnested(queries, name, typed, called))
  const columns = listed.map(({ type }, place): NamedColumn => ({
    name: listed.length === 1 ? alias : `${name}${place + 1}`,
    type,
    key: String(place),
  }))
  const { as } = add(queries, names, alias, columns, node, node.alias?.colnames)
  return { kind: 'lists', lists: listed.map(({ list }) => list), columns: columns.map((_, place) => String(place)), as }
}

interface ListOfRows {
  readonly type: DataType
  readonly list: Expression
}

function unnested({ translating }: Queries, name: string, typed: Typed, at: Node): ListOfRows {
  if (name !== 'unnest') return translating.unsupported(`the function ${name} in from`, at)
  if (typed.type === 'unknown' || !typed.type.endsWith('[]'))
    return translating.unsupported('unnest of a value without a type', at)
  return { type: itemType(typed.type), list: typed.expression }
}

function series(queries: Queries, given: readonly Typed[], at: Node): ListOfRows {
  const bounds = given.map((each) => coerce(queries.translating, each, 'int4', 'implicit'))
  if (bounds.length !== 2) return queries.translating.unsupported('generate_series with a step', at)
  return { type: 'int4', list: call('generate_series', ['int4', 'int4'], bounds) }
}

function add(
  queries: Queries,
  names: Names,
  alias: string,
  columns: readonly NamedColumn[],
  at: object,
  renamed: readonly Node[] | undefined,
  table?: TableDefinition,
): NamedSource {
  const { translating } = queries
  if (names.sources.some((source) => source.alias === alias))
    return translating.fail('42712', `table name "${alias}" specified more than once`, at)
  const others = stringsOf(renamed === undefined ? undefined : [...renamed])
  const source: NamedSource = {
    alias,
    as: translating.unique(alias),
    columns: columns.map(({ name, key = name, type }, place) => ({ name: others[place] ?? name, key, type })),
    table,
    merged: new Set(),
  }
  names.sources.push(source)
  return source
}
