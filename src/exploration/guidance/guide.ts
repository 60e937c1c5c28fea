import type { AnchorPoint } from '../anchors.ts'
import type { Recipe } from '../recipe.ts'

/** A run that did something rare: what it was made of, and where in it that was. */
export interface Example {
  /** Which run of the search. */
  readonly index: number
  readonly recipe: Recipe
  /** Facts at which it did what is rare, those of recoveries among them: none of these need be in the run without faults. */
  readonly points: readonly AnchorPoint[]
  /** How likely it is to be changed next, beside the others. */
  readonly energy: number
}

/** What a run of a search may know of earlier ones. */
export interface Guide {
  /** A bit for each feature of coverage: whether so many runs had it that it is nothing special any more. */
  readonly common: Uint8Array
  readonly examples: readonly Example[]
}

export function isCommon(common: Uint8Array, feature: number): boolean {
  return (((common[feature >> 3] ?? 0) >> (feature & 7)) & 1) === 1
}
