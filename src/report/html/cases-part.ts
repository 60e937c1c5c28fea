import type { Witness } from '../../checks/check.ts'
import type { AnyFact } from '../../history/fact.ts'
import type { History } from '../../history/history.ts'
import type { Run } from '../../run.ts'
import { causeOf } from '../cause.ts'
import { factPhrase } from '../fact-phrase.ts'
import { countText, momentText } from '../quantities.ts'
import type { Trails } from '../trails.ts'
import { type Content, html, type Markup } from './markup.ts'

/** So many facts of a case are shown; the evidence is always among them. */
const factLimit = 16

/** So many cases are shown, the worst of each guarantee first. */
const caseLimit = 12

/** One broken case, whatever guarantees it breaks. */
interface BrokenCase {
  readonly service: string
  readonly guarantees: readonly string[]
  readonly witness: Witness
}

/** The worst cases, with what happened to the message, step by step. */
export function casesPart(run: Run, trails: Trails): Content {
  const cases = brokenCases(run)
  if (cases.length === 0) return undefined
  const left = cases.length - caseLimit
  return [
    cases.slice(0, caseLimit).map((broken, place) => caseDetails(run.history, trails, broken, place === 0)),
    left > 0 ? html`<p class="small soft">${countText(left)} more of the worst cases are not shown.</p>` : undefined,
  ]
}

/** The cases of each message of a service as one, told as by the last guarantee: the effect says more than the delivery. */
function brokenCases(run: Run): readonly BrokenCase[] {
  const cases = new Map<string, BrokenCase>()
  for (const { service, guarantee, witnesses } of run.rows) {
    for (const witness of witnesses) {
      const key = JSON.stringify([service, witness.item])
      const known = cases.get(key)
      const guarantees = [...new Set([...(known?.guarantees ?? []), guarantee])]
      const evidence = [...(known?.witness.evidence ?? []), ...witness.evidence]
      cases.set(key, { service, guarantees, witness: { ...witness, evidence } })
    }
  }
  return [...cases.values()]
}

function caseDetails(
  history: History,
  trails: Trails,
  { service, guarantees, witness }: BrokenCase,
  open: boolean,
): Markup {
  const facts = timeline(history, trails, witness)
  const heading = `${service} ${guarantees.join(', ')}: ${witness.sentence}`
  const left = facts.all - facts.shown.length
  return html`<details class="told" ${open ? html` open` : undefined}>
    <summary>${heading}</summary>
    <div class="wide" tabindex="0" role="region" aria-label="${heading}">
      <table>
        <caption>
          What happened to ${witness.item}
        </caption>
        <thead>
          <tr>
            <th scope="col">Time</th>
            <th scope="col">Where</th>
            <th scope="col">What happened</th>
          </tr>
        </thead>
        <tbody>
          ${facts.shown.map((fact) => factRow(history, fact, witness))}
        </tbody>
      </table>
    </div>
    ${left > 0 ? html`<p class="small soft">${countText(left)} more facts are in the history.</p>` : undefined}
  </details>`
}

function factRow(history: History, fact: AnyFact, { evidence }: Witness): Markup {
  const phrase = html`${factPhrase(history, fact)}`
  const shown = evidence.some(({ index }) => index === fact.index) ? html`<strong>${phrase}</strong>` : phrase
  const scope = history.kindOf(fact.kind)?.scope
  return html`<tr class="${scope === 'fault' || scope === 'node' ? 'fault' : 'fact'}">
    <td>${momentText(fact.time)}</td>
    <td class="name">${history.names.text(fact.node)}</td>
    <td>${shown}</td>
  </tr> `
}

/** The evidence, what struck, and the first of the other facts about the message, in order of time. */
function timeline(
  history: History,
  trails: Trails,
  witness: Witness,
): { readonly shown: readonly AnyFact[]; readonly all: number } {
  const cause = causeOf(history, witness, trails)
  const struck = cause === undefined ? [] : [cause.fault, cause.struck].filter((fact) => fact !== undefined)
  const needed = new Map([...witness.evidence, ...struck].map((fact) => [fact.index, fact]))
  const others = trails.trailOf(witness).filter(({ index }) => !needed.has(index))
  const shown = [...needed.values(), ...others.slice(0, Math.max(0, factLimit - needed.size))]
  return { shown: shown.sort((one, other) => one.index - other.index), all: needed.size + others.length }
}
