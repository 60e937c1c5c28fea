import type { NemesisProfileName } from '../../simulation/nemesis.ts'
import { drawFaults } from '../../simulation/nemesis.ts'
import type { Micros } from '../../simulation/duration.ts'
import type { Fault } from '../../simulation/fault.ts'
import { Random } from '../../simulation/random.ts'
import type { StrikeableNode } from '../search-space.ts'

/** A node by what it is and which of those it is: what two designs have in common. */
interface NeutralNode extends StrikeableNode {
  /** `broker 1`, `consumer 2`. */
  readonly neutral: string
}

/**
 * The faults of one run for one design. They are drawn for `broker 1`, `consumer 2`, and only then given to the nodes that are that here: designs
 * with other products or more members are struck at the same times, as hard, and the n-th of a kind has the n-th draws.
 */
export function neutralFaults(
  profile: NemesisProfileName,
  seed: string,
  nodes: readonly StrikeableNode[],
  duration: Micros,
): readonly Fault[] {
  const neutral = neutralNodes(nodes)
  const names = new Map(neutral.map((node) => [node.neutral, node.name]))
  const targets = neutral.map((node) => ({ name: node.neutral, kind: node.part, zone: '' }))
  return drawFaults(profile, new Random(seed), targets, duration).map((fault) => ({
    ...fault,
    targets: fault.targets.map((group) => group.map((name) => names.get(name) ?? name)),
  }))
}

function neutralNodes(nodes: readonly StrikeableNode[]): readonly NeutralNode[] {
  const counts = new Map<string, number>()
  return nodes.map((node) => {
    const number = (counts.get(node.part) ?? 0) + 1
    counts.set(node.part, number)
    return { ...node, neutral: `${node.part} ${number}` }
  })
}
