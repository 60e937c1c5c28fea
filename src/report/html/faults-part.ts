import type { AnyFact } from '../../history/fact.ts'
import { faultEnded, faultMissed, faultStruck } from '../../history/facts.ts'
import type { History } from '../../history/history.ts'
import type { JudgedFault, Run } from '../../run.ts'
import { faultPlace, groupsText } from '../fault-place.ts'
import { durationText, momentText } from '../quantities.ts'
import { type Content, html, type Markup, table } from './markup.ts'

/** The schedule of faults beside what really struck, and when. */
export function faultsPart(run: Run): Markup {
  const fired = faultFacts(run.history)
  const rows = run.faults.map(({ fault, state }, place) =>
    faultCells(fault, state, fired.get(place) ?? [], run.history),
  )
  const body =
    rows.length === 0
      ? html`<p>The scenario has no faults: this is what happens when nothing breaks.</p>`
      : table('The schedule, and what became of it', ['Fault', 'Planned for', 'When', 'Struck', 'Ended', 'State'], rows)
  return html`${body}`
}

function faultCells(
  fault: JudgedFault['fault'],
  state: string,
  facts: readonly AnyFact[],
  history: History,
): readonly Content[] {
  const struck = facts.find(({ kind }) => kind === faultStruck.name)
  const ended = facts.find(({ kind }) => kind === faultEnded.name)
  const missed = facts.find(({ kind }) => kind === faultMissed.name)
  const target = struck === undefined ? '' : history.names.text(Number(struck['target']))
  const why = missed === undefined ? '' : `: ${history.names.text(Number(missed['reason']))}`
  return [
    `${fault.action}${parametersText(fault.parameters)}`,
    groupsText(fault.targets),
    whenText(fault),
    struck === undefined ? '–' : `${target} at ${momentText(struck.time)}`,
    ended === undefined ? '–' : momentText(ended.time),
    `${state}${why}`,
  ]
}

/** When a fault is to strike: at a time, or at a fact with its values and where in the step. */
function whenText({ strikes, duration }: JudgedFault['fault']): string {
  const lasts = duration === undefined ? '' : `, for ${durationText(duration)}`
  if ('at' in strikes) return `at ${momentText(strikes.at)}${lasts}`
  const { at, values, nth } = strikes.when
  const where = at === undefined ? '' : ` at ${at}`
  const which = Object.entries(values).map(([name, value]) => `, ${name} ${String(value)}`)
  const ordinal = nth === 1 ? '' : `, time ${nth}`
  return `${faultPlace(strikes)}${where}${which.join('')}${ordinal}${lasts}`
}

function parametersText(parameters: JudgedFault['fault']['parameters']): string {
  const said = Object.entries(parameters).map(([name, value]) => `${name} ${String(value)}`)
  return said.length === 0 ? '' : ` (${said.join(', ')})`
}

/** The facts of each fault by its place in the schedule. */
function faultFacts(history: History): ReadonlyMap<number, readonly AnyFact[]> {
  const facts = new Map<number, AnyFact[]>()
  for (const fact of history.kept ? history : []) {
    if (history.kindOf(fact.kind)?.scope !== 'fault') continue
    const fault = Number(fact['fault'])
    facts.set(fault, [...(facts.get(fault) ?? []), fact])
  }
  return facts
}
