import type { Witness } from '../../checks/check.ts'
import type { AnyFact } from '../../history/fact.ts'
import { noFact } from '../../history/fact.ts'
import type { History } from '../../history/history.ts'
import type { Run } from '../../run.ts'
import { causeOf } from '../cause.ts'
import { factPhrase } from '../fact-phrase.ts'
import { placeStruck } from '../fault-place.ts'
import { countText, durationText } from '../quantities.ts'
import type { Trails } from '../trails.ts'
import type { Violation } from '../violations.ts'
import { type Choice, chosenFacts, type ChosenFact } from './chosen-facts.ts'
import { type Remedy, remedyFor } from './remedy.ts'
import { type RuleSource, ruleSourceOf, type StoryRule } from './rule.ts'

/** So many sentences at most, the last one about what would have prevented it. */
export const sentenceLimit = 8

/** How a guarantee broke, or what saved it: what happened to one message, as far as it matters. */
export interface Story {
  readonly of: 'broken' | 'held'
  /** `billing no-duplicates, exactly-once (effect)`. */
  readonly heading: string
  /** The message, operation or copy that it is about. */
  readonly item: string
  /** What came of it, in one sentence. */
  readonly outcome: string
  /** In the order in which they happened. */
  readonly steps: readonly StoryStep[]
  /** What it was told from. */
  readonly witness: Witness
  /** The services that it is about; nobody in particular where there is none. */
  readonly concerns: readonly string[]
  readonly remedy: Remedy | undefined
}

export interface StoryStep {
  readonly fact: AnyFact
  /** What happened, without its time and a full stop. */
  readonly text: string
  /** The rule of the product, or the option, that made it happen. */
  readonly rule: StoryRule | undefined
}

/** The story of each violation, those that would be told in the same steps once. `variants` are others of the same scenario, in which a remedy may be. */
export function storiesOf(
  run: Run,
  violations: readonly Violation[],
  trails: Trails,
  variants: readonly Run['scenario'][] = [],
): readonly Story[] {
  const rules = ruleSourceOf(run)
  const told = new Map<string, Story>()
  for (const { witness, heading, rows } of violations) {
    const remedy = remedyFor(run, rows, variants, trails.trailOf(witness))
    const concerns = servicesOf(rows)
    const limit = sentenceLimit - (remedy === undefined ? 0 : 1)
    const steps = stepsOf(run, witness, trails, rules, { concerns, limit })
    const key = steps.map(({ fact }) => fact.index).join()
    if (steps.length === 0 || told.has(key)) continue
    const { item, sentence: outcome } = witness
    told.set(key, { of: 'broken', heading, item, outcome, steps, witness, concerns, remedy })
  }
  return [...told.values()]
}

/** The services that the rows are about; of the run as a whole, nobody in particular. */
function servicesOf(rows: Violation['rows']): readonly string[] {
  const services = [...new Set(rows.flatMap(({ service }) => service.split('→')))]
  return services.includes('run') ? [] : services
}

/** What happened to what a witness is about, step by step. */
export function stepsOf(
  { history, faults }: Pick<Run, 'history' | 'faults'>,
  witness: Witness,
  trails: Trails,
  rules: RuleSource,
  choice: Choice,
): readonly StoryStep[] {
  const cause = causeOf(history, witness, trails)
  return chosenFacts(history, witness, trails, cause, choice).map((chosen) => ({
    fact: chosen.fact,
    text: stepText(history, faults, chosen, chosen.fact.index === cause?.struck.index ? cause.fault : undefined),
    rule: rules(chosen.fact),
  }))
}

function stepText(
  history: History,
  faults: Run['faults'],
  { fact, times }: ChosenFact,
  fault: AnyFact | undefined,
): string {
  const place = placeStruck(fault ?? fact, faults)
  const struck = fault === undefined || fault.index === fact.index ? '' : factPhrase(history, fault)
  const by = struck === '' && place === '' ? '' : ` (${[struck, place].filter((text) => text !== '').join(' ')})`
  const often = times > 2 ? `, for the last of ${countText(times)} times` : ''
  return `${factPhrase(history, fact)}${by}${waitingText(history, fact)}${often}`
}

/** What had to pass before it happened: `, 30 s after billing crashed`. */
function waitingText(history: History, { time, waitedFor }: AnyFact): string {
  if (waitedFor === noFact) return ''
  const earlier = history.at(waitedFor)
  return time === earlier.time ? '' : `, ${durationText(time - earlier.time)} after ${factPhrase(history, earlier)}`
}
