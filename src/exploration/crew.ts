import type { Scenario } from '../scenario/scenario.ts'
import { tryChunk, type ChunkOrder, type ChunkResult } from './chunk.ts'
import type { Wanted } from './failure.ts'
import type { SearchSpace } from './search-space.ts'
import { mend, type Mend } from './shrink/mend.ts'
import { shrinkError, type ErrorCase } from './shrink/shrink-error.ts'
import { observe, type Experiment, type Observation } from './statistics/experiment.ts'
import { shownCase, type ShownCase } from './statistics/shown-case.ts'
import type { ShownRun } from './statistics/shown-runs.ts'
import { shrink, type Counterexample } from './shrink/shrink.ts'
import type { ShrinkTarget } from './shrink/target.ts'
import type { Placement } from './sweep/placements.ts'
import { trySingles, type SweptPlacement } from './sweep/sweep-chunk.ts'

/** Whoever does the runs: this thread or others. What goes in and comes out is plain, so it makes no difference who does a job. */
export interface Crew {
  /** How many jobs can be under way at a time. */
  readonly width: number
  tryChunk(space: SearchSpace, order: ChunkOrder): Promise<ChunkResult>
  shrink(scenario: Scenario, target: ShrinkTarget): Promise<Counterexample>
  /** Looks for one option that mends it. */
  mend(broken: Counterexample): Promise<Mend | undefined>
  shrinkError(scenario: Scenario): Promise<ErrorCase>
  trySingles(
    scenario: Scenario,
    first: readonly Placement[],
    placements: readonly Placement[],
    wanted: Wanted,
  ): Promise<readonly SweptPlacement[]>
  observe(experiment: Experiment, index: number): Promise<readonly Observation[]>
  /** Writes a run as a scenario and tells its story. */
  show(experiment: Experiment, shown: ShownRun): Promise<ShownCase>
}

/** Does every job in this very thread, one after another. */
export const alone: Crew = {
  width: 1,
  tryChunk: (space, order) => Promise.resolve(tryChunk(space, order)),
  shrink: (scenario, target) => Promise.resolve(shrink(scenario, target)),
  mend: (broken) => Promise.resolve(mend(broken)),
  shrinkError: (scenario) => Promise.resolve(shrinkError(scenario)),
  trySingles: (...args) => Promise.resolve(trySingles(...args)),
  observe: (experiment, index) => Promise.resolve(observe(experiment, index)),
  show: (experiment, shown) => Promise.resolve(shownCase(experiment, shown)),
}
