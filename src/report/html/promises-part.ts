import type { Run } from '../../run.ts'
import { outcomeOf } from '../promises.ts'
import { type Content, html, link, type Markup, table } from './markup.ts'
import { marked } from './verdict.ts'

type Claim = Run['systems'][number]['claims'][number]

/** What the vendors promise for these configurations, and what became of it. */
export function promisesPart(run: Run): Content {
  const claims = run.systems.flatMap((system) => system.claims.map((claim) => claimCells(claim, system.title, run)))
  if (claims.length === 0) return undefined
  const heads = ['Of', 'For', 'Guarantee', 'What is said', 'What came out']
  return html`${table('Promises and whether they were kept', heads, claims)}`
}

function claimCells(claim: Claim, title: string, run: Run): readonly Content[] {
  const { service, guarantee, level, statement, page } = claim
  return [
    title,
    html`<span class="name">${service}</span>`,
    `${guarantee} (${level})`,
    statementMarkup(statement, page),
    outcome(claim, run),
  ]
}

function statementMarkup(statement: string, page: string): Markup {
  return page === '' ? html`${statement}` : html`${statement} ${link(page, 'Source')}`
}

function outcome(claim: Claim, run: Run): Markup {
  const { standing, text } = outcomeOf(claim, run)
  return marked(standing, text)
}
