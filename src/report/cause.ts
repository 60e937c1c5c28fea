import type { Witness } from '../checks/check.ts'
import type { AnyFact } from '../history/fact.ts'
import {
  acknowledged,
  answered,
  copyEnded,
  copyStored,
  delivered,
  derived,
  effectSkipped,
  faultStruck,
  handled,
  handlingFailed,
  nodeCrashed,
  nodeLostPower,
  nodeStarted,
  nodeStopped,
  runEnded,
  submitted,
} from '../history/facts.ts'
import type { History } from '../history/history.ts'
import { causeWithoutFault, obstacleOf } from './cause-without-fault.ts'
import { factPhrase } from './fact-phrase.ts'
import { endOf, heldMeanwhile, nearestFault, struckBetween, struckOnTheWay } from './faults-in-time.ts'
import { momentText } from './quantities.ts'
import { ancestors, faultBehind, type Trails } from './trails.ts'

/** Why a guarantee broke: what struck, and between which two facts about the message it did. */
export interface Cause {
  /** What was done to a node; the fault itself where it is about no node in particular. */
  readonly struck: AnyFact
  readonly fault: AnyFact | undefined
  readonly before: AnyFact | undefined
  readonly after: AnyFact | undefined
  /** What else belongs to it, where no fault did it. */
  readonly besides: readonly AnyFact[]
}

/** The cause in one clause, "billing-1 crashed (crash struck billing-1 at 1.2 s) after … and before …"; empty when nothing is known. */
export function causeText(history: History, witness: Witness, trails: Trails): string {
  const cause = causeOf(history, witness, trails)
  if (cause === undefined) return ''
  const { struck, fault, before, after } = cause
  const silent = struck.kind === handled.name ? ' and never acknowledged it' : ''
  const what = `${factPhrase(history, struck)}${silent}`
  const when = `at ${momentText(struck.time)}`
  const by = fault === undefined || fault.index === struck.index ? when : `(${factPhrase(history, fault)} ${when})`
  const since = before === undefined ? '' : `, after ${factPhrase(history, before)}`
  const until = after === undefined ? '' : `${since === '' ? ', ' : ' and '}before ${factPhrase(history, after)}`
  return `${what} ${by}${since}${until}`
}

/**
 * Looks for what a fault interrupted, then for a fault from which the evidence followed or anything else about the message; then for somebody
 * who gave the message up by himself; for a fault that struck between two arrivals; for one that held when the message came to be, or struck
 * while it was under way; and at last for what stood in its way without any fault.
 */
export function causeOf(history: History, witness: Witness, trails: Trails): Cause | undefined {
  const cause = foundCause(history, witness, trails)
  const isStuck = witness.evidence.some(({ kind }) => kind === runEnded.name)
  return isStuck && cause !== undefined
    ? { ...cause, besides: [...cause.besides, ...stillDown(history, cause.struck, trails)] }
    : cause
}

/** Other nodes that a fault took away and that were not there again when the run ended. */
function stillDown(
  history: History,
  struck: AnyFact,
  { interruptions }: Pick<Trails, 'interruptions'>,
): readonly AnyFact[] {
  const down = new Map(
    interruptions.flatMap((fact) =>
      leaving.has(fact.kind) && fact.node !== struck.node ? [[fact.node, fact] as const] : [],
    ),
  )
  if (down.size === 0 || !history.kept) return []
  for (const fact of history) {
    const left = fact.kind === nodeStarted.name ? down.get(fact.node) : undefined
    if (left !== undefined && left.index < fact.index) down.delete(fact.node)
  }
  return [...down.values()]
}

const leaving: ReadonlySet<string> = new Set([nodeCrashed.name, nodeLostPower.name, nodeStopped.name])

function foundCause(history: History, witness: Witness, trails: Trails): Cause | undefined {
  const end = endOf(witness)
  const trail = trails.trailOf(witness).filter(({ index }) => index <= end)
  const behind = ancestors(history, witness.evidence)
  const struck =
    interruptionOf(trail, behind, end, trails) ??
    nearestFault(behind, trails) ??
    nearestFault(ancestors(history, trail), trails)
  if (struck !== undefined)
    return { struck, fault: faultBehind(history, struck), ...around(history, trail, struck), besides: [] }
  const last = witness.evidence.at(-1)?.index ?? 0
  const givenUp = trail.findLast((fact) => fact.index <= last && isGivingUp(history, fact))
  const turnedAway = givenUp !== undefined && isDropped(history, givenUp) ? obstacleOf(history, trail) : undefined
  if (turnedAway !== undefined)
    return {
      ...turnedAway,
      fault: faultBehind(history, turnedAway.struck),
      ...around(history, trail, turnedAway.struck),
    }
  if (givenUp !== undefined) {
    const behindIt = faultElsewhere(history, trail, givenUp, trails)
    const found = behindIt === undefined ? { before: undefined, after: undefined } : around(history, trail, behindIt)
    const besides = behindIt === undefined ? [] : [givenUp]
    return { struck: behindIt ?? givenUp, fault: behindIt && faultBehind(history, behindIt), ...found, besides }
  }
  const holding =
    struckBetween(trail, witness, trails) ??
    heldMeanwhile(history, trail, trails) ??
    struckOnTheWay(history, trail, trails)
  const found = holding === undefined ? causeWithoutFault(history, trail, witness) : { struck: holding, besides: [] }
  return found && { ...found, fault: faultBehind(history, found.struck), ...around(history, trail, found.struck) }
}

