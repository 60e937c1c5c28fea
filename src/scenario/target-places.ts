import { quoted } from './issue.ts'
import type { ScenarioProblem } from './problem.ts'
import { inOrder } from './problem.ts'
import type { Spot } from './reading.ts'
import { below, isAbsent, itemsOf, namesOf } from './reading.ts'
import { suggestionFor } from './suggestion.ts'

/** A target of a scenario, and where it is written. */
export interface PlacedTarget {
  readonly target: string
  readonly file: string
  readonly line: number | undefined
  readonly column: number | undefined
  readonly path: string
}

/**
 * What is wrong with the targets of a scenario. Which nodes and roles there are is known once a world is built, hence this second pass:
 * `unknownTarget` answers the names that there are, or nothing when the target can mean something.
 */
export function checkTargets(
  targets: readonly PlacedTarget[],
  unknownTarget: (expression: string) => readonly string[] | undefined,
): readonly ScenarioProblem[] {
  return inOrder(
    targets.flatMap(({ target, ...place }) => {
      const known = unknownTarget(target)
      if (known === undefined) return []
      const message = `there is no target ${quoted(target)}`
      return [{ ...place, message, suggestion: suggestionFor(nameIn(target), known) }]
    }),
  )
}

/** Groups that worlds and products have besides those named after a service, a store or a system. */
const commonGroups = ['all', 'consumer', 'producer', 'broker', 'controller']

/**
 * The same for a scenario that cannot be built yet, so that its other mistakes hide no wrong target: nodes are named after the services,
 * stores and systems of the document. Roles, and how many members there are, are looked at once it can be built.
 */
export function checkTargetsByName(
  targets: readonly PlacedTarget[],
  names: readonly string[],
): readonly ScenarioProblem[] {
  const known = [...names, ...commonGroups]
  return checkTargets(targets, (target) => {
    const name = nameIn(target)
    const isRole = target.includes('(')
    return isRole || known.some((each) => name === each || name.startsWith(`${each}-`)) ? undefined : known
  })
}

/** The targets of a document: of faults, of the facts they wait for, of healing, and the ends of links. */
export function targetsIn(document: Spot, actions: readonly string[]): readonly PlacedTarget[] {
  const faults = itemsOf(below(document, 'faults')).flatMap((fault) => [
    ...namesOf(fault)
      .filter((name) => actions.includes(name))
      .map((name) => below(fault, name)),
    below(fault, 'when', 'at'),
  ])
  const heal = below(document, 'settle', 'heal')
  const links = itemsOf(below(document, 'network', 'links')).map((link) => below(link, 'between'))
  const isWord = heal.node.kind === 'scalar' && (heal.node.value === 'all' || heal.node.value === 'none')
  return [...faults, ...(isWord ? [] : [heal]), ...links].flatMap(textsIn)
}

/** Every text of one target, a list, or a list of lists. */
function textsIn(spot: Spot): readonly PlacedTarget[] {
  if (isAbsent(spot)) return []
  if (spot.node.kind === 'list') return itemsOf(spot).flatMap(textsIn)
  if (spot.node.kind === 'map') return []
  const { file, line, column } = spot.node.place
  return [{ target: String(spot.node.value), file, line, column, path: spot.path.join('.') }]
}

/** `any leader(events/orders/0) 2` → `leader`: what a slip of the pen is looked for in. */
function nameIn(target: string): string {
  return /^(?:any\s+)?([^\s()]+)/.exec(target.trim())?.[1] ?? target
}
