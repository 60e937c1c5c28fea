import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Condition, Expression } from '../../../application/stores/database/expression.ts'
import type { Placed } from './translating.ts'

/** An expression and its type; literals and parameters get theirs from where they stand. */
export interface Typed {
  readonly type: DataType | 'unknown'
  readonly expression: Expression
  /** What a literal of no type yet says; null for null. */
  readonly literal?: string | null
  /** The number of a parameter of no type yet, from 1. */
  readonly parameter?: number
  /** What a column of a result that it makes is called. */
  readonly name: string
  /** The name is only that of a type, to which a cast gives way. */
  readonly isWeak?: boolean
  readonly at: Placed
}

export const unnamed = '?column?'

export function truth(condition: Condition, at: Placed, name = unnamed): Typed {
  return { type: 'bool', expression: { kind: 'truth', of: condition }, name, at }
}

export function asCondition(expression: Expression): Condition {
  return expression.kind === 'truth' ? expression.of : { kind: 'holds', of: expression }
}

/** The two names of one type count as one. */
export function plainType(type: DataType): DataType {
  if (type === 'boolean') return 'bool'
  return type === 'integer' ? 'int4' : type
}
