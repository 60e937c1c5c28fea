import { gen, noBias, sample } from 'fast-check'
import { withDrawnFaults } from '../pipeline/draw-nemesis.ts'
import type { Scenario } from '../scenario/scenario.ts'
import type { Fault } from '../simulation/fault.ts'
import { Random } from '../simulation/random.ts'
import type { SearchSpace } from './search-space.ts'
import { drawFaults, drawFeatures, Draws, type Feature } from './swarm.ts'
import { drawWorkload, type WorkloadChange } from './workload-change.ts'

/** One run of a search before it is made, and what was drawn for it. */
export interface Attempt {
  readonly index: number
  readonly scenario: Scenario
  readonly features: readonly Feature[]
  readonly changes: readonly WorkloadChange[]
}

/** The n-th run of a search: the same for everybody who has the space, whoever makes it and in whatever order. */
export function attemptOf(space: SearchSpace, index: number): Attempt {
  const random = new Random(`${space.seed}/explore/${index}`)
  const [attempt] = sample(
    noBias(gen()).map((draw) => drawAttempt(new Draws(draw), space, index)),
    { seed: random.below(2 ** 31), numRuns: 1 },
  )
  if (attempt === undefined) throw new Error('Nothing was drawn.')
  return attempt
}

function drawAttempt(draws: Draws, space: SearchSpace, index: number): Attempt {
  const seed = `${space.seed}/${index}`
  const features = space.nemesis === undefined ? drawFeatures(draws, space.kinds, space.horizon) : []
  const faults = drawFaults(draws, features, space)
  const { scenario, changes } = drawWorkload(draws, space)
  const candidate = withFaults({ ...scenario, seed }, faults)
  const { nemesis, horizon } = space
  const planned =
    nemesis === undefined
      ? candidate
      : withDrawnFaults({ ...candidate, nemesis: { profile: nemesis, duration: horizon * draws.pick([1, 4, 16]) } })
  return { index, scenario: planned, features, changes }
}

/** The scenario with these faults besides its own. */
function withFaults(scenario: Scenario, faults: readonly Fault[]): Scenario {
  return { ...scenario, faults: [...scenario.faults, ...faults] }
}
