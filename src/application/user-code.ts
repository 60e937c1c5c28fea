import type { Strategy } from './strategies/strategy.ts'

/**
 * Code of the user's that stands where the strategy of a service would. Called once for each world; `wake` makes the run come back after
 * the running event, so that promises can go on. This layer knows no promises: who hands the code in keeps them.
 */
export type UserCode = (wake: () => void) => Strategy
