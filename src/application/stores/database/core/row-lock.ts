import type { RowLocking } from '../statement.ts'

/** How strongly a row, or a number, is locked. */
export type LockStrength = RowLocking['strength']

/** Weakest first: two locks of different owners conflict where their ranks sum up to three or more. */
const ranks = { 'key share': 0, share: 1, 'no key update': 2, update: 3 } as const

export function areInConflict(one: LockStrength, other: LockStrength): boolean {
  return ranks[one] + ranks[other] >= 3
}

export function isAtLeast(held: LockStrength, wanted: LockStrength): boolean {
  return ranks[held] >= ranks[wanted]
}
