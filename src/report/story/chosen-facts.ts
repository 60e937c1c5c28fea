import type { Witness } from '../../checks/check.ts'
import type { AnyFact } from '../../history/fact.ts'
import { answered, delivered, submitted } from '../../history/facts.ts'
import type { History } from '../../history/history.ts'
import type { Cause } from '../cause.ts'
import { endOf } from '../faults-in-time.ts'
import { factPhrase } from '../fact-phrase.ts'
import { ancestors, type Trails } from '../trails.ts'
import { weighing } from './weight.ts'
import { passedBy, surroundings } from './surroundings.ts'

/** A fact of a story; `times` counts it and what was the same before it. */
export interface ChosenFact {
  readonly fact: AnyFact
  readonly times: number
}

/** Whom a story is about, by the names of services (nobody in particular where there is none), and how much of it is told. */
export interface Choice {
  readonly concerns: readonly string[]
  readonly limit: number
  /** The fact with which it is over, where that is known. */
  readonly end?: number
}

/**
 * The facts that matter most of those that a witness depends on: facts about its messages, what struck them, what was waited for in vain, and
 * what became of the places that held them. In the order in which they happened, `limit` at most.
 */
export function chosenFacts(
  history: History,
  witness: Witness,
  trails: Trails,
  cause: Cause | undefined,
  { concerns, limit, end = endOf(witness) }: Choice,
): readonly ChosenFact[] {
  const whole = trails.trailOf(witness)
  const isAside = elsewhere(history, whole, concerns)
  const trail = whole.filter(
    (fact) => fact.index <= end && isTheirs(history, fact, witness, concerns) && !isAside(fact),
  )
  const isLost = end === Infinity
  const passed = isLost ? passedBy(history, trail) : []
  const weigh = weighing(history, witness, trail, cause, passed)
  const repeated = collapsed(trail, witness)
  const around = surroundings(history, trail, ancestors(history, trail), cause, end)
  const known = new Map(
    [...around, ...passed, ...(cause === undefined ? [] : [cause.struck, ...cause.besides])].map((fact) => [
      fact.index,
      { fact, times: 1 },
    ]),
  )
  for (const chosen of repeated) known.set(chosen.fact.index, chosen)
  return [...known.values()]
    .map((chosen) => ({ chosen, weight: weigh(chosen.fact) }))
    .filter(({ weight }) => weight > 0)
    .sort((one, other) => other.weight - one.weight || one.chosen.fact.index - other.chosen.fact.index)
    .map(({ chosen }) => chosen)
    .filter(isSaidOnce(history))
    .slice(0, limit)
    .sort((one, other) => one.fact.index - other.fact.index)
}

/** Passes over what would read like something that was said already of the same moment. */
function isSaidOnce(history: History): (chosen: ChosenFact) => boolean {
  const said = new Set<string>()
  return ({ fact }) => {
    const sentence = `${fact.time} ${factPhrase(history, fact)}`
    return !said.has(sentence) && said.add(sentence) === said
  }
}

/** What another service did with the same message is not the story of this one. */
function isTheirs(history: History, fact: AnyFact, { evidence }: Witness, concerns: readonly string[]): boolean {
  const service = fact['service']
  if (typeof service !== 'number' || fact.kind === submitted.name || fact.kind === answered.name) return true
  if (concerns.length === 0 || concerns.includes(history.names.text(service))) return true
  return !evidence.some(({ message }) => message === fact['message'])
}

/**
 * What became of a copy in a place from which only others got the message, before these were handed theirs: one publish may fill several queues.
 * What happened there afterwards may have come from theirs.
 */
function elsewhere(
  history: History,
  trail: readonly AnyFact[],
  concerns: readonly string[],
): (fact: AnyFact) => boolean {
  const handed = trail.filter(({ kind }) => kind === delivered.name)
  const isOurs = ({ service }: AnyFact): boolean => concerns.includes(history.names.text(Number(service)))
  const first = handed.find(isOurs)
  if (first === undefined) return () => false
  const own = new Set(handed.filter(isOurs).map(({ channel }) => channel))
  const others = new Set(handed.filter((fact) => !isOurs(fact)).map(({ channel }) => channel))
  return ({ index, place }) => index < first.index && others.has(place) && !own.has(place)
}

/** What happened over and over at one place is told by its first and its last time. */
function collapsed(trail: readonly AnyFact[], { evidence }: Witness): readonly ChosenFact[] {
  const groups = new Map<string, AnyFact[]>()
  for (const fact of trail) {
    const key = JSON.stringify([fact.kind, fact['message'] ?? 0, fact['service'] ?? fact.node])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [fact])
    else group.push(fact)
  }
  const isEvidence = new Set(evidence.map(({ index }) => index))
  return [...groups.values()].flatMap((group) =>
    group.flatMap((fact, place) => {
      const isLast = place === group.length - 1
      const tells = place === 0 || isLast || isEvidence.has(fact.index)
      return tells ? [{ fact, times: isLast ? group.length : 1 }] : []
    }),
  )
}
