import type { Node, ResTarget, SelectStmt, WithClause } from 'libpg-query'
import type { Ordering } from '../../../application/stores/database/expression.ts'
import type { CommonTable, Output, Query, SelectBody } from '../../../application/stores/database/query.ts'
import { coerce, commonType, settled } from './coerce.ts'
import { Expressions } from './expressions.ts'
import { checkGrouping, expressionText } from './grouping.ts'
import type { ModifyCommon } from './modify.ts'
import type { NamedColumn, NamedCommon } from './names.ts'
import { Names } from './names.ts'
import { lockOf } from './locks.ts'
import { orderings } from './orderings.ts'
import { distinctBy, groupedBy, outputNamed } from './outputs.ts'
import { orderOfResult, queryEnd } from './query-end.ts'
import { sourcesOf } from './sources.ts'
import type { Translating } from './translating.ts'
import { stringsOf } from './translating.ts'
import type { Typed } from './typed.ts'

/** A query, and the columns of what it gives: their `key` is how the result calls them. */
export interface TranslatedQuery {
  readonly query: Query
  readonly columns: readonly NamedColumn[]
}

/** Translates what gives rows. */
export class Queries {
  readonly translating: Translating
  readonly expressions: Expressions
  readonly #modify: ModifyCommon

  /** `modify` translates statements that change rows, in `with`. */
  constructor(translating: Translating, modify: ModifyCommon) {
    this.translating = translating
    this.#modify = modify
    this.expressions = new Expressions(translating, (node, names) => this.#inside(node, names))
  }

  /** A query of its own names, which may be in another one. */
  translate(node: Node, names: Names): TranslatedQuery {
    if (!('SelectStmt' in node)) return this.translating.unsupported('this query', node)
    return this.select(node.SelectStmt, names)
  }

  select(node: SelectStmt, names: Names): TranslatedQuery {
    const { translating } = this
    const { withClause, op = 'SETOP_NONE', valuesLists, limitOption } = node
    if (limitOption === 'LIMIT_OPTION_WITH_TIES') return translating.unsupported('with ties', node)
    if (withClause !== undefined) {
      const { common, tables } = this.common(withClause, names.common)
      const inner = new Names(names.outer, common)
      const { query, columns } = this.select(withoutWith(node), inner)
      names.isCorrelated ||= inner.isCorrelated
      return { query: { ...query, with: [...tables, ...(query.with ?? [])] }, columns }
    }
    if (op === 'SETOP_UNION') return this.#union(node, names)
    if (op !== 'SETOP_NONE') return translating.unsupported(op === 'SETOP_EXCEPT' ? 'except' : 'intersect', node)
    if (valuesLists !== undefined) return this.#values(node, valuesLists, names)
    return this.#simple(node, names)
  }

  /** What `with` names, in order; each knows those before it. */
  common(
    { ctes = [], recursive }: WithClause,
    around: ReadonlyMap<string, NamedCommon>,
  ): { readonly common: ReadonlyMap<string, NamedCommon>; readonly tables: readonly CommonTable[] } {
    const { translating } = this
    const common = new Map(around)
    const tables: CommonTable[] = []
    for (const node of ctes) {
      if (!('CommonTableExpr' in node)) continue
      const { ctename: name = '', ctequery, aliascolnames, search_clause, cycle_clause } = node.CommonTableExpr
      if (ctequery === undefined || search_clause !== undefined || cycle_clause !== undefined)
        return translating.unsupported('this common table', node)
      if (recursive === true) return translating.unsupported('with recursive', node)
      const names = new Names(undefined, new Map(common))
      const { of, columns } =
        'SelectStmt' in ctequery
          ? renamedQuery(this.select(ctequery.SelectStmt, names))
          : this.#modify(this, ctequery, names)
      const others = stringsOf(aliascolnames)
      const unique = translating.unique(`with ${name}`)
      common.set(name, {
        name: unique,
        columns: columns.map((column, place) => ({
          ...column,
          key: column.key ?? column.name,
          name: others[place] ?? column.name,
        })),
      })
      tables.push({ name: unique, of })
    }
    return { common, tables }
  }

  /** `returning`, or what `select` lists. The columns of the result are called by their places. */
  outputs(
    nodes: readonly Node[],
    names: Names,
  ): {
    readonly typed: readonly Typed[]
    readonly outputs: readonly Output[]
    readonly columns: readonly NamedColumn[]
  } {
    const listed = nodes.flatMap((node) => ('ResTarget' in node ? this.#listed(node.ResTarget, names) : []))
    const typed = listed.map((each) => settled(this.translating, each))
    const columns = typed.map(({ name, type }, place): NamedColumn => ({
      name,
      type: type === 'unknown' ? 'text' : type,
      key: String(place),
    }))
    return { typed, outputs: typed.map(({ expression }, place) => ({ name: String(place), of: expression })), columns }
  }

  #listed({ name, val }: ResTarget, names: Names): readonly Typed[] {
    if (val === undefined) return []
    const star = 'ColumnRef' in val && val.ColumnRef.fields?.some((field) => 'A_Star' in field) === true
    if (!star) {
      const typed = this.expressions.translate(val, names)
      return [name === undefined ? typed : { ...typed, name }]
    }
    const [qualifier] = stringsOf('ColumnRef' in val ? val.ColumnRef.fields : [])
    return names.all(this.translating, qualifier, val)
  }

  #simple(node: SelectStmt, names: Names): TranslatedQuery {
    const { translating, expressions } = this
    translating.only(node, selectParts, 'select')
    const from = sourcesOf(this, node.fromClause ?? [], names)
    const where = node.whereClause === undefined ? undefined : expressions.condition(node.whereClause, names, 'WHERE')
    names.takesAggregates = true
    const { typed, outputs, columns } = this.outputs(node.targetList ?? [], names)
    const named = (by: Node): Typed | undefined => outputNamed(translating, by, typed)
    const orderBy = orderings(expressions, node.sortClause ?? [], names, named)
    const having =
      node.havingClause === undefined ? undefined : expressions.condition(node.havingClause, names, 'HAVING')
    names.takesAggregates = false
    const groupBy = groupedBy(this.expressions, node, names, typed)
    const isGrouped = groupBy !== undefined || names.hasAggregates || having !== undefined
    if (isGrouped)
      checkGrouping(
        translating,
        groupBy ?? [],
        [
          ...typed.map(({ expression }) => expression),
          ...orderBy.map(({ by }) => by),
          ...(having === undefined ? [] : [{ kind: 'truth' as const, of: having }]),
        ],
        names,
        node,
      )
    const distinct = distinctBy(this.expressions, node, names, typed)
    if (distinct === 'outputs') checkDistinctOrder(translating, orderBy, typed, node)
    const body: SelectBody = {
      ...{ kind: 'select', outputs },
      ...(from === undefined ? {} : { from }),
      ...(where === undefined ? {} : { where }),
      ...(isGrouped ? { groupBy: groupBy ?? [] } : {}),
      ...(having === undefined ? {} : { having }),
      ...(distinct === undefined ? {} : { distinct }),
    }
    const lock = lockOf(translating, node.lockingClause ?? [], names, from)
    if (lock !== undefined && (isGrouped || distinct !== undefined))
      return translating.fail(
        '0A000',
        `FOR UPDATE is not allowed with ${isGrouped ? 'GROUP BY clause' : 'DISTINCT clause'}`,
        node,
      )
    return {
      query: { kind: 'query', body, ...queryEnd(this, node, names, orderBy), ...(lock === undefined ? {} : { lock }) },
      columns,
    }
  }

  #values(node: SelectStmt, lists: readonly Node[], names: Names): TranslatedQuery {
    const { translating, expressions } = this
    const rows = lists.map((list) => expressions.all('List' in list ? (list.List.items ?? []) : [], names))
    const width = rows[0]?.length ?? 0
    if (rows.some((row) => row.length !== width))
      return translating.fail('42601', 'VALUES lists must all be the same length', node)
    const types = Array.from({ length: width }, (_, place) =>
      commonType(
        translating,
        rows.flatMap((row) => row[place] ?? []),
        'VALUES',
      ),
    )
    const columns = types.map((type, place): NamedColumn => ({ name: `column${place + 1}`, type, key: String(place) }))
    const body = {
      kind: 'values' as const,
      columns: columns.map(({ key = '' }) => key),
      rows: rows.map((row) => row.map((each, place) => coerce(translating, each, types[place] ?? 'text', 'implicit'))),
    }
    return {
      query: { kind: 'query', body, ...queryEnd(this, node, names, orderOfResult(this, node, columns)) },
      columns,
    }
  }

