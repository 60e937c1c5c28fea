import { html, table } from '../report/html/markup.ts'
import { page } from '../report/html/page.ts'
import { conclusionStanding, conclusionText, verdictCounts } from '../report/verdict-words.ts'
import type { Run } from '../run.ts'

/** A run with the folder of its report, as seen from the page. */
export interface IndexedRun {
  readonly run: Run
  /** `01-delivery/exactly-once`. */
  readonly folder: string
}

/** The page in front of several reports: which came out as expected, with links. */
export function indexPage(runs: readonly IndexedRun[]): string {
  const rows = runs.map(({ run, folder }) => [
    html`<a href="${encodeURI(folder)}/index.html"
        >${run.scenario.title === '' ? run.scenario.name : run.scenario.title}</a
      ><br /><span class="small soft">${run.scenario.name}</span>`,
    run.scenario.variant,
    html`<span class="${conclusionStanding(run)} mark word">${conclusionText(run)}</span><br /><span class="small soft"
        >${verdictCounts(run)}</span
      >`,
    run.scenario.seed,
  ])
  const met = runs.filter(({ run }) => run.conclusion === 'as-expected').length
  const header = html`<h1>${runs.length} runs</h1>
    <p class="question">${met} of ${runs.length} came out as their scenarios expect.</p>`
  return page('Onceproof reports', header, table('Runs', ['scenario', 'variant', 'outcome', 'seed'], rows))
}
