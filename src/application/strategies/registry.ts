import { acknowledgeFirst } from './acknowledge-first.ts'
import { none } from './none.ts'
import type { Strategy } from './strategy.ts'

/** Every strategy, in the order in which documents list them. */
export const strategies: readonly Strategy[] = [none, acknowledgeFirst]
