import type { Program } from './program.ts'
import type { Source } from './source.ts'
import type { StrategyContext } from './strategies/strategy.ts'

/**
 * Code of the user's that receives and handles in place of a service's own loop. Called once for each world; `wake` makes the run come back
 * after the running event, so that promises can go on. This layer knows no promises: who hands the code in keeps them.
 */
export type UserCode = (wake: () => void) => Consume

/** The loop that user code brings: started once in each process, for each source. */
export type Consume = (context: StrategyContext, source: Source) => Program<unknown>
