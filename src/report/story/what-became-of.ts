import type { Witness } from '../../checks/check.ts'
import { timesText } from '../../checks/saying.ts'
import type { AnyFact } from '../../history/fact.ts'
import { acknowledged, delivered, effectApplied, effectSkipped, handled, submitted } from '../../history/facts.ts'
import type { Run } from '../../run.ts'
import { readTrails } from '../trails.ts'
import { ruleSourceOf } from './rule.ts'
import { sentenceLimit, stepsOf, type Story } from './story.ts'

/** What a service did with a message, as far as it shows what became of it. */
const outcomes: ReadonlySet<string> = new Set(
  [delivered, handled, effectApplied, effectSkipped, acknowledged].map(({ name }) => name),
)

/** Whose messages, and under which heading it is told. */
interface Told {
  readonly service: string
  readonly heading: string
}

/**
 * What became of some messages with one service, whether or not anything was wrong with them: for a run that keeps a guarantee, beside one that breaks
 * it for these. Nothing where the run has no such message.
 */
export function whatBecameOf(run: Run, messages: readonly string[], { service, heading }: Told): Story | undefined {
  const sent = messages.flatMap((message) => sentIn(run, message, service))
  const [first] = sent
  if (first === undefined) return undefined
  const told = sent.flatMap(({ facts }) => facts)
  const evidence = told.filter(({ kind }) => kind !== acknowledged.name)
  const outcome = sent.map(({ message, facts }) => `${message} ${outcomeText(service, facts)}.`).join(' ')
  const witness: Witness = { item: first.message, sentence: outcome, evidence }
  const indices = told.map(({ index }) => index)
  const choice = { concerns: [service], limit: sentenceLimit, end: Math.max(...indices) }
  const steps = stepsOf(run, witness, readTrails(run.history, [witness]), ruleSourceOf(run), choice)
  // What struck before they were sent is told where it explains what went wrong; here nothing did.
  const since = steps.filter(({ fact }) => fact.index >= Math.min(...indices))
  const about = { heading, item: first.message, outcome, witness, concerns: [service] }
  return { of: 'held', ...about, steps: since, remedy: undefined }
}

/** The facts about a message from its being sent on, those of other services left out; none where it was not sent. */
function sentIn({ history }: Run, message: string, service: string) {
  if (!history.kept || !history.names.has(message)) return []
  const name = history.names.intern(message)
  const about = [...history].filter((fact) => fact['message'] === name || fact['operation'] === name)
  const sent = about.find(({ kind }) => kind === submitted.name)
  if (sent === undefined) return []
  const theirs = about.filter(
    (fact) => outcomes.has(fact.kind) && history.names.text(Number(fact['service'])) === service,
  )
  return [{ message, facts: [sent, ...theirs] }]
}

/** `was handed to billing 3 times and had its effect once`. */
function outcomeText(service: string, facts: readonly AnyFact[]): string {
  const times = (name: string): number => facts.filter(({ kind }) => kind === name).length
  const handed = times(delivered.name)
  if (handed === 0) return `was never handed to ${service}`
  const [applied, skipped] = [times(effectApplied.name), times(effectSkipped.name)]
  const told = [
    `was handed to ${service} ${timesText(handed)}`,
    ...(applied === 0 ? [] : [`had its effect ${timesText(applied)}`]),
    ...(skipped === 0 ? [] : [`was left out ${timesText(skipped)}`]),
  ]
  return told.length === 1 ? told.join('') : `${told.slice(0, -1).join(', ')} and ${told.at(-1) ?? ''}`
}
