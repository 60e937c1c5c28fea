import type { Value } from '../value.ts'

/** What a query gives: rows, and what their columns are called. */
export interface Relation {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Value[])[]
}

/** Where each column stands. */
export function placesOf({ columns }: Relation): ReadonlyMap<string, number> {
  return new Map(columns.map((name, place) => [name, place]))
}
