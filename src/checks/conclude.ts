import type { CheckRow, RowHead, Witness } from './check.ts'

/** What a check found out about one row. */
export interface Findings {
  readonly violations: number
  readonly witnesses: readonly Witness[]
  /** What made the violations possible, where the witnesses do not say it. */
  readonly violationReason?: string | undefined
  /** Why a row without violations cannot be said to hold; `undefined` when it can. */
  readonly undecided: string | undefined
}

/** Violated, else unknown, else holds. */
export function conclude(head: RowHead, findings: Findings): CheckRow {
  const { violations, witnesses, violationReason, undecided } = findings
  if (violations > 0) {
    const violated = { verdict: 'violated', violations, witnesses, ...head } as const
    return violationReason === undefined ? violated : { reason: violationReason, ...violated }
  }
  if (undecided !== undefined) return { verdict: 'unknown', violations: 0, witnesses: [], reason: undecided, ...head }
  return { verdict: 'holds', violations: 0, witnesses: [], ...head }
}
