import type { NemesisProfileName } from '../../simulation/nemesis.ts'
import { drawFaults } from '../../simulation/nemesis.ts'
import type { Micros } from '../../simulation/duration.ts'
import type { Fault } from '../../simulation/fault.ts'
import { Random } from '../../simulation/random.ts'
import type { StrikeableNode } from '../search-space.ts'

/** A node by what it is and which of those it is, which is what two designs have in common: `broker 1`, `consumer 2`. */
export interface NeutralTarget {
  readonly name: string
  readonly part: StrikeableNode['part']
}

/** A neutral target, and the node that is it in some design. */
export interface Counterpart {
  readonly neutral: string
  readonly node: string
}

const parts = ['broker', 'store', 'producer', 'consumer'] as const

/** The nodes of a design, the n-th of each kind under its neutral name. */
export function counterpartsOf(nodes: readonly StrikeableNode[]): readonly Counterpart[] {
  return parts.flatMap((part) =>
    nodes
      .filter((node) => node.part === part)
      .map(({ name }, place) => ({ neutral: `${part} ${place + 1}`, node: name })),
  )
}

/** Every neutral target that at least one of the designs has. */
export function neutralTargetsOf(designs: readonly (readonly StrikeableNode[])[]): readonly NeutralTarget[] {
  return parts.flatMap((part) => {
    const most = Math.max(0, ...designs.map((nodes) => nodes.filter((node) => node.part === part).length))
    return Array.from({ length: most }, (_, place) => ({ name: `${part} ${place + 1}`, part }))
  })
}

/** The faults of one run for all designs: drawn for neutral targets, so nothing about them depends on how a design calls its nodes. */
export function drawNeutralFaults(
  profile: NemesisProfileName,
  seed: string,
  targets: readonly NeutralTarget[],
  duration: Micros,
): readonly Fault[] {
  const strikeable = targets.map(({ name, part }) => ({ name, kind: part, zone: '' }))
  return drawFaults(profile, new Random(seed), strikeable, duration)
}

/** The faults as they strike one design, and those for which it has nobody: `crash of broker 3`. */
export function givenTo(
  counterparts: readonly Counterpart[],
  faults: readonly Fault[],
): { readonly faults: readonly Fault[]; readonly without: readonly string[] } {
  const names = new Map(counterparts.map(({ neutral, node }) => [neutral, node]))
  const without: string[] = []
  const given = faults.flatMap((fault): readonly Fault[] => {
    const targets = fault.targets.map((group) => group.flatMap((name) => names.get(name) ?? []))
    if (targets.every((group) => group.length > 0)) return [{ ...fault, targets }]
    const missing = fault.targets.flat().filter((name) => !names.has(name))
    without.push(`${fault.action} of ${[...new Set(missing)].join(' and ')}`)
    return []
  })
  return { faults: given, without }
}
