/*
 * What stands in the conditions and assignments of statements, as small trees of data.
 */

/** A value of a column: a text, a whole number or a truth value, or null. Only values of one type compare. */
export type Value = string | number | boolean | null

/** What a statement computes for a row. */
export type Expression =
  | { readonly kind: 'value'; readonly value: Value }
  /** A column of the row at hand; `excluded`, in `on conflict do update`, is the row that could not be inserted. */
  | { readonly kind: 'column'; readonly name: string; readonly of: 'row' | 'excluded' }
  | {
      readonly kind: 'arithmetic'
      readonly operator: '+' | '-' | '*'
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'coalesce'; readonly among: readonly Expression[] }
  | { readonly kind: 'greatest' | 'least'; readonly among: readonly Expression[] }

/** What is true, false or unknown (where null is compared) of a row; only rows of which it is true are meant. */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'in'; readonly item: Expression; readonly list: readonly Expression[] }
  | { readonly kind: 'is-null'; readonly item: Expression }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>='

export function literal(value: Value): Expression {
  return { kind: 'value', value }
}

export function column(name: string): Expression {
  return { kind: 'column', name, of: 'row' }
}

/** In `on conflict do update`: a column of the row that could not be inserted. */
export function excluded(name: string): Expression {
  return { kind: 'column', name, of: 'excluded' }
}

export function plus(left: Expression, right: Expression): Expression {
  return { kind: 'arithmetic', operator: '+', left, right }
}

export const always: Condition = { kind: 'always' }

/** `where name = value`, or another comparison; null equals nothing, not even null. */
export function where(name: string, operator: Comparison, value: Value): Condition {
  return compare(column(name), operator, literal(value))
}

export function compare(left: Expression, operator: Comparison, right: Expression): Condition {
  return { kind: 'compare', operator, left, right }
}

export function and(...parts: readonly Condition[]): Condition {
  return { kind: 'and', parts }
}
