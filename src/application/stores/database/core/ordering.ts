import type { Ordering } from '../expression.ts'
import type { Value } from '../value.ts'
import { orderOf } from '../value.ts'

/** Rows in order; those that are equal in it stay as they were. */
export function ordered<T>(
  rows: readonly T[],
  orderBy: readonly Ordering[],
  valueOf: (row: T, ordering: Ordering) => Value,
): readonly T[] {
  if (orderBy.length === 0) return rows
  const keyed = rows.map((row) => ({ row, keys: orderBy.map((each) => valueOf(row, each)) }))
  keyed.sort((one, other) => {
    for (const [place, ordering] of orderBy.entries()) {
      const order = compared(one.keys[place] ?? null, other.keys[place] ?? null, ordering)
      if (order !== 0) return order
    }
    return 0
  })
  return keyed.map(({ row }) => row)
}

function compared(one: Value, other: Value, { direction, nulls }: Ordering): number {
  if (one === null && other === null) return 0
  const nullsFirst = nulls === undefined ? direction === 'descending' : nulls === 'first'
  if (one === null) return nullsFirst ? -1 : 1
  if (other === null) return nullsFirst ? 1 : -1
  const order = orderOf(one, other) ?? 0
  return direction === 'ascending' ? order : -order
}
