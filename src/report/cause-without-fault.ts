import type { Witness } from '../checks/check.ts'
import type { AnyFact } from '../history/fact.ts'
import {
  acknowledged,
  copyEnded,
  copyRemained,
  copyStored,
  delivered,
  effectApplied,
  handled,
  handlingFailed,
  submitted,
} from '../history/facts.ts'
import { neutralKinds } from '../history/plain-fact.ts'
import type { History } from '../history/history.ts'
import { placesOf, receiversIn } from './whereabouts.ts'

/** What stood in the way where no fault did it, and what else belongs to that. */
export interface Obstacle {
  readonly struck: AnyFact
  readonly besides: readonly AnyFact[]
}

/**
 * Why something broke that no fault struck. What came twice was sent twice, or its group or place changed hands in between; what came too late
 * was overtaken; and what never came met something on its way that lasted, stood behind something that did not get out of the way, or went to
 * others.
 */
export function causeWithoutFault(
  history: History,
  trail: readonly AnyFact[],
  { evidence }: Witness,
): Obstacle | undefined {
  if (!history.kept || trail.length === 0) return undefined
  const arrivals = evidence.filter(({ kind }) => kind === delivered.name || kind === effectApplied.name)
  const [first, last] = [arrivals[0], arrivals.at(-1)]
  if (first === undefined || last === undefined || arrivals.length < 2)
    return (
      lasting(history, trail) ?? inTheWay(history, trail) ?? unfinished(history, trail) ?? takenByOthers(history, trail)
    )
  const isOrder = operationOf(trail, first) !== operationOf(trail, last)
  return isOrder ? overtaking(history, trail, first, last) : between(history, trail, first, last)
}

/** What a message is about, by its sending: a copy under another id is about the same. */
function operationOf(trail: readonly AnyFact[], { message }: AnyFact): unknown {
  return trail.find((fact) => fact.kind === submitted.name && fact['message'] === message)?.['operation'] ?? message
}

/** What a product did to the group or the place between two arrivals, or another sending of the same; else that the group began anew, as groups do. */
function between(
  history: History,
  trail: readonly AnyFact[],
  { index: from }: AnyFact,
  { index: to }: AnyFact,
): Obstacle | undefined {
  const [places, receivers] = [placesIn(trail), receiversIn(trail)]
  const handed = trail.find(({ kind }) => kind === delivered.name)?.index ?? from
  const again = trail.findLast(({ kind, index }) => kind === submitted.name && index > from && index < to)
  let turn: AnyFact | undefined
  let anew: AnyFact | undefined
  for (let index = Math.min(from, handed) + 1; index < to; index++) {
    const fact = history.at(index)
    if (fact['message'] !== undefined) continue
    const isOfGroup = receivers.has(Number(fact['group'] ?? NaN))
    if (isOfGroup && fact['partition'] === undefined) anew = fact
    if (!turnsSomething(history, fact)) continue
    if (isOfGroup || placesOf(fact).some((place) => places.has(place))) turn = fact
  }
  const struck = turn ?? again ?? anew
  return struck && { struck, besides: [] }
}

/** What was sent later came first, by another way or to another: where its copy went, or who was handed it. */
function overtaking(history: History, trail: readonly AnyFact[], early: AnyFact, late: AnyFact): Obstacle | undefined {
  const [one, other] = [early, late].map((arrival) => storedOf(history, trail, arrival))
  if (one !== undefined && other !== undefined && placeOf(one) !== placeOf(other))
    return { struck: one, besides: [other] }
  if (one !== undefined && other !== undefined && one.index < other.index) return { struck: one, besides: [] }
  const [taken, left] = [early, late].map((arrival) =>
    trail.findLast(
      ({ kind, message, index }) => kind === delivered.name && message === arrival['message'] && index <= arrival.index,
    ),
  )
  if (taken === undefined || left === undefined) return undefined
  if (taken.node === left.node && taken.index > left.index) return undefined
  return { struck: taken, besides: [left] }
}

/** Of what never came to somebody: whoever took it instead, by word of its system, or because he was handed it and acknowledged it. */
function takenByOthers(history: History, trail: readonly AnyFact[]): Obstacle | undefined {
  const given = trail.find(
    (fact) => fact.kind === copyEnded.name && history.names.text(Number(fact['fate'])) === 'delivered',
  )
  const takers = new Set(trail.flatMap(({ kind, node }) => (kind === acknowledged.name ? [node] : [])))
  const struck = given ?? trail.find(({ kind, node }) => kind === delivered.name && takers.has(node))
  return struck && { struck, besides: [] }
}

/** What lasted and kept the message from somewhere, where it was given up for that; nothing for one that was given up for itself. */
export function obstacleOf(history: History, trail: readonly AnyFact[]): Obstacle | undefined {
  return history.kept && trail.length > 0 ? lasting(history, trail) : undefined
}

