import { millisecond, second } from '../../simulation/duration.ts'
import type { Fault } from '../../simulation/fault.ts'
import type { AnchorPoint } from '../anchors.ts'
import type { Recipe } from '../recipe.ts'
import type { SearchSpace } from '../search-space.ts'
import { drawCut, drawFault, drawFaults, drawFeatures, drawMinimum, type Draws } from '../swarm.ts'
import type { Example, Guide } from './guide.ts'

/**
 * Most faults of a recipe of the guide, some of them changed, and others drawn afresh up to a dozen. The ones lead to where its run did something rare;
 * the others are what makes as many new attempts from there as a run has that is drawn afresh.
 */
export function changedRecipe(draws: Draws, space: SearchSpace, index: number, guide: Guide): Recipe {
  const parent = drawExample(draws, guide)
  const other = draws.chance(25) ? drawExample(draws, guide) : undefined
  let faults: readonly Fault[] = [...parent.recipe.faults, ...(other?.recipe.faults ?? [])].filter(() =>
    draws.chance(60),
  )
  for (let change = draws.pick([1, 1, 2, 2, 3, 4]); change > 0; change--) faults = changed(draws, space, parent, faults)
  const { points } = parent
  const near = points.length > 0 && draws.chance(50) ? { ...space, points } : space
  const fresh = drawFaults(draws, drawFeatures(draws, space), near)
  const seed = draws.chance(75) ? parent.recipe.seed : `${space.seed}/${index}`
  const parents = other === undefined || other.index === parent.index ? [parent.index] : [parent.index, other.index]
  return {
    seed,
    workload: parent.recipe.workload,
    faults: [...faults, ...fresh].slice(0, mostFaults),
    features: [],
    parents,
  }
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

function changed(draws: Draws, space: SearchSpace, { points }: Example, faults: readonly Fault[]): readonly Fault[] {
  const near = points.length > 0 && draws.chance(75) ? { ...space, points } : space
  const place = draws.between(0, faults.length - 1)
  const fault = faults[place]
  if (fault === undefined || draws.chance(25)) return [...faults, ...added(draws, near)]
  // The more there are, the likelier is one too many.
  if (draws.chance(5 * faults.length)) return faults.toSpliced(place, 1)
  switch (draws.pick(['again', 'again', 'beside', 'move', 'move', 'lasts', 'replace'] as const)) {
    case 'again':
      return [...faults, again(draws, fault, space)]
    case 'beside':
      return [...faults, ...added(draws, near).map((fresh) => ({ ...fresh, strikes: closeTo(draws, fault) }))]
    case 'move':
      return faults.with(place, moved(draws, fault, near.points))
    case 'lasts':
      return faults.with(place, { ...fault, duration: stretched(draws, fault.duration, space.longest) })
    case 'replace':
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

/**
 * The same once more: when the same fact is there for the next time, on whoever has the message then; or when it is just over, so that it strikes
 * the recovery from itself.
 */
function again(draws: Draws, fault: Fault, { nodes }: SearchSpace): Fault {
  const { strikes, targets } = fault
  if ('at' in strikes) return { ...fault, strikes: closeTo(draws, fault) }
  const { when } = strikes
  const message = when.values['message']
  const isOne = targets.length === 1 && targets[0]?.length === 1 && nodes.some(({ part }) => part === 'consumer')
  const whoever = message !== undefined && isOne && draws.chance(50) ? [[`handler(${String(message)})`]] : targets
  return { ...fault, targets: whoever, strikes: { ...strikes, when: { ...when, nth: when.nth + 1 } } }
}

/** At the same moment as another fault, or a little after it ends. */
function closeTo(draws: Draws, { strikes, duration = 0 }: Fault): Fault['strikes'] {
  if ('when' in strikes) return strikes
  return { at: strikes.at + (draws.chance(70) ? duration : 0) + draws.wild(millisecond, second) }
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
