import type { A_Expr, Node } from 'libpg-query'
import { typeName } from '../../../application/stores/database/core/functions/input.ts'
import { itemType } from '../../../application/stores/database/core/functions/output.ts'
import type { Condition, Expression } from '../../../application/stores/database/expression.ts'
import { coerce } from './coerce.ts'
import type { Expressions } from './expressions.ts'
import type { Names } from './names.ts'
import { compared, comparisonOf } from './operators.ts'
import { scalarOf } from './scalar-of.ts'
import type { Placed } from './translating.ts'
import type { Typed } from './typed.ts'
import { asCondition, truth, unnamed } from './typed.ts'

/** Two rows, part by part. */
export function rowComparison(
  expressions: Expressions,
  operator: string,
  left: readonly Node[],
  right: readonly Node[],
  names: Names,
  node: Placed,
): Typed {
  const { translating } = expressions
  if (left.length !== right.length)
    return translating.fail('42601', 'unequal number of entries in row expressions', node)
  const ones = expressions.all(left, names)
  const others = expressions.all(right, names)
  const pair = (how: '=' | '<' | '>' | '<=' | '>=', place: number): Condition => {
    const [one, other] = [ones[place], others[place]]
    if (one === undefined || other === undefined) return { kind: 'always' }
    return comparisonOf(translating, how, one, other, node)
  }
  const equal = (until: number): readonly Condition[] => ones.slice(0, until).map((_, place) => pair('=', place))
  if (operator === '=') return truth({ kind: 'and', parts: equal(ones.length) }, node)
  if (operator === '<>') return truth({ kind: 'not', part: { kind: 'and', parts: equal(ones.length) } }, node)
  if (operator !== '<' && operator !== '>' && operator !== '<=' && operator !== '>=')
    return translating.unsupported(`${operator} of rows`, node)
  const strict = operator === '<' || operator === '<=' ? '<' : '>'
  const last = ones.length - 1
  const parts = ones.map((_, place): Condition => ({
    kind: 'and',
    parts: [...equal(place), pair(place === last ? operator : strict, place)],
  }))
  return truth({ kind: 'or', parts }, node)
}

/** `in (...)`: one type for all, where an item has none itself; the first comparison has settled it. */
export function inList(expressions: Expressions, operator: string, node: A_Expr, names: Names): Typed {
  const { translating } = expressions
  const { lexpr, rexpr } = node
  const items = rexpr !== undefined && 'List' in rexpr ? (rexpr.List.items ?? []) : []
  const parts = items.map((item): Condition => {
    if (lexpr !== undefined && 'RowExpr' in lexpr && 'RowExpr' in item)
      return asCondition(
        rowComparison(expressions, '=', lexpr.RowExpr.args ?? [], item.RowExpr.args ?? [], names, node).expression,
      )
    return comparisonOf(
      translating,
      '=',
      expressions.operand(lexpr, names, node),
      expressions.translate(item, names),
      node,
    )
  })
  const found: Condition = { kind: 'or', parts }
  return truth(operator === '<>' ? { kind: 'not', part: found } : found, node)
}

/** `= any (...)`, `= all (...)`. */
export function listComparison(
  expressions: Expressions,
  operator: string,
  quantifier: 'any' | 'all',
  node: A_Expr,
  names: Names,
): Typed {
  const { translating } = expressions
  const left = expressions.operand(node.lexpr, names, node)
  const right = expressions.operand(node.rexpr, names, node)
  const item = left.type === 'unknown' ? (right.type === 'unknown' ? 'text' : itemType(right.type)) : left.type
  const sample: Typed =
    right.type === 'unknown'
      ? { ...left, type: item }
      : { type: itemType(right.type), expression: { kind: 'value', value: null }, name: unnamed, at: node }
  if (right.type !== 'unknown' && !right.type.endsWith('[]'))
    return translating.fail('42809', 'op ANY/ALL (array) requires array on right side', node)
  const pair = compared(translating, operator, left, sample, node)
  const list = coerce(translating, right, `${scalarOf(translating, pair.type, node)}[]`, 'implicit', () =>
    translating.unsupported(`a comparison of ${typeName(item)} with a list of another type`, node),
  )
  return truth({ kind: 'compare-list', operator: pair.operator, quantifier, left: pair.left, list }, node)
}

/** `is true`, `is not unknown` and their like. */
export function booleanTest(
  expressions: Expressions,
  { arg, booltesttype }: { arg?: Node; booltesttype?: string },
  names: Names,
  node: Node,
): Typed {
  const part = arg === undefined ? { kind: 'always' as const } : expressions.condition(arg, names, 'IS')
  const value: Expression = { kind: 'truth', of: part }
  const is = (wanted: boolean | null): Condition =>
    wanted === null
      ? { kind: 'is-null', item: value }
      : { kind: 'not', part: { kind: 'is-distinct', left: value, right: { kind: 'value', value: wanted } } }
  const wanted =
    booltesttype?.endsWith('TRUE') === true ? true : booltesttype?.endsWith('FALSE') === true ? false : null
  return truth(booltesttype?.startsWith('IS_NOT') === true ? { kind: 'not', part: is(wanted) } : is(wanted), node)
}