  #union(node: SelectStmt, names: Names): TranslatedQuery {
    const { translating } = this
    const { larg, rarg, all = false } = node
    if (larg === undefined || rarg === undefined) return translating.unsupported('this union', node)
    const part = (each: SelectStmt): TranslatedQuery => {
      const inner = new Names(names.outer, names.common)
      const translated = this.select(each, inner)
      names.isCorrelated ||= inner.isCorrelated
      return translated
    }
    const [left, right] = [part(larg), part(rarg)]
    if (left.columns.length !== right.columns.length)
      return translating.fail('42601', 'each UNION query must have the same number of columns', node)
    for (const [place, { type }] of left.columns.entries())
      if (right.columns[place]?.type !== type)
        return translating.unsupported('a union of columns of different types', node)
    const { columns } = left
    const body = { kind: 'union' as const, all, left: left.query, right: right.query }
    return {
      query: { kind: 'query', body, ...queryEnd(this, node, names, orderOfResult(this, node, columns)) },
      columns,
    }
  }

  /** A query inside of an expression. */
  #inside(node: Node, names: Names): TranslatedQuery {
    const inner = new Names(names, names.common)
    const translated = this.translate(node, inner)
    if (!inner.isCorrelated) names.subqueries.push(translated.query)
    else if (translated.query.lock !== undefined)
      return this.translating.unsupported('a lock in a query that depends on others', node)
    return translated
  }
}

const selectParts = [
  ...['distinctClause', 'targetList', 'fromClause', 'whereClause', 'groupClause', 'havingClause'],
  ...['sortClause', 'limitOffset', 'limitCount', 'limitOption', 'lockingClause', 'op'],
]

function withoutWith(node: SelectStmt): SelectStmt {
  const { withClause: _, ...rest } = node
  return rest
}

function renamedQuery({ query, columns }: TranslatedQuery): {
  readonly of: Query
  readonly columns: readonly NamedColumn[]
} {
  return { of: query, columns }
}

function checkDistinctOrder(
  translating: Translating,
  orderBy: readonly Ordering[],
  outputs: readonly Typed[],
  at: object,
): void {
  const listed = new Set(outputs.map(({ expression }) => expressionText(expression)))
  if (orderBy.some(({ by }) => !listed.has(expressionText(by))))
    translating.fail('42P10', 'for SELECT DISTINCT, ORDER BY expressions must appear in select list', at)
}
