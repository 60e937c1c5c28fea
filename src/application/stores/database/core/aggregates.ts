import type { AggregateExpression, Condition, Expression, Ordering } from '../expression.ts'
import type { Value } from '../value.ts'
import { isDecimal, isSame, keyText, orderOf } from '../value.ts'
import { Failure } from './failure.ts'
import { addDecimals, divideDecimals, wholeDecimal } from './functions/decimal.ts'
import { ordered } from './ordering.ts'
import type { Scope } from './scope.ts'

/** How expressions in an aggregate are computed. */
interface Computing {
  evaluate(expression: Expression, scope: Scope): Value
  isTrue(condition: Condition | undefined, scope: Scope): boolean
}

/** What an aggregate makes of the rows of the group at hand. */
export function aggregated(expression: AggregateExpression, scope: Scope, computing: Computing): Value {
  const { aggregate, of, where, distinct, orderBy = [] } = expression
  const meant = groupOf(scope).filter((row) => computing.isTrue(where, row))
  if (of === undefined) return meant.length
  const rows = sortedBy(meant, orderBy, computing)
  const all = rows.map((row) => computing.evaluate(of, row))
  const given = aggregate === 'array_agg' ? all : all.filter((value) => value !== null)
  const values = distinct === true ? distinctOf(given) : given
  switch (aggregate) {
    case 'count':
      return values.length
    case 'sum':
      return values.length === 0 ? null : values.reduce(added)
    case 'avg':
      return average(values)
    case 'min':
    case 'max':
      return bestOf(values, aggregate)
    case 'bool_and':
      return values.length === 0 ? null : !values.includes(false)
    case 'bool_or':
      return values.length === 0 ? null : values.includes(true)
    case 'array_agg':
      return rows.length === 0 ? null : values
    case 'string_agg': {
      const separator = expression.separator === undefined ? null : computing.evaluate(expression.separator, scope)
      return values.length === 0 ? null : values.join(typeof separator === 'string' ? separator : '')
    }
  }
}

function groupOf(scope: Scope): readonly Scope[] {
  for (let each: Scope | undefined = scope; each !== undefined; each = each.outer)
    if (each.group !== undefined) return each.group
  throw new Failure('42803', 'aggregate functions are not allowed here')
}

function sortedBy(rows: readonly Scope[], orderBy: readonly Ordering[], computing: Computing): readonly Scope[] {
  if (orderBy.length === 0) return rows
  return ordered(rows, orderBy, (row, { by }) => computing.evaluate(by, row))
}

function distinctOf(values: readonly Value[]): readonly Value[] {
  const found = new Map(values.map((value) => [keyText([value]), value]))
  return [...found.values()].sort((one, other) =>
    isSame(one, other) ? 0 : one === null ? 1 : other === null ? -1 : (orderOf(one, other) ?? 0),
  )
}

function bestOf(values: readonly Value[], aggregate: 'min' | 'max'): Value {
  const sign = aggregate === 'min' ? -1 : 1
  return values.reduce<Value>(
    (best, value) => (best === null || sign * (orderOf(value, best) ?? 0) > 0 ? value : best),
    null,
  )
}

function added(one: Value, other: Value): Value {
  if (isDecimal(one) && isDecimal(other)) return addDecimals(one, other)
  if (typeof one === 'bigint' && typeof other === 'bigint') {
    if (BigInt.asIntN(64, one + other) !== one + other) throw new Failure('22003', 'bigint out of range')
    return one + other
  }
  if (typeof one !== 'number' || typeof other !== 'number') throw new Failure('42804', 'sum takes numbers')
  return one + other
}

function average(values: readonly Value[]): Value {
  const [first] = values
  if (first === undefined) return null
  const total = values.reduce(added)
  if (isDecimal(total)) return divideDecimals(total, wholeDecimal(BigInt(values.length)))
  if (typeof total !== 'number') throw new Failure('42804', 'avg takes numbers')
  return total / values.length
}
