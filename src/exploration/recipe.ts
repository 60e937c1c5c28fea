import { withDrawnFaults } from '../pipeline/draw-nemesis.ts'
import type { Fault } from '../simulation/fault.ts'
import { drawn } from './drawn.ts'
import type { Guide } from './guidance/guide.ts'
import { changedRecipe } from './guidance/mutation.ts'
import type { SearchSpace } from './search-space.ts'
import { drawFaults, drawFeatures, type Draws, type Feature } from './swarm.ts'
import { withDrawnWorkload } from './workload-change.ts'

/** What a run of a search is made of beside the scenario: small enough to be kept and sent, and to be changed a little. */
export interface Recipe {
  /** Of the run. */
  readonly seed: string
  /** What another workload is drawn from; nothing keeps that of the scenario. */
  readonly workload: string | undefined
  /** Besides those of the scenario. */
  readonly faults: readonly Fault[]
  /** Which kinds of faults were in it, where they were drawn afresh. */
  readonly features: readonly Feature[]
  /** The runs whose recipes it was made from; none where it was drawn afresh. */
  readonly parents: readonly number[]
}

/**
 * The recipe of the n-th run of a search: the same for everybody who has the space and the guide. Every other run is drawn afresh; the rest change a
 * recipe of the guide, where there is one.
 */
export function recipeOf(space: SearchSpace, index: number, guide?: Guide): Recipe {
  const isGuided = guide !== undefined && guide.examples.length > 0 && index % 4 !== 0
  return drawn(`${space.seed}/explore/${index}`, (draws) =>
    isGuided ? changedRecipe(draws, space, index, guide) : freshRecipe(draws, space, index),
  )
}

function freshRecipe(draws: Draws, space: SearchSpace, index: number): Recipe {
  const seed = `${space.seed}/${index}`
  const features = space.nemesis === undefined ? drawFeatures(draws, space) : []
  const faults = drawFaults(draws, features, space)
  const workload = space.changesWorkload && draws.chance(50) ? `${seed}/workload` : undefined
  const recipe = { seed, workload, faults, features, parents: [] }
  return space.nemesis === undefined ? recipe : { ...recipe, faults: nemesisFaults(draws, space, recipe) }
}

/** The faults of a profile, for the nodes that there are with this workload. */
function nemesisFaults(draws: Draws, space: SearchSpace, { seed, workload }: Recipe): readonly Fault[] {
  const { nemesis: profile = '', horizon } = space
  const nemesis = { profile, duration: horizon * draws.pick([1, 4, 16]) }
  const planned = withDrawnFaults({ ...withDrawnWorkload(space, workload).scenario, seed, faults: [], nemesis })
  return planned.faults
}
