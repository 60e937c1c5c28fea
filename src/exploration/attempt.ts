import type { Scenario } from '../scenario/scenario.ts'
import { recipeOf, type Recipe } from './recipe.ts'
import type { SearchSpace } from './search-space.ts'
import { withDrawnWorkload, type WorkloadChange } from './workload-change.ts'

/** One run of a search before it is made, and what was drawn for it. */
export interface Attempt {
  readonly recipe: Recipe
  readonly scenario: Scenario
  readonly changes: readonly WorkloadChange[]
}

/** The n-th run of a search where nothing guides it: the same for everybody who has the space, whoever makes it and in whatever order. */
export function attemptOf(space: SearchSpace, index: number): Attempt {
  return attemptFrom(space, recipeOf(space, index))
}

/** The run that a recipe describes. */
export function attemptFrom(space: SearchSpace, recipe: Recipe): Attempt {
  const { scenario, changes } = withDrawnWorkload(space, recipe.workload)
  const faults = [...scenario.faults, ...recipe.faults]
  return { recipe, scenario: { ...scenario, seed: recipe.seed, faults }, changes }
}
