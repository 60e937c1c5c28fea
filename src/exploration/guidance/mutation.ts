import { millisecond } from '../../simulation/duration.ts'
import type { Fault } from '../../simulation/fault.ts'
import type { AnchorPoint } from '../anchors.ts'
import type { Recipe } from '../recipe.ts'
import type { SearchSpace } from '../search-space.ts'
import { drawCut, drawFault, drawMinimum, type Draws } from '../swarm.ts'
import type { Example, Guide } from './guide.ts'

/** A recipe of the guide, changed in one to four places. Whatever made its run do something rare is likely to be in it still. */
export function changedRecipe(draws: Draws, space: SearchSpace, index: number, guide: Guide): Recipe {
  const parent = drawExample(draws, guide)
  const other = draws.chance(25) ? drawExample(draws, guide) : undefined
  const spliced = other === undefined ? parent.recipe.faults : splice(draws, parent.recipe.faults, other.recipe.faults)
  let faults = spliced
  for (let change = draws.pick([1, 1, 2, 2, 3, 4]); change > 0; change--) faults = changed(draws, space, parent, faults)
  const seed = draws.chance(75) ? parent.recipe.seed : `${space.seed}/${index}`
  const parents = other === undefined || other.index === parent.index ? [parent.index] : [parent.index, other.index]
  return { seed, workload: parent.recipe.workload, faults: faults.slice(0, mostFaults), features: [], parents }
}

const mostFaults = 12

/** The more energy an example has, the likelier it is. */
function drawExample(draws: Draws, { examples }: Guide): Example {
  const all = examples.reduce((sum, { energy }) => sum + energy, 0)
  let left = draws.between(1, Math.max(1, all))
  for (const example of examples) {
    left -= example.energy
    if (left <= 0) return example
  }
  return draws.pick(examples)
}

/** Some faults of both. */
function splice(draws: Draws, one: readonly Fault[], other: readonly Fault[]): readonly Fault[] {
  return [...one, ...other].filter(() => draws.chance(60))
}

function changed(draws: Draws, space: SearchSpace, { points }: Example, faults: readonly Fault[]): readonly Fault[] {
  const near = points.length > 0 && draws.chance(75) ? { ...space, points } : space
  if (faults.length === 0 || draws.chance(30)) return [...faults, ...added(draws, near)]
  const place = draws.between(0, faults.length - 1)
  const fault = faults[place]
  if (fault === undefined) return faults
  switch (draws.pick(['remove', 'remove', 'move', 'move', 'lasts', 'target', 'kind'] as const)) {
    case 'remove':
      return faults.toSpliced(place, 1)
    case 'move':
      return faults.with(place, moved(draws, fault, near.points))
    case 'lasts':
      return faults.with(place, { ...fault, duration: stretched(draws, fault.duration, space.longest) })
    case 'target':
    case 'kind':
      return [
        ...faults.toSpliced(place, 1),
        ...added(draws, near).map((fresh) => ({ ...fresh, strikes: fault.strikes })),
      ]
  }
}

function added(draws: Draws, space: SearchSpace): readonly Fault[] {
  const feature = {
    kind: draws.pick(space.kinds),
    probability: 100,
    minimum: drawMinimum(draws, space.longest),
  }
  return [drawFault(draws, feature, draws.pick(space.nodes), space)].flatMap((fault) => fault ?? [])
}

/** At another fact: one about the same message or on the same node, where there is one, else at any. */
function moved(draws: Draws, fault: Fault, points: readonly AnchorPoint[]): Fault {
  if (points.length === 0) return fault
  const { strikes } = fault
  const when = 'when' in strikes ? strikes.when : undefined
  const neighbours = points.filter(({ anchor, node }) =>
    when?.values['message'] === undefined
      ? fault.targets.flat().includes(node)
      : anchor.values['message'] === when.values['message'],
  )
  const { anchor } = draws.pick(neighbours.length > 0 && draws.chance(70) ? neighbours : points)
  return { ...fault, strikes: { when: anchor, cut: drawCut(draws) } }
}

/** Longer or shorter by an order of magnitude. */
function stretched(draws: Draws, duration: number | undefined, longest: number): number | undefined {
  if (duration === undefined) return undefined
  return draws.chance(50)
    ? Math.min(Math.max(duration, longest), duration * 10)
    : Math.max(millisecond, Math.round(duration / 10))
}
