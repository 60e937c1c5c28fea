import type { A_Const, ColumnRef } from 'libpg-query'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Expression } from '../../../application/stores/database/expression.ts'
import { call, coerce } from './coerce.ts'
import type { Names } from './names.ts'
import type { Placed, Translating } from './translating.ts'
import { stringsOf } from './translating.ts'
import type { Typed } from './typed.ts'
import { unnamed } from './typed.ts'

/** A literal. Texts and null get their type from where they stand. */
export function constant(translating: Translating, node: A_Const, at: Placed): Typed {
  const { ival, fval, sval, boolval, isnull } = node
  const typed = (type: DataType, value: Parameters<typeof valueOf>[0]): Typed => ({
    type,
    expression: valueOf(value),
    name: unnamed,
    at,
  })
  if (isnull === true) return { type: 'unknown', literal: null, expression: valueOf(null), name: unnamed, at }
  if (ival !== undefined) return typed('int4', ival.ival ?? 0)
  if (boolval !== undefined) return { ...typed('bool', boolval.boolval === true), name: 'bool', isWeak: true }
  if (sval !== undefined)
    return { type: 'unknown', literal: sval.sval ?? '', expression: valueOf(sval.sval ?? ''), name: unnamed, at }
  if (fval === undefined) return translating.unsupported('bit strings', at)
  const text = fval.fval ?? '0'
  const isWhole = /^\d+$/.test(text) && BigInt(text) < 1n << 63n
  const type = isWhole ? 'int8' : 'numeric'
  return {
    type,
    expression: coerce(
      translating,
      { type: 'unknown', literal: text, expression: valueOf(text), name: unnamed, at },
      type,
      'implicit',
    ),
    name: unnamed,
    at,
  }
}

function valueOf(value: string | number | boolean | null): Expression {
  return { kind: 'value', value }
}

export function parameter(translating: Translating, number: number, at: Placed): Typed {
  if (number < 1) return translating.fail('42P02', `there is no parameter $${number}`, at)
  const expression: Expression = { kind: 'parameter', number: number - 1 }
  const type = translating.parameters.get(number)
  if (type !== undefined) return { type, expression, name: unnamed, at }
  return { type: 'unknown', parameter: number, expression, name: unnamed, at }
}

export function columnReference(translating: Translating, node: ColumnRef, names: Names): Typed {
  const { fields = [] } = node
  if (fields.some((field) => 'A_Star' in field)) return translating.unsupported('a star here', node)
  const parts = stringsOf(fields)
  if (parts.length > 2) return translating.unsupported('names with a schema', node)
  const [qualifier, name] = parts.length === 2 ? [parts[0], parts[1]] : [undefined, parts[0]]
  return names.column(translating, qualifier, name ?? '', node)
}

export function valueFunction(translating: Translating, op: string | undefined, at: Placed): Typed {
  const now = call('now', [], [])
  if (op === 'SVFOP_CURRENT_TIMESTAMP') return { type: 'timestamptz', expression: now, name: 'current_timestamp', at }
  if (op === 'SVFOP_LOCALTIMESTAMP')
    return { type: 'timestamp', expression: call('timestamp', ['timestamptz'], [now]), name: 'localtimestamp', at }
  if (op === 'SVFOP_CURRENT_DATE')
    return { type: 'date', expression: call('date', ['timestamptz'], [now]), name: 'current_date', at }
  return translating.unsupported((op ?? '').replace('SVFOP_', '').toLowerCase(), at)
}
