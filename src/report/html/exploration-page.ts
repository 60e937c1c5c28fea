import type { CoveredFault, ExplorationView, FoundCase } from '../exploration-view.ts'
import { counted, countText } from '../quantities.ts'
import { partsWithContents } from './contents.ts'
import { caseBody } from './case-body.ts'
import { type Content, html, type Markup, table } from './markup.ts'
import { page } from './page.ts'

/** What a search or a sweep found, as one page: the kinds of failures with their smallest case and its story first, then what was tried. */
export function explorationPage(view: ExplorationView): string {
  const header = html`<h1>${view.title}</h1>
    <p class="origin">${view.about}</p>`
  const parts = partsWithContents([
    { id: 'found', heading: 'What breaks it', body: casesPart(view) },
    { id: 'coverage', heading: 'What was tried, exactly', body: coverageTable(view.coverage) },
    { id: 'struck', heading: 'What really struck', body: struckTable(view) },
    { id: 'kept', heading: 'What was known before', body: keptTable(view) },
  ])
  return page(view.title, header, [summary(view), parts])
}

function summary({ summary: said, cases, others, kept }: ExplorationView): Markup {
  const isRed = cases.length + others.length > 0 || kept.some(({ state }) => state === 'red')
  const found = counted(cases.length + others.length, 'kind of failure', 'kinds of failures')
  const headline = cases.length + others.length > 0 ? `${found} found` : isRed ? 'Nothing new found' : 'Nothing found'
  return html`<section aria-label="Result">
    <div class="verdict ${isRed ? 'broken' : 'holds'}">
      <p>${headline}.</p>
      ${said.map((sentence) => html`<p class="small">${sentence}</p>`)}
    </div>
  </section>`
}

function casesPart({ cases, others }: ExplorationView): Content {
  if (cases.length + others.length === 0) return undefined
  return [
    cases.map(caseDetails),
    others.length === 0
      ? undefined
      : html`<h3>Without a case of their own</h3>
          <ul class="choices">
            ${others.map((kind) => html`<li>${kind}</li>`)}
          </ul>`,
  ]
}

function caseDetails(found: FoundCase, place: number): Markup {
  const { title, size, remarks, mend } = found
  const name = `case-${place + 1}`
  return html`<details class="story told" ${place === 0 ? html` open` : undefined}>
    <summary><span class="mark broken">${title}</span></summary>
    <ul class="choices">
      <li>${size}</li>
      ${remarks.map((remark) => html`<li>${remark}</li>`)}${mend === undefined ? undefined : html`<li>${mend}</li>`}
    </ul>
    ${caseBody(found, { id: name, label: `case ${place + 1}` })}
  </details>`
}

/** A row for each kind of fault, a column for each guarantee that broke anywhere, the deeper in colour the more of its points broke it. */
function coverageTable(coverage: readonly CoveredFault[]): Content {
  if (coverage.length === 0) return undefined
  const guarantees = [...new Set(coverage.flatMap(({ broken }) => Object.keys(broken)))].toSorted()
  const caption = 'At how many points each single fault broke each guarantee'
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}">
    <table class="heat">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">every single</th>
          <th scope="col">points</th>
          <th scope="col">runs</th>
          <th scope="col">struck nobody</th>
          ${guarantees.length === 0 ? html`<th scope="col">outcome</th>` : undefined}
          ${guarantees.map((guarantee) => html`<th scope="col">${guarantee}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${coverage.map(
          (covered) =>
            html`<tr>
              <th scope="row">${covered.what}</th>
              <td>${countText(covered.points)}</td>
              <td>${countText(covered.runs)}</td>
              <td>${covered.missed === 0 ? '–' : countText(covered.missed)}</td>
              ${guarantees.length === 0 ? html`<td class="holds">nothing breaks</td>` : undefined}
              ${guarantees.map((guarantee) => pointsCell(covered, guarantee))}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
}

function pointsCell({ broken, points }: CoveredFault, guarantee: string): Markup {
  const count = broken[guarantee] ?? 0
  if (count === 0) return html`<td class="holds"><span class="mark holds">never</span></td>`
  const depth = Math.round(6 + 32 * Math.min(1, count / Math.max(1, points)))
  return html`<td class="rate" style="background:color-mix(in srgb,var(--broken) ${depth}%,var(--paper))">
    <span class="mark broken">at ${countText(count)}</span>
  </td>`
}

/** A kind of fault that never struck shows nothing. */
function struckTable({ struck, coverage }: ExplorationView): Content {
  if (coverage.length > 0) return undefined
  if (struck.length === 0) return html`<p>No fault struck: these runs show only what happens when nothing breaks.</p>`
  return table(
    'How often each kind of fault struck',
    ['Fault', 'Struck'],
    struck.map(({ kind, times }) => [kind, countText(times)]),
  )
}

function keptTable({ kept }: ExplorationView): Content {
  if (kept.length === 0) return undefined
  const tones: Readonly<Record<string, string>> = { red: 'broken', green: 'holds', stale: 'unknown' }
  const rows = kept.map(({ file, title, state }) => [
    html`<span class="mark word ${tones[state] ?? 'unknown'}">${state}</span>`,
    title,
    html`<span class="name">${file}</span>`,
  ])
  return table('Cases that were kept', ['Today', 'Case', 'File'], rows)
}
