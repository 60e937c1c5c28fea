import { integer, type Arbitrary, type GeneratorValue } from 'fast-check'
import { millisecond, type Micros } from '../simulation/duration.ts'
import type { Fault, FaultCut, FaultKind, ParameterSpec, ParameterValue } from '../simulation/fault.ts'
import { faultKindOf } from '../simulation/faults/registry.ts'
import type { AnchorPoint } from './anchors.ts'
import type { SearchSpace, StrikeableNode } from './search-space.ts'

/** One kind of fault that a run has; all others are off in it. */
export interface Feature {
  readonly kind: string
  /** Of each node being struck, in per cent. */
  readonly probability: number
  /** µs that each such fault lasts at least. */
  readonly minimum: Micros
}

/**
 * What makes whole numbers between two. fast-check keeps what it was given for each such function, and compares arguments field by field, one call
 * after another: with all bounds as arguments of one function that takes longer than drawing.
 */
function wholeNumbers(min: number, max: number): () => Arbitrary<number> {
  const bounds = `${min} ${max}`
  const known = makers.get(bounds)
  if (known !== undefined) return known
  if (makers.size > mostMakers) makers.clear()
  const arbitrary = integer({ min, max })
  const maker = (): Arbitrary<number> => arbitrary
  makers.set(bounds, maker)
  return maker
}

const makers = new Map<string, () => Arbitrary<number>>()
const mostMakers = 10_000

/** Numbers of a run, drawn by fast-check. */
export class Draws {
  readonly #draw: GeneratorValue

  constructor(draw: GeneratorValue) {
    this.#draw = draw
  }

  /** A whole number, both ends included. */
  between(low: number, high: number): number {
    return this.#draw(wholeNumbers(low, Math.max(low, high)))
  }

  chance(percent: number): boolean {
    return this.between(1, 100) <= percent
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.between(0, items.length - 1)]
    if (item === undefined) throw new RangeError('There is nothing to draw from.')
    return item
  }

  /** A whole number whose order of magnitude is drawn first: small ones are as likely as huge ones. */
  wild(low: number, high: number): number {
    const doublings = this.between(0, doublingsBetween(low, high))
    const floor = low * 2 ** doublings
    return Math.min(high, this.between(floor, floor * 2 - 1))
  }
}

function doublingsBetween(low: number, high: number): number {
  let count = 0
  for (let reached = low * 2; reached <= high; reached *= 2) count++
  return count
}

/** Which kinds of faults a run has: each is in it or not by the toss of a coin, with its own probability and least duration. */
export function drawFeatures(draws: Draws, { kinds, longest }: SearchSpace): readonly Feature[] {
  return kinds.flatMap((kind) => {
    if (!draws.chance(50)) return []
    const probability = draws.pick([2, 10, 30, 100])
    return [{ kind, probability, minimum: drawMinimum(draws, longest) }]
  })
}

export function drawMinimum(draws: Draws, longest: Micros): Micros {
  return draws.wild(millisecond, Math.max(millisecond, Math.round(longest / 2)))
}

/** How many faults a run has at most: more only hide one another. */
const mostFaults = 12

/** The faults of the chosen kinds: each node is struck by each kind with its probability; a run with a kind has one of them at least. */
export function drawFaults(draws: Draws, features: readonly Feature[], space: SearchSpace): readonly Fault[] {
  const faults = features.flatMap((feature) => {
    const struck = space.nodes.filter(() => draws.chance(feature.probability))
    const targets = struck.length > 0 || feature.probability < 10 ? struck : [draws.pick(space.nodes)]
    return targets.flatMap((node) => drawFault(draws, feature, node, space) ?? [])
  })
  if (faults.length <= mostFaults) return faults
  const first = draws.between(0, faults.length - mostFaults)
  return faults.slice(first, first + mostFaults)
}

export function drawFault(draws: Draws, feature: Feature, node: StrikeableNode, space: SearchSpace): Fault | undefined {
  const kind = faultKindOf(feature.kind)
  if (kind === undefined) return undefined
  const anchored = space.points.length > 0 && draws.chance(50) ? drawAnchor(draws, space) : undefined
  const isNear = anchored !== undefined && space.nodes.some(({ name }) => name === anchored.node) && draws.chance(70)
  const near = isNear ? anchored.node : node.name
  const targets = drawTargets(draws, kind, near, space)
  if (targets === undefined) return undefined
  const strongest = space.strongest[kind.name] ?? {}
  const parameters = Object.entries(kind.parameters).map(([name, spec]) => {
    return [name, atMost(strongest[name], drawParameter(draws, spec))]
  })
  const strikes = anchored?.strikes ?? { at: draws.between(0, space.horizon) }
  const duration = draws.wild(feature.minimum, Math.max(feature.minimum, space.longest))
  const isForGood = space.isForGood && draws.chance(25)
  const fault = { action: kind.name, targets, parameters: Object.fromEntries(parameters), strikes }
  return { ...fault, duration: isForGood ? undefined : duration }
}

/** A kind of fact first, and then one of its facts: rare kinds are struck as often as frequent ones. */
function drawAnchor(draws: Draws, { points }: SearchSpace): { strikes: Fault['strikes']; node: string } {
  const { anchor, node } = draws.pick(draws.pick(pointsByFact(points)))
  return { strikes: { when: anchor, cut: drawCut(draws) }, node }
}

/** Points of one kind of fact each. A search draws from the same points thousands of times. */
function pointsByFact(points: readonly AnchorPoint[]): readonly (readonly AnchorPoint[])[] {
  const known = sortedPoints.get(points)
  if (known !== undefined) return known
  const facts = [...new Set(points.map(({ anchor }) => anchor.fact))]
  const sorted = facts.map((fact) => points.filter(({ anchor }) => anchor.fact === fact))
  sortedPoints.set(points, sorted)
  return sorted
}

const sortedPoints = new WeakMap<readonly AnchorPoint[], readonly (readonly AnchorPoint[])[]>()

export function drawCut(draws: Draws): FaultCut {
  return draws.pick(['after-state', 'after-step', 'after-step', { afterSends: 1 }] as const)
}

function drawTargets(
  draws: Draws,
  { takes }: FaultKind,
  node: string,
  { nodes }: SearchSpace,
): Fault['targets'] | undefined {
  const others = nodes.map(({ name }) => name).filter((name) => name !== node)
  if (takes === 'nodes') {
    const together = others.length > 0 && draws.chance(15) ? [node, draws.pick(others)] : [node]
    return [together]
  }
  if (others.length === 0) return undefined
  if (takes === 'pair' || draws.chance(60)) return [[node], [draws.pick(others)]]
  const side = others.filter(() => draws.chance(50))
  const rest = others.filter((name) => !side.includes(name))
  return rest.length === 0 ? [[node], others] : [[node, ...side], rest]
}

function atMost(bound: number | undefined, value: ParameterValue): ParameterValue {
  return bound === undefined || typeof value !== 'number' ? value : Math.min(bound, value)
}

function drawParameter(draws: Draws, { type, fallback }: ParameterSpec): ParameterValue {
  switch (type) {
    case 'duration':
      return draws.wild(millisecond, 10_000 * millisecond)
    case 'factor':
      return draws.wild(2, 1024)
    case 'probability':
      return draws.between(1, 60) / 100
    case 'count':
      return draws.wild(1, 64)
    case 'rate':
      return draws.between(-500, 500)
    case 'flag':
      return draws.chance(50)
    case 'text':
      return fallback
  }
}
