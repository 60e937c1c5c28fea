import { faultStruck } from '../../history/facts.ts'
import type { Run } from '../../run.ts'
import type { Standing } from '../verdict-words.ts'
import { type Content, html, link, type Markup, table } from './markup.ts'
import { marked } from './verdict.ts'

type Claim = Run['systems'][number]['claims'][number]

/** What the vendors promise for these configurations, and what became of it. */
export function promisesPart(run: Run): Content {
  const claims = run.systems.flatMap((system) => system.claims.map((claim) => claimCells(claim, system, run)))
  if (claims.length === 0) return undefined
  const heads = ['Of', 'For', 'Guarantee', 'What is said', 'What came out']
  return html`${table('Promises and whether they were kept', heads, claims)}`
}

function claimCells(claim: Claim, { title, claims }: Run['systems'][number], run: Run): readonly Content[] {
  const { service, guarantee, level, statement, page } = claim
  return [
    title,
    html`<span class="name">${service}</span>`,
    `${guarantee} (${level})`,
    statementMarkup(statement, page),
    outcome(claim, claims, run),
  ]
}

function statementMarkup(statement: string, page: string): Markup {
  return page === '' ? html`${statement}` : html`${statement} ${link(page, 'Source')}`
}

function outcome(claim: Claim, others: readonly Claim[], run: Run): Markup {
  const { standing, text } = outcomeOf(claim, others, run)
  return marked(standing, text)
}

/** A promise binds only under the faults that it names; that of a consumer only for what its senders are promised as well. */
function outcomeOf(
  { service, role, guarantee, level, holds, under }: Claim,
  others: readonly Claim[],
  run: Run,
): { readonly standing: Standing; readonly text: string } {
  const row = run.rows.find(
    (judged) => judged.service === service && judged.guarantee === guarantee && judged.level === level,
  )
  if (row === undefined) return { standing: 'unknown', text: 'not judged for this service by itself' }
  if (row.verdict === 'unknown') return { standing: 'unknown', text: 'not tested' }
  if (row.verdict === 'holds') return { standing: 'holds', text: holds ? 'kept' : 'held this time, without a promise' }
  if (!holds) return { standing: 'broken', text: 'broken, as its documentation says it may be' }
  const isUnpromised = others.some((one) => one.role === 'producer' && one.guarantee === guarantee && !one.holds)
  if (role === 'consumer' && isUnpromised)
    return { standing: 'broken', text: 'broken; whoever sends is not promised it' }
  const outside = actionsThatStruck(run).filter((action) => !under.includes(action))
  if (outside.length > 0)
    return { standing: 'broken', text: `broken by what the promise leaves out: ${outside.join(', ')}` }
  return { standing: 'broken', text: 'BROKEN PROMISE' }
}

function actionsThatStruck({ history, faults }: Run): readonly string[] {
  if (!history.kept)
    return [...new Set(faults.filter(({ state }) => state !== 'missed').map(({ fault }) => fault.action))]
  const actions = new Set<string>()
  for (const fact of history) {
    if (fact.kind === faultStruck.name) actions.add(history.names.text(Number(fact['action'])))
  }
  return [...actions]
}
