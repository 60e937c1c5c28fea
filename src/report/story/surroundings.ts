import type { AnyFact, Name } from '../../history/fact.ts'
import { noFact } from '../../history/fact.ts'
import { copyEnded, delivered, faultEnded, faultStruck } from '../../history/facts.ts'
import type { History } from '../../history/history.ts'
import { neutralKinds } from '../../history/plain-fact.ts'
import type { Cause } from '../cause.ts'
import { placesOf, receiversIn } from '../whereabouts.ts'
import { turnsSomething } from './weight.ts'

/** What happens oftener than this at a place is its daily work, and nothing that a story turns on. */
const rare = 3

/**
 * What happened around some messages and made a difference to them: what somebody waited for in vain before it went on with them, nodes that
 * came back to them, other faults that held their nodes, and what became of their places after the cause had struck.
 */
export function surroundings(
  history: History,
  trail: readonly AnyFact[],
  behind: readonly AnyFact[],
  cause: Cause | undefined,
  end: number,
): readonly AnyFact[] {
  if (!history.kept || trail.length === 0) return []
  const first = trail[0]?.index ?? 0
  const turning = behind.filter(
    (fact) => isTurningPoint(history, fact) && fact.index > first && fact['message'] === undefined,
  )
  const last = Math.min(end, trail.at(-1)?.index ?? end)
  const from = cause?.struck.index ?? trail.find(({ kind }) => kind === delivered.name)?.index ?? last
  const others = cause === undefined ? [] : otherFaults(history, trail, cause, last)
  return [...turning, ...others, ...placeFacts(history, trail, from, last)]
}

function isTurningPoint(history: History, fact: AnyFact): boolean {
  const scope = history.kindOf(fact.kind)?.scope
  return fact.time > 0 && (scope === 'node' || (scope === 'broker' && fact.waitedFor !== noFact))
}

/** Faults besides the cause that held when the messages were under way, on a node that had them. */
function otherFaults(
  history: History,
  trail: readonly AnyFact[],
  { struck, fault }: Cause,
  end: number,
): readonly AnyFact[] {
  const nodes = [...new Set(trail.map(({ node }) => history.names.text(node)))]
  const holding = new Map<number, AnyFact>()
  const first = trail[0]?.index ?? 0
  for (let index = 0; index < Math.min(struck.index, end); index++) {
    const fact = history.at(index)
    if (fact.kind === faultEnded.name && index < first) holding.delete(Number(fact['fault']))
    // What stopped a node is told by what became of the node, where that mattered.
    if (history.kindOf(fact.kind)?.scope === 'node') forget(holding, fact.cause)
    if (fact.kind !== faultStruck.name || index === fault?.index) continue
    const targets = history.names.text(Number(fact['target'])).split(', ')
    if (targets.some((target) => nodes.includes(target))) holding.set(Number(fact['fault']), fact)
  }
  return [...holding.values()]
}

function forget(holding: Map<number, AnyFact>, struck: number): void {
  for (const [number, fault] of holding) if (fault.index === struck) holding.delete(number)
}

/** What became of the places that held the messages and of the groups that received them, as their product tells it. */
function placeFacts(history: History, trail: readonly AnyFact[], from: number, end: number): readonly AnyFact[] {
  // Before the messages came anywhere each of their places may have kept them waiting; from then on those matter where they were.
  const places = new Map(trail.toReversed().flatMap((fact) => placesOf(fact).map((place) => [place, fact.index])))
  const arrived = Math.min(...places.values())
  const isTheirs = (place: Name, index: number): boolean => {
    const first = places.get(place)
    return first !== undefined && (first < index || index < arrived)
  }
  const groups = receiversIn(trail)
  // Of a group only what a rule of its product explains matters: it commits all the time.
  const isLost = wasLost(history, trail)
  const isThere = (fact: AnyFact): boolean =>
    (placesOf(fact).some((place) => isTheirs(place, fact.index)) && !(isLost && fact['group'] !== undefined)) ||
    (groups.has(Number(fact['group'] ?? NaN)) && isTold(fact))
  const isTold = ({ kind }: AnyFact): boolean => {
    const found = history.kindOf(kind)
    return found !== undefined && turnsSomething(found)
  }
  const byKind = new Map<string, AnyFact[]>()
  for (let index = from + 1; index < end; index++) {
    const fact = history.at(index)
    if (fact['message'] !== undefined || neutralKinds.has(fact.kind) || !isThere(fact)) continue
    byKind.set(fact.kind, [...(byKind.get(fact.kind) ?? []).slice(0, rare), fact])
  }
  return [...byKind.values()].filter((facts) => facts.length <= rare).flat()
}

/** How the position of a group came to be behind a message that it was not done with: where it was reset to, or what it committed. */
export function passedBy(history: History, trail: readonly AnyFact[]): readonly AnyFact[] {
  const stored = trail.find((fact) => fact['partition'] !== undefined && fact['offset'] !== undefined)
  const end = trail.at(-1)?.index ?? 0
  if (stored === undefined || !history.kept || wasLost(history, trail)) return []
  const found = new Map<string, AnyFact>()
  for (let index = 0; index < end; index++) {
    const fact = history.at(index)
    const isThere = fact['group'] !== undefined && fact['partition'] === stored['partition']
    const key = `${fact.kind} ${String(fact['group'])}`
    if (isThere && Number(fact['offset']) > Number(stored['offset']) && !found.has(key)) found.set(key, fact)
  }
  return [...found.values()].filter(({ index }) => index > stored.index)
}

/** What a place lost, it lost whoever reads from it. */
function wasLost(history: History, trail: readonly AnyFact[]): boolean {
  return trail.some((fact) => fact.kind === copyEnded.name && history.names.text(Number(fact['fate'])) === 'lost')
}
