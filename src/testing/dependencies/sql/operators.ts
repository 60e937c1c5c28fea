import { typeName } from '../../../application/stores/database/core/functions/input.ts'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Comparison, Condition, Expression } from '../../../application/stores/database/expression.ts'
import { call, canCoerce, coerce, converted } from './coerce.ts'
import { candidateFor } from './functions.ts'
import type { Placed, Translating } from './translating.ts'
import type { Typed } from './typed.ts'
import { plainType, truth, unnamed } from './typed.ts'

const comparisons: readonly string[] = ['=', '<>', '<', '<=', '>', '>='] satisfies readonly Comparison[]

function isText({ type }: Typed): boolean {
  return type === 'unknown' || ['text', 'varchar', 'bpchar'].includes(type)
}

/** Whether `||` joins two values of this type without writing them as texts. */
function isJoined({ type }: Typed): boolean {
  return type === 'jsonb' || type === 'bytea' || type.endsWith('[]')
}

function isComparison(operator: string): operator is Comparison {
  return comparisons.includes(operator)
}

/** An operator on one or two values. */
export function operatorCall(translating: Translating, operator: string, given: readonly Typed[], at: Placed): Typed {
  const [one, other] = given
  if (isComparison(operator) && one !== undefined && other !== undefined)
    return truth(comparisonOf(translating, operator, one, other, at), at)
  if (operator === '||' && one !== undefined && other !== undefined) {
    // With a text on one side, whatever is on the other is written as a text; a literal is one, unless what it stands beside can be joined itself.
    if (
      isText(one) !== isText(other) &&
      !(isJoined(one) && other.type === 'unknown') &&
      !(isJoined(other) && one.type === 'unknown')
    ) {
      const parts = [one, other].map((each) => coerce(translating, each, 'text', 'explicit'))
      return { type: 'text', expression: call('||', ['text', 'text'], parts), name: unnamed, at }
    }
  }
  const found = candidateFor(operator, given)
  if (found === undefined)
    return translating.fail('42883', `operator does not exist: ${operatorText(operator, given)}`, at)
  const values = given.map((each, place) => coerce(translating, each, found.takes[place] ?? 'text', 'implicit'))
  return { type: found.gives, expression: call(operator, found.takes, values), name: unnamed, at }
}

export function comparisonOf(
  translating: Translating,
  operator: Comparison,
  one: Typed,
  other: Typed,
  at: Placed,
): Condition {
  const { left, right } = compared(translating, operator, one, other, at)
  return { kind: 'compare', operator, left, right }
}

/** Two values as ones of a type that can be compared. */
export function compared(
  translating: Translating,
  operator: string,
  one: Typed,
  other: Typed,
  at: Placed,
): { readonly left: Expression; readonly right: Expression; readonly type: DataType; readonly operator: Comparison } {
  if (!isComparison(operator)) return translating.unsupported(`${operator} with a list`, at)
  const type = typeFor(one, other)
  if (type === undefined || type === 'json')
    return translating.fail('42883', `operator does not exist: ${operatorText(operator, [one, other])}`, at)
  const [left, right] = [comparable(translating, one, type), comparable(translating, other, type)]
  return { left, right, type, operator }
}

/** Spaces at the end of a text of fixed length do not count, and spans of time compare by how long they are. */
function comparable(translating: Translating, typed: Typed, type: DataType): Expression {
  const expression = coerce(translating, typed, type, 'implicit')
  if (type === 'bpchar') return converted(expression, 'bpchar', 'text')
  return type === 'interval' ? call('length', ['interval'], [expression]) : expression
}

function typeFor(one: Typed, other: Typed): DataType | undefined {
  if (one.type === 'unknown') return other.type === 'unknown' ? 'text' : plainType(other.type)
  if (other.type === 'unknown') return plainType(one.type)
  const [left, right] = [plainType(one.type), plainType(other.type)]
  if (left === right) return left
  if (canCoerce(left, right, 'implicit')) return left === 'bpchar' || right === 'bpchar' ? 'text' : right
  return canCoerce(right, left, 'implicit') ? left : undefined
}

function operatorText(operator: string, given: readonly Typed[]): string {
  const names = given.map(({ type }) => (type === 'unknown' ? 'unknown' : typeName(plainType(type))))
  return names.length === 1 ? `${operator} ${names[0]}` : names.join(` ${operator} `)
}
