import type { Scenario } from '../scenario/scenario.ts'
import type { NemesisProfileName } from '../simulation/nemesis.ts'
import { drawFaults, nemesisProfiles } from '../simulation/nemesis.ts'
import type { Strikeable } from '../simulation/nemesis/episodes.ts'
import type { Node } from '../simulation/node.ts'
import { Random } from '../simulation/random.ts'
import { memberNames } from '../application/service.ts'
import { buildWorld } from './simulate.ts'

/**
 * The scenario with the faults of its nemesis drawn from the seed and added to its own: a plain schedule, which can be printed and saved, and
 * runs the same without the nemesis. A scenario without a nemesis comes back as it is.
 */
export function withDrawnFaults(scenario: Scenario): Scenario {
  const { nemesis, seed } = scenario
  if (nemesis === undefined) return scenario
  const { world } = buildWorld({ ...scenario, faults: [], nemesis: undefined })
  const targets = world.nodes.map((node) => strikeable(node, scenario))
  const drawn = drawFaults(profileNamed(nemesis.profile), new Random(seed), targets, nemesis.duration)
  return { ...scenario, faults: [...scenario.faults, ...drawn], nemesis: undefined }
}

function strikeable({ name, zone }: Node, { services, stores }: Scenario): Strikeable {
  const service = services.find((candidate) => memberNames(candidate).includes(name))
  if (service !== undefined) return { name, zone, kind: service.receives.length > 0 ? 'consumer' : 'producer' }
  return { name, zone, kind: stores[name] === undefined ? 'broker' : 'store' }
}

function profileNamed(name: string): NemesisProfileName {
  const found = nemesisNames.find((candidate) => candidate === name)
  if (found === undefined) throw new Error(`There is no nemesis named ${name}; the scenario should have been refused.`)
  return found
}

/** The profiles that a scenario can name. */
export const nemesisNames = Object.keys(nemesisProfiles).filter(
  (name): name is NemesisProfileName => name in nemesisProfiles,
)
