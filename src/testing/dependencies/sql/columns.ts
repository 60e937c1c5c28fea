import { typeName } from '../../../application/stores/database/core/functions/input.ts'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Expression } from '../../../application/stores/database/expression.ts'
import type { ColumnDefinition } from '../../../application/stores/database/statement.ts'
import { call, coerce } from './coerce.ts'
import type { Translating } from './translating.ts'
import type { Typed } from './typed.ts'

/** A value as it is put into a column: of its type, and no longer than it allows. */
export function intoColumn(translating: Translating, typed: Typed, column: ColumnDefinition): Expression {
  const { name, type, modifiers = [] } = column
  const expression = coerce(translating, typed, type, 'assignment', (from) =>
    translating.fail(
      '42804',
      `column "${name}" is of type ${typeName(type)} but expression is of type ${from}`,
      typed.at,
    ),
  )
  return applyModifiers(expression, type, modifiers, 'assignment')
}

/** Holds a value against the length or the precision of a type. */
export function applyModifiers(
  expression: Expression,
  type: DataType,
  modifiers: readonly number[],
  context: 'assignment' | 'explicit',
): Expression {
  const given = modifiers.map((value): Expression => ({ kind: 'value', value }))
  if (given.length === 0) return expression
  if (type === 'numeric') return call('numeric', ['numeric', 'int4', 'int4'], [expression, ...given])
  if (type === 'varchar' || type === 'bpchar')
    return call(context === 'explicit' ? type : `${type}_into`, [type, 'int4'], [expression, ...given])
  return expression
}
