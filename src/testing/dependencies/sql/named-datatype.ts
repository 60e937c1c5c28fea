import type { TypeName } from 'libpg-query'
import type { DataType, ScalarType } from '../../../application/stores/database/datatype.ts'
import { scalarTypes } from '../../../application/stores/database/datatype.ts'
import type { Placed, Translating } from './translating.ts'
import { stringsOf } from './translating.ts'

export interface NamedDatatype {
  readonly type: DataType
  /** A length, or a precision and a scale. */
  readonly modifiers: readonly number[]
  readonly isSerial: boolean
}

const serials: Readonly<Record<string, ScalarType>> = {
  ...{ serial: 'int4', serial4: 'int4', bigserial: 'int8', serial8: 'int8', smallserial: 'int2', serial2: 'int2' },
}

/** What a text calls a type. */
export function namedDatatype(translating: Translating, named: TypeName, at: Placed): NamedDatatype {
  const name = stringsOf(named.names).at(-1) ?? ''
  const serial = serials[name]
  const scalar = serial ?? scalarTypes.find((each) => each === name && each !== 'integer' && each !== 'boolean')
  if (scalar === undefined)
    return translating.unsupported(`the type ${name}`, named.location === undefined ? at : named)
  if ((named.arrayBounds ?? []).length > 1) return translating.unsupported('arrays of several dimensions', named)
  const modifiers = (named.typmods ?? []).map((node) => {
    if ('A_Const' in node && node.A_Const.ival !== undefined) return node.A_Const.ival.ival ?? 0
    return translating.unsupported('what is said of the type', named)
  })
  const known = ['varchar', 'bpchar', 'numeric'].includes(scalar)
  // The precision of times is not kept: they have µs.
  if (modifiers.length > 0 && !known) return translating.unsupported(`a precision of ${name}`, named)
  return {
    type: named.arrayBounds === undefined ? scalar : `${scalar}[]`,
    modifiers: scalar === 'numeric' && modifiers.length === 1 ? [...modifiers, 0] : modifiers,
    isSerial: serial !== undefined,
  }
}
