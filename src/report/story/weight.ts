import type { Witness } from '../../checks/check.ts'
import type { AnyFact, FactKind } from '../../history/fact.ts'
import { noFact } from '../../history/fact.ts'
import * as facts from '../../history/facts.ts'
import { neutralKinds } from '../../history/plain-fact.ts'
import type { History } from '../../history/history.ts'
import type { Cause } from '../cause.ts'

/** How much a fact has to say in a story; 0 for nothing. */
export type Weigh = (fact: AnyFact) => number

/** So much for what must not be left out. */
const most = 100

/** What facts about a message are worth where nothing else makes them matter. */
const weights: ReadonlyMap<string, number> = new Map([
  [facts.effectUndone.name, 95],
  [facts.effectApplied.name, 88],
  [facts.handlingFailed.name, 84],
  [facts.effectSkipped.name, 84],
  [facts.submitted.name, 74],
  [facts.faultStruck.name, 73],
  [facts.delivered.name, 68],
  [facts.derived.name, 66],
  [facts.nodeStarted.name, 57],
  [facts.nodeResumed.name, 72],
  [facts.acknowledged.name, 56],
  [facts.answered.name, 46],
  [facts.copyRemained.name, 44],
  [facts.handled.name, 24],
  [facts.copyStored.name, 22],
])

/** What the facts of a story are worth beside each other; `needed` are those that it cannot be told without. */
export function weighing(
  history: History,
  witness: Witness,
  trail: readonly AnyFact[],
  cause: Cause | undefined,
  needed: readonly AnyFact[],
): Weigh {
  const evidence = new Set(witness.evidence.map(({ index }) => index))
  const besides = new Set([...needed, ...(cause?.besides ?? [])].map(({ index }) => index))
  const twice = witness.evidence.filter(({ kind }) => arrivals.has(kind)).length > 1
  const stored = trail.filter(({ kind }) => kind === facts.copyStored.name)
  const told = stored.flatMap((copy) => saidByProduct(history, trail, copy) ?? [])
  const isCopy = (fact: AnyFact): boolean =>
    told.includes(fact) || (stored.includes(fact) && !told.some((other) => sameMoment(other, fact)))
  return (fact) => {
    if (fact.index === cause?.struck.index) return most
    if (evidence.has(fact.index) || besides.has(fact.index)) return most - 1
    if (isCopy(fact)) return copyWeight(stored, fact, twice)
    if (told.some((other) => sameMoment(other, fact))) return 0
    return isSaidByDelivery(history, fact, trail) ? 1 : ordinaryWeight(history, fact, twice)
  }
}

const arrivals: ReadonlySet<string> = new Set([facts.delivered.name, facts.effectApplied.name])

function ordinaryWeight(history: History, fact: AnyFact, twice: boolean): number {
  const text = (field: string): string => history.names.text(Number(fact[field]))
  if (fact.kind === facts.copyEnded.name) return fateWeights.get(text('fate')) ?? 92
  if (fact.kind === facts.answered.name && !twice) return text('outcome') === 'confirmed' ? 80 : 76
  if (fact.kind === facts.answered.name && text('outcome') !== 'confirmed') return 76
  if (fact.kind === facts.acknowledged.name && !twice) return 78
  if (neutralKinds.has(fact.kind)) return weights.get(fact.kind) ?? 0
  const kind = history.kindOf(fact.kind)
  const turns = kind !== undefined && turnsSomething(kind)
  // Daily work says nothing beside a message that it does not name.
  if (kind?.rule?.routine === true && fact['message'] === undefined) return 0
  const isExplained = turns || kind?.fields['reason'] !== undefined
  if (fact.waitedFor !== noFact) return isExplained ? 82 : 62
  return turns ? 79 : 40
}

/** Whether a rule of its product explains such a fact, and it is no daily work. */
export function turnsSomething({ rule }: FactKind): boolean {
  return rule !== undefined && rule.routine !== true
}

/** That a product handed something out is said by the consumer that got it. */
function isSaidByDelivery(history: History, fact: AnyFact, trail: readonly AnyFact[]): boolean {
  if (neutralKinds.has(fact.kind) || history.kindOf(fact.kind)?.scope !== 'broker') return false
  return trail.some(({ kind, cause }) => kind === facts.delivered.name && cause === fact.index)
}

const fateWeights: ReadonlyMap<string, number> = new Map([
  ['acknowledged', 50],
  ['delivered', 60],
  ['moved', 60],
])

/** A message that was stored twice came twice because of that: then each time matters. */
function copyWeight(stored: readonly AnyFact[], fact: AnyFact, twice: boolean): number {
  const same = stored.filter((copy) => copy['place'] === fact['place'] || copy['place'] === fact['partition'])
  return twice && same.length > 1 ? 77 : (weights.get(facts.copyStored.name) ?? 0) + 1
}

/** The product's own fact of the same step about the same message, which says more than that a copy was stored. */
function saidByProduct(history: History, trail: readonly AnyFact[], copy: AnyFact): AnyFact | undefined {
  const isOwn = ({ kind }: AnyFact): boolean => !neutralKinds.has(kind) && history.kindOf(kind)?.scope === 'broker'
  return trail.find((fact) => isOwn(fact) && sameMoment(fact, copy) && fact['place'] === undefined)
}

function sameMoment(one: AnyFact, other: AnyFact): boolean {
  return (
    one.index !== other.index &&
    one.time === other.time &&
    one.node === other.node &&
    one['message'] === other['message']
  )
}
