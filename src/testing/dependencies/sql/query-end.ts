import type { Node, SelectStmt } from 'libpg-query'
import type { Expression, Ordering } from '../../../application/stores/database/expression.ts'
import type { Query } from '../../../application/stores/database/query.ts'
import { coerce } from './coerce.ts'
import type { Expressions } from './expressions.ts'
import type { NamedColumn } from './names.ts'
import { Names } from './names.ts'
import { orderings } from './orderings.ts'
import { numberIn } from './outputs.ts'
import type { Translating } from './translating.ts'

interface Translators {
  readonly translating: Translating
  readonly expressions: Expressions
}

/** What a query ends with, whatever gives its rows: their order, and how many of them. */
export function queryEnd(
  { translating, expressions }: Translators,
  { limitCount, limitOffset }: SelectStmt,
  names: Names,
  orderBy: readonly Ordering[],
): Omit<Query, 'kind' | 'body'> {
  const count = (node: Node | undefined): Expression | undefined => {
    if (node === undefined) return undefined
    return coerce(translating, expressions.translate(node, new Names(undefined, names.common)), 'int8', 'assignment')
  }
  const [limit, offset] = [count(limitCount), count(limitOffset)]
  return {
    ...(orderBy.length === 0 ? {} : { orderBy }),
    ...(limit === undefined ? {} : { limit }),
    ...(offset === undefined ? {} : { offset }),
    subqueries: names.subqueries,
  }
}

/** The order of rows that have no names but those of the result, as after `union` and `values`. */
export function orderOfResult(
  { expressions }: Translators,
  node: SelectStmt,
  columns: readonly NamedColumn[],
): readonly Ordering[] {
  const names = new Names(undefined, new Map())
  names.sources.push({ alias: '', as: '', columns, table: undefined, merged: new Set() })
  return orderings(expressions, node.sortClause ?? [], names, (by) => {
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
