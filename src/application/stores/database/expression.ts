import type { Query } from './query.ts'
import type { Value } from './value.ts'

/*
 * What stands in the conditions and assignments of statements, as small trees of data.
 */

export type { Value } from './value.ts'

/** What a statement computes for a row. */
export type Expression =
  | { readonly kind: 'value'; readonly value: Value }
  /** What was given for the n-th parameter of the statement, from 0. */
  | { readonly kind: 'parameter'; readonly number: number }
  /**
   * A column of a row at hand. `of` names which: `row` where there is one, `excluded` in `on conflict do update` for the row that could not be
   * inserted, and the `as` of a source elsewhere.
   */
  | { readonly kind: 'column'; readonly name: string; readonly of: string }
  | {
      readonly kind: 'arithmetic'
      readonly operator: '+' | '-' | '*'
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'coalesce'; readonly among: readonly Expression[] }
  | { readonly kind: 'greatest' | 'least'; readonly among: readonly Expression[] }
  /** A function or an operator, by its name and the types that it takes: `lower(text)`, `+(int4,int4)`. */
  | { readonly kind: 'call'; readonly function: string; readonly arguments: readonly Expression[] }
  | { readonly kind: 'case'; readonly branches: readonly Branch[]; readonly otherwise: Expression }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'truth'; readonly of: Condition }
  /** The value of the only column of the only row; null where there is no row. */
  | { readonly kind: 'subquery'; readonly query: Query }
  /** The values of the only column of all rows. */
  | { readonly kind: 'list-of'; readonly query: Query }
  | AggregateExpression

export interface Branch {
  readonly when: Condition
  readonly gives: Expression
}

/** Over the rows of a group. `count` without `of` counts rows, else values that are not null. Over no rows `count` is 0, the others are null. */
export interface AggregateExpression {
  readonly kind: 'aggregate'
  readonly aggregate: 'count' | 'sum' | 'min' | 'max' | 'avg' | 'bool_and' | 'bool_or' | 'string_agg' | 'array_agg'
  readonly of?: Expression
  /** Between the texts of `string_agg`. */
  readonly separator?: Expression
  readonly distinct?: boolean
  readonly where?: Condition
  readonly orderBy?: readonly Ordering[]
}

export interface Ordering {
  readonly by: Expression
  readonly direction: 'ascending' | 'descending'
  /** Where nulls come: last where ascending, and first where descending, unless it is said. */
  readonly nulls?: 'first' | 'last'
}

/** What is true, false or unknown (where null is compared) of a row; only rows of which it is true are meant. */
export type Condition =
  | { readonly kind: 'always' }
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'in'; readonly item: Expression; readonly list: readonly Expression[] }
  | { readonly kind: 'is-null'; readonly item: Expression }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Condition[] }
  | { readonly kind: 'not'; readonly part: Condition }
  | { readonly kind: 'holds'; readonly of: Expression }
  /** Compared with null as if it were a value. */
  | { readonly kind: 'is-distinct'; readonly left: Expression; readonly right: Expression }
  /** With each item of a list: with at least one of them (`any`), or with all. */
  | {
      readonly kind: 'compare-list'
      readonly operator: Comparison
      readonly quantifier: 'any' | 'all'
      readonly left: Expression
      readonly list: Expression
    }
  | { readonly kind: 'in-query'; readonly items: readonly Expression[]; readonly query: Query }
  | { readonly kind: 'exists'; readonly query: Query }

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
