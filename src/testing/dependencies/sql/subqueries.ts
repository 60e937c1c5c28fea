import type { Node, SubLink } from 'libpg-query'
import { typeName } from '../../../application/stores/database/core/functions/input.ts'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Expressions } from './expressions.ts'
import type { Names } from './names.ts'
import { compared } from './operators.ts'
import { scalarOf } from './scalar-of.ts'
import { stringsOf } from './translating.ts'
import type { Typed } from './typed.ts'
import { truth } from './typed.ts'

/** A query where a value stands. */
export function subquery(
  expressions: Expressions,
  { subLinkType, testexpr, operName, subselect }: SubLink,
  names: Names,
  node: Node,
): Typed {
  const { translating } = expressions
  if (subselect === undefined) return translating.unsupported('a subquery of nothing', node)
  const { query, columns } = expressions.query(subselect, names)
  const [column] = columns
  if (subLinkType === 'EXISTS_SUBLINK') return truth({ kind: 'exists', query }, node, 'exists')
  if (column === undefined) return translating.fail('42601', 'subquery must return a column', node)
  if (subLinkType === 'EXPR_SUBLINK' || subLinkType === 'ARRAY_SUBLINK') {
    if (columns.length > 1) return translating.fail('42601', 'subquery must return only one column', node)
    if (subLinkType === 'EXPR_SUBLINK')
      return { type: column.type, expression: { kind: 'subquery', query }, name: column.name, at: node }
    return {
      type: `${scalarOf(translating, column.type, node)}[]`,
      expression: { kind: 'list-of', query },
      name: 'array',
      at: node,
    }
  }
  if (subLinkType !== 'ANY_SUBLINK' || (operName !== undefined && stringsOf(operName).at(-1) !== '='))
    return translating.unsupported('a comparison with all rows of a subquery', node)
  const items =
    testexpr !== undefined && 'RowExpr' in testexpr
      ? expressions.all(testexpr.RowExpr.args ?? [], names)
      : [expressions.operand(testexpr, names, node)]
  if (items.length !== columns.length)
    return translating.fail('42601', `subquery has too ${items.length < columns.length ? 'many' : 'few'} columns`, node)
  const pairs = items.map((item, place) => {
    const type = columns[place]?.type ?? 'text'
    const found = compared(
      translating,
      '=',
      item,
      { type, expression: { kind: 'value', value: null }, name: '', at: node },
      node,
    )
    if (found.type !== type && !(isTextual(found.type) && isTextual(type)))
      return translating.unsupported(`in (a query of ${typeName(type)}) for ${typeName(found.type)}`, node)
    return found.left
  })
  return truth({ kind: 'in-query', items: pairs, query }, node)
}

function isTextual(type: DataType): boolean {
  return type === 'text' || type === 'varchar'
}
