import { tryChunk as tryHere, type ChunkResult } from '../exploration/chunk.ts'
import type { Crew } from '../exploration/crew.ts'
import { mend as mendHere, type Mend } from '../exploration/shrink/mend.ts'
import { shrinkError as shrinkErrorHere, type ErrorCase } from '../exploration/shrink/shrink-error.ts'
import { observe as observeHere, type Observation } from '../exploration/statistics/experiment.ts'
import { shrink as shrinkHere, type Counterexample } from '../exploration/shrink/shrink.ts'
import { trySingles as trySinglesHere, type SweptPlacement } from '../exploration/sweep/sweep-chunk.ts'

/*
 * What a worker of the pool can do, by name, with the arguments of the crew's methods as a list.
 */

export function tryChunk(args: Parameters<Crew['tryChunk']>): ChunkResult {
  return tryHere(...args)
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

export function observe(args: Parameters<Crew['observe']>): readonly Observation[] {
  return observeHere(...args)
}

export function trySingles(args: Parameters<Crew['trySingles']>): readonly SweptPlacement[] {
  return trySinglesHere(...args)
}