/** The last of what lasted and had to do with a place of the message, or with somebody who never got it. */
function lasting(history: History, trail: readonly AnyFact[]): Obstacle | undefined {
  const places = placesIn(trail)
  const senders = new Set<unknown>(trail.filter(({ kind }) => kind === submitted.name).map(({ node }) => node))
  const [first, last] = [trail[0]?.index ?? 0, trail.at(-1)?.index ?? 0]
  const stored = trail.find((fact) => fact['partition'] !== undefined && fact['offset'] !== undefined)
  const passes = (fact: AnyFact): boolean =>
    fact['group'] === undefined || Number(fact['offset'] ?? 0) > Number(stored?.['offset'] ?? 0)
  const concerns = (fact: AnyFact): boolean =>
    (passes(fact) && placesOf(fact).some((place) => places.has(place))) ||
    (fact['client'] !== undefined && !senders.has(fact['client']))
  let open: AnyFact[] = []
  for (let index = 0; index < last; index++) {
    const fact = history.at(index)
    open = open.filter((earlier) => !isEndOf(history, fact, earlier))
    if (fact['message'] !== undefined || !turnsSomething(history, fact) || !concerns(fact)) continue
    if (index > first || history.kindOf(fact.kind)?.rule?.until !== undefined) open.push(fact)
  }
  const struck = open.at(-1)
  return struck && { struck, besides: open.slice(0, -1).filter(({ time }) => time === struck.time) }
}

/** Whether a fact is the end of what began with another: of the kind that its rule names, and about the same client or place. */
function isEndOf(history: History, fact: AnyFact, begun: AnyFact): boolean {
  if (history.kindOf(begun.kind)?.rule?.until !== fact.kind) return false
  const own = [begun['client'], begun['place']].filter((name) => name !== undefined)
  return [fact['client'], fact['place'], fact.node].some((name) => own.includes(Number(name)))
}

/** A message of the same place that was in somebody's hands to the end, or failed over and over. */
function inTheWay(history: History, trail: readonly AnyFact[]): Obstacle | undefined {
  const remained = trail.findLast(({ kind }) => kind === copyRemained.name)
  if (remained === undefined || trail.some(({ kind }) => kind === delivered.name)) return undefined
  const place = history.names.text(Number(remained['place']))
  let held: AnyFact | undefined
  const failures = new Map<unknown, AnyFact[]>()
  for (const fact of history) {
    if (fact.kind === copyRemained.name && fact['place'] === remained['place'] && fact['state'] !== remained['state'])
      held ??= fact
    if (fact.kind === handlingFailed.name)
      failures.set(fact['message'], [...(failures.get(fact['message']) ?? []).slice(-stubborn), fact])
  }
  const blocking =
    held === undefined
      ? stubbornIn(history, failures, place)
      : (failures.get(held['message'])?.at(-1) ?? leftUnsaid(history, held['message']))
  const struck = blocking ?? held
  return struck && { struck, besides: held === undefined || held === struck ? [] : [held] }
}

/**
 * A message that was handed out and is still there: whoever had it finished and said nothing, or its group or place changed hands before what he
 * said was known.
 */
function unfinished(history: History, trail: readonly AnyFact[]): Obstacle | undefined {
  const remained = trail.findLast(({ kind }) => kind === copyRemained.name)
  const handed = trail.find(({ kind }) => kind === delivered.name)
  if (remained === undefined || handed === undefined) return undefined
  const finished = leftUnsaid(history, remained['message'])
  return finished === undefined ? between(history, trail, handed, remained) : { struck: finished, besides: [] }
}

/** That somebody finished with a message, where nobody ever acknowledged it. */
function leftUnsaid(history: History, message: unknown): AnyFact | undefined {
  let finished: AnyFact | undefined
  for (const fact of history) {
    if (fact['message'] !== message) continue
    if (fact.kind === acknowledged.name) return undefined
    if (fact.kind === handled.name) finished = fact
  }
  return finished
}

/** A message that failed so often is not done with. */
const stubborn = 3

function stubbornIn(
  history: History,
  failures: ReadonlyMap<unknown, readonly AnyFact[]>,
  place: string,
): AnyFact | undefined {
  const isThere = (fact: AnyFact): boolean => {
    for (let index = fact.index; index >= 0; index--) {
      const earlier = history.at(index)
      if (earlier.kind === delivered.name && earlier['message'] === fact['message'])
        return place.startsWith(history.names.text(Number(earlier['channel'])))
    }
    return false
  }
  const last = [...failures.values()].filter((of) => of.length > stubborn).flatMap((of) => of.at(-1) ?? [])
  return last.find(isThere)
}

/** Whether a rule of its product explains such a fact, and it is no daily work. */
function turnsSomething(history: History, { kind }: AnyFact): boolean {
  const rule = history.kindOf(kind)?.rule
  return rule !== undefined && rule.routine !== true && history.kindOf(kind)?.scope === 'broker'
}

function isStored(fact: AnyFact): boolean {
  return fact.kind === copyStored.name || (!neutralKinds.has(fact.kind) && fact['partition'] !== undefined)
}

/** What its product says of the copy that an arrival came from, else that it was stored; of several places, the one from which it was handed out. */
function storedOf(history: History, trail: readonly AnyFact[], arrival: AnyFact): AnyFact | undefined {
  const stored = trail.filter(
    (fact) => fact['message'] === arrival['message'] && isStored(fact) && history.kindOf(fact.kind)?.scope === 'broker',
  )
  const handed = trail.findLast(
    ({ kind, node, message, index, service }) =>
      kind === delivered.name &&
      message === arrival['message'] &&
      (node === arrival.node || service === arrival['service']) &&
      index <= arrival.index,
  )
  return stored.find((fact) => handed !== undefined && placeOf(fact) === handed['channel']) ?? stored[0]
}

function placeOf(fact: AnyFact): unknown {
  return fact['place'] ?? fact['partition']
}

function placesIn(trail: readonly AnyFact[]): ReadonlySet<number> {
  return new Set(trail.flatMap(placesOf))
}
