import type { LockingClause, Node, ResTarget, SelectStmt, WithClause } from 'libpg-query'
import type { Expression, Ordering } from '../../../application/stores/database/expression.ts'
import type {
  CommonTable,
  From,
  Output,
  Query,
  QueryLock,
  SelectBody,
} from '../../../application/stores/database/query.ts'
import { coerce, commonType, settled } from './coerce.ts'
import { Expressions } from './expressions.ts'
import { checkGrouping, expressionText } from './grouping.ts'
import type { ModifyCommon } from './modify.ts'
import type { NamedColumn, NamedCommon } from './names.ts'
import { Names } from './names.ts'
import { orderings } from './orderings.ts'
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
    const named = (by: Node): Typed | undefined => this.#outputNamed(by, typed)
    const orderBy = orderings(expressions, node.sortClause ?? [], names, named)
    const having =
      node.havingClause === undefined ? undefined : expressions.condition(node.havingClause, names, 'HAVING')
    names.takesAggregates = false
    const groupBy = this.#groupBy(node, names, typed)
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
    const distinct = this.#distinct(node, names, typed)
    if (distinct === 'outputs') checkDistinctOrder(translating, orderBy, typed, node)
    const body: SelectBody = {
      ...{ kind: 'select', outputs },
      ...(from === undefined ? {} : { from }),
      ...(where === undefined ? {} : { where }),
      ...(isGrouped ? { groupBy: groupBy ?? [] } : {}),
      ...(having === undefined ? {} : { having }),
      ...(distinct === undefined ? {} : { distinct }),
    }
    const lock = this.#lock(node.lockingClause ?? [], names, from)
    if (lock !== undefined && (isGrouped || distinct !== undefined))
      return translating.fail(
        '0A000',
        `FOR UPDATE is not allowed with ${isGrouped ? 'GROUP BY clause' : 'DISTINCT clause'}`,
        node,
      )
    return {
      query: { kind: 'query', body, ...this.#rest(node, names, orderBy), ...(lock === undefined ? {} : { lock }) },
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
    return { query: { kind: 'query', body, ...this.#rest(node, names, this.#orderOfResult(node, columns)) }, columns }
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
    return { query: { kind: 'query', body, ...this.#rest(node, names, this.#orderOfResult(node, columns)) }, columns }
  }

  /** What a query ends with. */
  #rest(
    { limitCount, limitOffset }: SelectStmt,
    names: Names,
    orderBy: readonly Ordering[],
  ): Omit<Query, 'kind' | 'body'> {
    const count = (node: Node | undefined): Expression | undefined => {
      if (node === undefined) return undefined
      return coerce(
        this.translating,
        this.expressions.translate(node, new Names(undefined, names.common)),
        'int8',
        'assignment',
      )
    }
    const [limit, offset] = [count(limitCount), count(limitOffset)]
    return {
      ...(orderBy.length === 0 ? {} : { orderBy }),
      ...(limit === undefined ? {} : { limit }),
      ...(offset === undefined ? {} : { offset }),
      subqueries: names.subqueries,
    }
  }

  #orderOfResult(node: SelectStmt, columns: readonly NamedColumn[]): readonly Ordering[] {
    const names = new Names(undefined, new Map())
    names.sources.push({ alias: '', as: '', columns, table: undefined, merged: new Set() })
    return orderings(this.expressions, node.sortClause ?? [], names, (by) => {
      const place = numberIn(by)
      const column = place === undefined ? undefined : columns[place - 1]
      return column === undefined
        ? undefined
        : {
            type: column.type,
            expression: { kind: 'column', name: column.key ?? column.name, of: '' },
            name: column.name,
            at: by,
          }
    })
  }

  /** A number is the place of an output; a plain name is one of theirs, if it is that of only one. */
  #outputNamed(by: Node, outputs: readonly Typed[]): Typed | undefined {
    const place = numberIn(by)
    if (place !== undefined)
      return (
        outputs[place - 1] ?? this.translating.fail('42P10', `ORDER BY position ${place} is not in select list`, by)
      )
    const name = 'ColumnRef' in by ? stringsOf(by.ColumnRef.fields) : []
    const [first, second] = name.length === 1 ? outputs.filter((each) => each.name === name[0]) : []
    if (
      first !== undefined &&
      second !== undefined &&
      expressionText(first.expression) !== expressionText(second.expression)
    )
      return this.translating.fail('42702', `ORDER BY "${name[0]}" is ambiguous`, by)
    return first
  }

  #groupBy(
    { groupClause, groupDistinct }: SelectStmt,
    names: Names,
    outputs: readonly Typed[],
  ): readonly Expression[] | undefined {
    if (groupDistinct === true) return this.translating.unsupported('group by distinct')
    return groupClause?.map((node) => {
      if (numberIn(node) !== undefined)
        return (this.#outputNamed(node, outputs) ?? this.expressions.translate(node, names)).expression
      const name = 'ColumnRef' in node ? stringsOf(node.ColumnRef.fields) : []
      const isSource =
        name.length !== 1 || names.sources.some(({ columns }) => columns.some((each) => each.name === name[0]))
      const output = isSource ? undefined : this.#outputNamed(node, outputs)
      return settled(this.translating, output ?? this.expressions.translate(node, names)).expression
    })
  }

  #distinct({ distinctClause }: SelectStmt, names: Names, outputs: readonly Typed[]): SelectBody['distinct'] {
    if (distinctClause === undefined) return undefined
    const nodes = distinctClause.filter((node) => Object.keys(node).length > 0)
    if (nodes.length === 0) return 'outputs'
    return nodes.map((node) => (this.#outputNamed(node, outputs) ?? this.expressions.translate(node, names)).expression)
  }

  #lock(clauses: readonly Node[], names: Names, from: From | undefined): QueryLock | undefined {
    const { translating } = this
    const [first, ...more] = clauses.flatMap((node) => ('LockingClause' in node ? [node.LockingClause] : []))
    if (first === undefined) return undefined
    if (more.length > 0) return translating.unsupported('several locks', first)
    const named = (first.lockedRels ?? []).flatMap((node) => ('RangeVar' in node ? [node.RangeVar.relname ?? ''] : []))
    const sources = names.sources.filter(({ alias, table }) =>
      named.length === 0 ? table !== undefined : named.includes(alias),
    )
    const missing = named.find((alias) => !names.sources.some((source) => source.alias === alias))
    if (missing !== undefined)
      return translating.fail('42P01', `relation "${missing}" in FOR UPDATE clause not found in FROM clause`, first)
    if (sources.some(({ table }) => table === undefined))
      return translating.unsupported('a lock on what is no table', first)
    const nullable = from === undefined ? [] : nullableSources(from)
    if (sources.some(({ as }) => nullable.includes(as)))
      return translating.fail('0A000', 'FOR UPDATE cannot be applied to the nullable side of an outer join', first)
    return { of: sources.map(({ as }) => as), strength: strengthOf(first), otherwise: otherwiseOf(first) }
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

function numberIn(node: Node): number | undefined {
  return 'A_Const' in node && node.A_Const.ival !== undefined ? (node.A_Const.ival.ival ?? 0) : undefined
}

function nullableSources(from: From): readonly string[] {
  if (from.kind !== 'join') return []
  const { how, left, right } = from
  return [...nullableSources(left), ...(how === 'left' ? allSources(right) : nullableSources(right))]
}

function allSources(from: From): readonly string[] {
  return from.kind === 'join' ? [...allSources(from.left), ...allSources(from.right)] : [from.as]
}

function strengthOf({ strength }: LockingClause): QueryLock['strength'] {
  switch (strength) {
    case 'LCS_FORKEYSHARE':
      return 'key share'
    case 'LCS_FORSHARE':
      return 'share'
    case 'LCS_FORNOKEYUPDATE':
      return 'no key update'
    default:
      return 'update'
  }
}

function otherwiseOf({ waitPolicy }: LockingClause): QueryLock['otherwise'] {
  if (waitPolicy === 'LockWaitSkip') return 'skip locked'
  return waitPolicy === 'LockWaitError' ? 'nowait' : 'wait'
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