/**
 * The fault for which the message was given up, though it struck nobody who had it in hand: of a copy that was dropped, the last to strike somebody
 * on its way; of a handler that failed, the last to strike somebody who serves it without messages, such as a service of locks.
 */
function faultElsewhere(
  history: History,
  trail: readonly AnyFact[],
  givenUp: AnyFact,
  { interruptions }: Pick<Trails, 'interruptions'>,
): AnyFact | undefined {
  if (!history.kept) return undefined
  if (givenUp.kind === handlingFailed.name)
    return interruptions.findLast((fact) => fact.index < givenUp.index && servesSince(history, fact, givenUp))
  if (!isDropped(history, givenUp)) return undefined
  const nodes = new Set(trail.map(({ node }) => history.names.text(node)))
  for (let index = givenUp.index - 1; index > (trail[0]?.index ?? 0); index--) {
    const fact = history.at(index)
    if (fact.kind !== faultStruck.name) continue
    const targets = history.names.text(Number(fact['target'])).split(', ')
    if (targets.some((target) => nodes.has(target))) return nearestFault([fact], { interruptions })
  }
  return undefined
}

/** Whether a node that was struck has done something for another one since, and has nothing to do with messages. */
function servesSince(history: History, struck: AnyFact, { node, index: end }: AnyFact): boolean {
  let serves = false
  for (let index = struck.index + 1; index < end; index++) {
    const fact = history.at(index)
    if (fact.node !== struck.node) continue
    if (fact['message'] !== undefined) return false
    const fields = Object.entries(history.kindOf(fact.kind)?.fields ?? {})
    serves ||= fields.some(([field, type]) => type === 'name' && fact[field] === node)
  }
  return serves
}

/** What the message was in the hands of when it was struck; of several, what the evidence followed from, else the last. */
function interruptionOf(
  trail: readonly AnyFact[],
  behind: readonly AnyFact[],
  end: number,
  { interruptions }: Trails,
): AnyFact | undefined {
  const hit = interruptions.filter((fact) => fact.index <= end && unfinishedAt(trail, fact))
  return hit.findLast((fact) => behind.some(({ index }) => index === fact.index)) ?? hit.at(-1)
}

/** What begins at a node with one fact, and which later ones must all have come before it is over. */
const openings: ReadonlyMap<string, readonly (readonly string[])[]> = new Map([
  [submitted.name, [[answered.name]]],
  [delivered.name, [[handled.name, handlingFailed.name], [acknowledged.name]]],
  [copyStored.name, [[copyEnded.name]]],
])

/** Whether the node had begun something with the message and not finished it when the fault came. */
function unfinishedAt(trail: readonly AnyFact[], interruption: AnyFact): boolean {
  const earlier = trail.filter(({ node, index }) => node === interruption.node && index < interruption.index)
  return earlier.some((opening, place) => {
    const closings = openings.get(opening.kind)
    const since = earlier.slice(place + 1)
    return closings !== undefined && !closings.every((kinds) => since.some(({ kind }) => kinds.includes(kind)))
  })
}

/**
 * The facts about the message, of those that clients and stores know, between which something struck. What a producer was told meanwhile says
 * nothing of what happened elsewhere.
 */
function around(history: History, trail: readonly AnyFact[], struck: AnyFact): Pick<Cause, 'before' | 'after'> {
  const seen = trail.filter(({ kind, node }) => {
    const scope = history.kindOf(kind)?.scope
    if (kind === derived.name || (kind === answered.name && node !== struck.node)) return false
    return scope === 'client' || scope === 'store'
  })
  return {
    before: seen.findLast(({ index }) => index < struck.index),
    after: seen.find(({ index }) => index > struck.index),
  }
}

/** Those that nobody decided against the message. */
const ordinaryFates: ReadonlySet<string> = new Set(['acknowledged', 'delivered', 'moved', 'lost'])

function isGivingUp(history: History, fact: AnyFact): boolean {
  if (fact.kind === copyEnded.name) return !ordinaryFates.has(history.names.text(Number(fact['fate'])))
  return fact.kind === handlingFailed.name || fact.kind === effectSkipped.name
}

/** Whether a system let go of it for want of somewhere to put it. */
function isDropped(history: History, fact: AnyFact): boolean {
  return fact.kind === copyEnded.name && history.names.text(Number(fact['fate'])) === 'dropped'
}
