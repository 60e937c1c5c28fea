import { counted } from '../quantities.ts'
import { html, table } from './markup.ts'
import { page } from './page.ts'

/** A case that was kept and run again. */
interface CaseRun {
  readonly file: string
  readonly title: string
  readonly state: 'red' | 'green' | 'stale'
  /** Why it is so; empty where there is nothing to say. */
  readonly sentence: string
}

const tones = { red: 'broken', green: 'holds', stale: 'unknown' } as const

/** Kept cases as they are today, as one page: red ones first. */
export function casesPage(folder: string, cases: readonly CaseRun[]): string {
  const order = ['red', 'stale', 'green']
  const sorted = cases.toSorted((one, other) => order.indexOf(one.state) - order.indexOf(other.state))
  const rows = sorted.map(({ file, title, state, sentence }) => [
    html`<span class="mark word ${tones[state]}">${state}</span>`,
    html`${title}${sentence === '' ? undefined : html`<br /><span class="small soft">${sentence}</span>`}`,
    html`<span class="name">${file}</span>`,
  ])
  const worst = tones[sorted[0]?.state ?? 'green']
  const header = html`<h1>Kept cases, run again</h1>
    <p class="origin">${folder}</p>`
  const verdict = html`<section aria-label="Verdict">
    <div class="verdict ${worst}"><p>${caseCounts(cases)}.</p></div>
  </section>`
  return page('Kept cases', header, [verdict, table('Kept cases as they are today', ['Today', 'Case', 'File'], rows)])
}

/** `3 cases: 1 green, 2 red, 0 stale`. */
export function caseCounts(cases: readonly Pick<CaseRun, 'state'>[]): string {
  const count = (state: CaseRun['state']): number => cases.filter((one) => one.state === state).length
  return `${counted(cases.length, 'case')}: ${count('green')} green, ${count('red')} red, ${count('stale')} stale`
}
