import { inspect } from 'node:util'
import type { Witness } from '../../checks/check.ts'
import type { AnyFact } from '../../history/fact.ts'
import { callRefused } from '../../application/stores/http-api/facts.ts'
import { logged } from '../../history/facts.ts'
import type { History } from '../../history/history.ts'
import { causeText } from '../../report/cause.ts'
import { factPhrase } from '../../report/fact-phrase.ts'
import { columns, hanging } from '../../report/lines.ts'
import { printable } from '../../report/paint.ts'
import { momentText } from '../../report/quantities.ts'
import { ruleSourceOf } from '../../report/story/rule.ts'
import { stepsOf } from '../../report/story/story.ts'
import { trailsOf } from '../../report/violations.ts'
import type { Run } from '../../run.ts'
import type { SmallestCase } from './smallest-case.ts'

/** Columns of what is told. */
const width = 110

/** So many events are told, and so many lines of the handler's own log. */
const eventLimit = 12
const logLimit = 16

/** Why a case broke: the guarantee and one causal sentence first, then what happened. */
export function caseText({ run, failure }: SmallestCase): string {
  const row = run.rows.find(
    ({ service, guarantee, level }) =>
      service === failure.service && guarantee === failure.guarantee && level === failure.level,
  )
  const [witness] = row?.witnesses ?? []
  if (row === undefined || witness === undefined) return `${quoted(failure.guarantee)} does not hold.`
  const trails = trailsOf(run)
  const why = causeText(run.history, witness, trails)
  const sentence = witness.sentence.replace(/\.$/, '')
  const head = `${quoted(row.guarantee)} does not hold: ${sentence}.${why === '' ? '' : ` Why: ${why}.`}`
  return [hanging('', printable(head), width), '', ...timeline(run, witness), '', ...messageLines(run, witness)].join(
    '\n',
  )
}

/** A name that is a sentence stands in quotes. */
function quoted(guarantee: string): string {
  return guarantee.includes(' ') ? `"${guarantee}"` : guarantee
}

/** The few events that matter, and what the handler logged or was refused meanwhile, in the order in which they happened. */
function timeline(run: Run, witness: Witness): readonly string[] {
  const { history } = run
  const choice = { concerns: [], limit: eventLimit }
  const steps = stepsOf(run, witness, trailsOf(run), ruleSourceOf(run), choice).map(({ fact, text }) => ({
    fact,
    text,
  }))
  const messages = new Set(
    [...witness.evidence, ...steps.map(({ fact }) => fact)].flatMap((fact) => fact['message'] ?? []),
  )
  const told = new Set(steps.map(({ fact }) => fact.index))
  const lines = logLines(history, messages)
    .filter(({ fact }) => !told.has(fact.index))
    .slice(0, logLimit)
  const all = [...steps, ...lines].sort((one, other) => one.fact.index - other.fact.index)
  const times = columns(all.map(({ fact }) => [momentText(fact.time), '']))
  return all.map(({ text }, place) => hanging(`  ${printable(times[place]?.[0] ?? '')}  `, printable(text), width))
}

const meanwhile: ReadonlySet<string> = new Set([logged.name, callRefused.name])

function logLines(history: History, messages: ReadonlySet<unknown>): readonly { fact: AnyFact; text: string }[] {
  return [...history]
    .filter((fact) => meanwhile.has(fact.kind) && messages.has(fact['message']))
    .map((fact) => ({ fact, text: factPhrase(history, fact) }))
}

/** What the messages are that the timeline speaks of. */
function messageLines(run: Run, witness: Witness): readonly string[] {
  const { history, scenario } = run
  const named = new Set(
    witness.evidence.flatMap((fact) =>
      typeof fact['message'] === 'number' ? [history.names.text(fact['message'])] : [],
    ),
  )
  const sent = scenario.services.flatMap(({ sends }) =>
    sends.flatMap(({ name, workload }) =>
      workload.kind === 'trace' ? workload.messages.map((message, n) => ({ name: `${name}-${n}`, message })) : [],
    ),
  )
  return sent
    .filter(({ name }) => named.has(name))
    .slice(0, 5)
    .map(({ name, message: { key, body, operation } }) => {
      const value = inspect(body, { breakLength: Infinity, depth: 4, maxStringLength: 120 })
      const about = operation === undefined || operation === name ? '' : ` about ${operation}`
      const keyed = key === '' ? '' : ` with key ${key}`
      return hanging('  ', printable(`${name}${about}${keyed}: ${value}`), width)
    })
}
