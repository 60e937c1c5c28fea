import { tryChunk as tryHere, type ChunkOrder, type ChunkResult } from '../exploration/chunk.ts'
import type { Crew } from '../exploration/crew.ts'
import type { Guide } from '../exploration/guidance/guide.ts'
import type { SearchSpace } from '../exploration/search-space.ts'
import { mend as mendHere, type Mend } from '../exploration/shrink/mend.ts'
import { shrinkError as shrinkErrorHere, type ErrorCase } from '../exploration/shrink/shrink-error.ts'
import { observe as observeHere, type Experiment, type Observation } from '../exploration/statistics/experiment.ts'
import { shownCase, type ShownCase } from '../exploration/statistics/shown-case.ts'
import { shrink as shrinkHere, type Counterexample } from '../exploration/shrink/shrink.ts'
import { trySingles as trySinglesHere, type SweptPlacement } from '../exploration/sweep/sweep-chunk.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { unshared, type SharedValue } from './shared-value.ts'

/*
 * What a worker of the pool can do, by name, with the arguments of the crew's methods as a list; those that many jobs have in common are shared.
 */

export function tryChunk([space, order, guide]: readonly [
  SharedValue<SearchSpace>,
  Omit<ChunkOrder, 'guide'>,
  SharedValue<Guide> | undefined,
]): ChunkResult {
  return tryHere(unshared(space), { ...order, guide: guide && unshared(guide) })
}

export function shrink(args: Parameters<Crew['shrink']>): Counterexample {
  return shrinkHere(...args)
}

export function mend(args: Parameters<Crew['mend']>): Mend | undefined {
  return mendHere(...args)
}

export function shrinkError(args: Parameters<Crew['shrinkError']>): ErrorCase {
  return shrinkErrorHere(...args)
}

type WithoutFirst<T extends readonly unknown[]> = T extends readonly [unknown, ...infer Rest] ? Rest : never

export function observe([experiment, ...args]: readonly [
  SharedValue<Experiment>,
  ...WithoutFirst<Parameters<Crew['observe']>>,
]): readonly Observation[] {
  return observeHere(unshared(experiment), ...args)
}

export function show([experiment, ...args]: readonly [
  SharedValue<Experiment>,
  ...WithoutFirst<Parameters<Crew['show']>>,
]): ShownCase {
  return shownCase(unshared(experiment), ...args)
}

export function trySingles([scenario, ...args]: readonly [
  SharedValue<Scenario>,
  ...WithoutFirst<Parameters<Crew['trySingles']>>,
]): readonly SweptPlacement[] {
  return trySinglesHere(unshared(scenario), ...args)
}
