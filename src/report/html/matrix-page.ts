import type { MatrixCellView, MatrixView } from '../matrix-text.ts'
import { matrixLegend, matrixMark } from '../matrix-text.ts'
import type { Content, Markup } from './markup.ts'
import { html } from './markup.ts'
import { page } from './page.ts'

const introduction =
  'Every strategy at every failure point, with the fault at every place where it can strike. Nothing here is written down: each cell was run.'

/** The matrix as a heat map; each cell leads to the scenario that shows the worst of it. */
export function matrixPage(view: MatrixView): string {
  const header = html`<h1>Which way of being idempotent survives what?</h1>
    <p class="question">${introduction}</p>`
  return page('Strategies and failure points', header, [heatMap(view), meanings(view), examples(view)])
}

function heatMap({ points, rows }: MatrixView): Markup {
  return html`<p class="small soft">${matrixLegend}</p>
    <div class="wide" tabindex="0" role="region" aria-label="Strategies and failure points">
      <table class="heat">
        <caption>
          Strategies and failure points
        </caption>
        <thead>
          <tr>
            <th scope="col">strategy</th>
            ${points.map(({ name, title }) => html`<th scope="col"><abbr title="${title}">${name}</abbr></th>`)}
          </tr>
        </thead>
        <tbody>
          ${rows.map(
            ({ strategy, cells }, row) =>
              html`<tr>
                <th scope="row">${strategy}</th>
                ${cells.map((cell, column) => heatCell(cell, `${row}-${column}`, points[column]?.name ?? ''))}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`
}

function heatCell(cell: MatrixCellView, place: string, point: string): Markup {
  const mark = matrixMark(cell)
  const content: Content =
    cell.example === undefined ? mark : html`<a href="#cell-${place}" title="${countsOf(cell)}, ${point}">${mark}</a>`
  return html`<td class="${toneOf(mark)}">${content}</td>`
}

function toneOf(mark: string): string {
  if (mark === '-') return 'soft'
  if (mark === 'S') return 'holds'
  return mark.startsWith('B') ? 'unknown' : 'broken'
}

function countsOf({ outcomes }: MatrixCellView): string {
  return outcomes.map(({ outcome, count }) => `${count} ${outcome}`).join(', ')
}

function meanings({ points, rows }: MatrixView): Markup {
  return html`<h2>Failure points</h2>
    <dl class="meanings">
      ${points.map(
        ({ name, title }) =>
          html`<dt>${name}</dt>
            <dd>${title}</dd>`,
      )}
    </dl>
    <h2>Why each strategy is safe where it is</h2>
    <dl class="meanings">
      ${reasons(rows).map(
        ([why, strategies]) =>
          html`<dt>${strategies.join(', ')}</dt>
            <dd>${why}</dd>`,
      )}
    </dl>`
}

/** Each reason once, with the strategies that it is given for: how one is set seldom changes it. */
function reasons(rows: MatrixView['rows']): readonly (readonly [why: string, strategies: readonly string[]])[] {
  const strategies = new Map<string, Set<string>>()
  for (const { why, strategy } of rows) {
    const named = strategies.get(why) ?? new Set<string>()
    strategies.set(why, named.add(strategy.replace(/ \(.*/, '')))
  }
  return [...strategies].map(([why, named]) => [why, [...named]])
}

function examples({ points, rows }: MatrixView): Markup {
  return html`<h2>Scenarios</h2>
    <p>Save one as a file and give it to <code>onceproof run</code>.</p>
    ${rows.map(({ strategy, cells }, row) =>
      cells.map((cell, column) =>
        cell.example === undefined
          ? undefined
          : html`<details>
              <summary>${strategy}, ${points[column]?.name ?? ''}: ${countsOf(cell)}; ${cell.example.where}</summary>
              <pre id="cell-${row}-${column}">${cell.example.scenario}</pre>
            </details>`,
      ),
    )}`
}
