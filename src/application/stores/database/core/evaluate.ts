import type { Comparison, Condition, Expression, Value } from '../expression.ts'
import { Failure } from './failure.ts'
import type { Table } from './table.ts'

/** The rows whose columns an expression may name. */
export interface Scope {
  readonly table: Table
  readonly row: readonly Value[]
  /** The row that could not be inserted. */
  readonly excluded?: readonly Value[]
}

export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'value':
      return expression.value
    case 'column': {
      const values = expression.of === 'row' ? scope.row : scope.excluded
      return values?.[scope.table.place(expression.name)] ?? null
    }
    case 'arithmetic':
      return calculate(expression.operator, evaluate(expression.left, scope), evaluate(expression.right, scope))
    case 'coalesce':
      return expression.among.map((each) => evaluate(each, scope)).find((value) => value !== null) ?? null
    case 'greatest':
    case 'least':
      return extreme(
        expression.kind === 'greatest' ? '>' : '<',
        expression.among.map((each) => evaluate(each, scope)),
      )
  }
}

/** Whether a condition is true of a row: where it is unknown, it is not. */
export function isTrue(condition: Condition | undefined, scope: Scope): boolean {
  return condition === undefined || truthOf(condition, scope) === true
}

/** Greatest or least of the values that are not null. */
export function extreme(better: '<' | '>', values: readonly Value[]): Value {
  let best: Value = null
  for (const value of values) {
    if (value !== null && (best === null || compareValues(better, value, best) === true)) best = value
  }
  return best
}

/** True, false or, with a null, unknown. */
function compareValues(operator: Comparison, left: Value, right: Value): boolean | null {
  if (left === null || right === null) return null
  if (typeof left !== typeof right) throw new Failure('42804', `cannot compare ${typeof left} with ${typeof right}`)
  switch (operator) {
    case '=':
      return left === right
    case '<>':
      return left !== right
    case '<':
      return left < right
    case '<=':
      return left <= right
    case '>':
      return left > right
    case '>=':
      return left >= right
  }
}

function truthOf(condition: Condition, scope: Scope): boolean | null {
  switch (condition.kind) {
    case 'always':
      return true
    case 'compare':
      return compareValues(condition.operator, evaluate(condition.left, scope), evaluate(condition.right, scope))
    case 'in': {
      const item = evaluate(condition.item, scope)
      return either(condition.list.map((each) => compareValues('=', item, evaluate(each, scope))))
    }
    case 'is-null':
      return evaluate(condition.item, scope) === null
    case 'and':
      return negated(either(condition.parts.map((part) => negated(truthOf(part, scope)))))
    case 'or':
      return either(condition.parts.map((part) => truthOf(part, scope)))
    case 'not':
      return negated(truthOf(condition.part, scope))
  }
}

function either(truths: readonly (boolean | null)[]): boolean | null {
  if (truths.includes(true)) return true
  return truths.includes(null) ? null : false
}

function negated(truth: boolean | null): boolean | null {
  return truth === null ? null : !truth
}

function calculate(operator: '+' | '-' | '*', left: Value, right: Value): Value {
  if (left === null || right === null) return null
  if (typeof left !== 'number' || typeof right !== 'number')
    throw new Failure('42804', `${operator} takes numbers, not ${typeof left} and ${typeof right}`)
  const result = operator === '+' ? left + right : operator === '-' ? left - right : left * right
  if (!Number.isSafeInteger(result)) throw new Failure('22003', 'integer out of range')
  return result
}
