import { accounted } from './accounted.ts'
import { allSettled } from './all-settled.ts'
import type { Check } from './check.ts'
import { exactlyOnce } from './exactly-once.ts'
import { noDuplicates } from './no-duplicates.ts'
import { noInvention } from './no-invention.ts'
import { noLoss } from './no-loss.ts'
import { orderedPerKey } from './ordered-per-key.ts'

/** The one list of checks, in the order in which reports show them. */
export const checks: readonly Check[] = [
  noLoss,
  noDuplicates,
  exactlyOnce,
  noInvention,
  orderedPerKey,
  allSettled,
  accounted,
]
