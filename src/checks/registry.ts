import type { Check } from './check.ts'

/** The one list of checks, in the order in which reports show them. */
export const checks: readonly Check[] = []
