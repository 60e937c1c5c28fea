import type { Comparison, Condition, Expression } from '../expression.ts'
import type { Value } from '../value.ts'
import { isList, kindOf, orderOf } from '../value.ts'
import { aggregated } from './aggregates.ts'
import { Failure } from './failure.ts'
import { callFunction } from './functions/registry.ts'
import type { Scope } from './scope.ts'
import { columnValue } from './scope.ts'

export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case 'value':
      return expression.value
    case 'parameter':
      return scope.execution.parameters[expression.number] ?? null
    case 'column':
      return columnValue(scope, expression.of, expression.name)
    case 'arithmetic':
      return calculate(expression.operator, evaluate(expression.left, scope), evaluate(expression.right, scope))
    case 'coalesce':
      return firstNotNull(expression.among, scope)
    case 'greatest':
    case 'least':
      return extreme(
        expression.kind === 'greatest' ? '>' : '<',
        expression.among.map((each) => evaluate(each, scope)),
      )
    case 'call': {
      const values = expression.arguments.map((each) => evaluate(each, scope))
      return callFunction(expression.function, values, scope.execution)
    }
    case 'case': {
      const branch = expression.branches.find(({ when }) => isTrue(when, scope))
      return evaluate(branch?.gives ?? expression.otherwise, scope)
    }
    case 'list':
      return expression.items.map((each) => evaluate(each, scope))
    case 'truth':
      return truthOf(expression.of, scope)
    case 'subquery': {
      const { rows } = scope.execution.ask(expression.query, scope)
      if (rows.length > 1) throw new Failure('21000', 'more than one row returned by a subquery used as an expression')
      return rows[0]?.[0] ?? null
    }
    case 'list-of':
      return scope.execution.ask(expression.query, scope).rows.map(([value = null]) => value)
    case 'aggregate':
      return aggregated(expression, scope, { evaluate, isTrue })
  }
}

/** Whether a condition is true of a row: where it is unknown, it is not. */
export function isTrue(condition: Condition | undefined, scope: Scope): boolean {
  return condition === undefined || truthOf(condition, scope) === true
}

/** Greatest or least of the values that are not null. */
function extreme(better: '<' | '>', values: readonly Value[]): Value {
  let best: Value = null
  for (const value of values) {
    if (value !== null && (best === null || compareValues(better, value, best) === true)) best = value
  }
  return best
}

/** True, false or, with a null, unknown. */
function compareValues(operator: Comparison, left: Value, right: Value): boolean | null {
  if (left === null || right === null) return null
  const order = orderOf(left, right)
  if (order === undefined) throw new Failure('42804', `cannot compare ${kindOf(left)} with ${kindOf(right)}`)
  switch (operator) {
    case '=':
      return order === 0
    case '<>':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

export function truthOf(condition: Condition, scope: Scope): boolean | null {
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
      return allOf(condition.parts, scope)
    case 'or':
      return anyOf(condition.parts, scope)
    case 'not':
      return negated(truthOf(condition.part, scope))
    case 'holds': {
      const value = evaluate(condition.of, scope)
      return typeof value === 'boolean' ? value : null
    }
    case 'is-distinct': {
      const [left, right] = [evaluate(condition.left, scope), evaluate(condition.right, scope)]
      return left === null || right === null ? left !== right : compareValues('<>', left, right)
    }
    case 'compare-list':
      return compareList(condition, scope)
    case 'in-query': {
      const items = condition.items.map((each) => evaluate(each, scope))
      const { rows } = scope.execution.ask(condition.query, scope)
      const equal = (row: readonly Value[]): boolean | null =>
        negated(either(items.map((item, place) => negated(compareValues('=', item, row[place] ?? null)))))
      return either(rows.map(equal))
    }
    case 'exists':
      return scope.execution.ask(condition.query, scope).rows.length > 0
  }
}

function compareList(condition: Extract<Condition, { readonly kind: 'compare-list' }>, scope: Scope): boolean | null {
  const { operator, quantifier } = condition
  const left = evaluate(condition.left, scope)
  const list = evaluate(condition.list, scope)
  if (list === null) return null
  if (!isList(list)) throw new Failure('42804', 'op ANY/ALL (array) requires array on right side')
  const truths = list.map((each) => compareValues(operator, left, each))
  return quantifier === 'any' ? either(truths) : negated(either(truths.map(negated)))
}

/** A false part decides, whatever an error in those after it would say. */
function allOf(parts: readonly Condition[], scope: Scope): boolean | null {
  let all: boolean | null = true
  for (const part of parts) {
    const truth = truthOf(part, scope)
    if (truth === false) return false
    if (truth === null) all = null
  }
  return all
}

function anyOf(parts: readonly Condition[], scope: Scope): boolean | null {
  let any: boolean | null = false
  for (const part of parts) {
    const truth = truthOf(part, scope)
    if (truth === true) return true
    if (truth === null) any = null
  }
  return any
}

function firstNotNull(among: readonly Expression[], scope: Scope): Value {
  for (const each of among) {
    const value = evaluate(each, scope)
    if (value !== null) return value
  }
  return null
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
    throw new Failure('42804', `${operator} takes numbers, not ${kindOf(left)} and ${kindOf(right)}`)
  const result = operator === '+' ? left + right : operator === '-' ? left - right : left * right
  if (!Number.isSafeInteger(result)) throw new Failure('22003', 'integer out of range')
  return result
}
