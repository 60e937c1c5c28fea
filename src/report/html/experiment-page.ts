import { frontierChart } from '../charts/frontier-chart.ts'
import { rateChart } from '../charts/rate-chart.ts'
import { type DrawnChart, drawCharts } from '../charts/render.ts'
import { sweptChart } from '../charts/swept-chart.ts'
import type { ExperimentView, MeasuredRate } from '../experiment-view.ts'
import { chartsPart } from './charts-part.ts'
import { partsWithContents } from './contents.ts'
import { type Content, html, type Markup, table, widthClass } from './markup.ts'
import { page } from './page.ts'

/** So many frontiers are drawn; guarantees times costs may be many. */
const frontierLimit = 6

/** What was measured of one design or several, as one page: what may be concluded first, then how often everything broke, and what to be careful about. */
export async function experimentPage(view: ExperimentView): Promise<string> {
  const rates = await drawn([rateChart(view)])
  const frontiers = await drawn(view.frontiers.slice(0, frontierLimit).map(frontierChart))
  const swept = await drawn(view.swept.map(sweptChart))
  const header = html`<h1>${view.title}</h1>
    <p class="origin">${view.about}</p>`
  const parts = partsWithContents([
    {
      id: 'rates',
      heading: view.designs.length > 1 ? 'Guarantee by design' : 'How often it broke',
      body: heatMap(view),
    },
    { id: 'intervals', heading: 'Rates with their bounds', body: chartsPart(rates) },
    { id: 'swept', heading: 'Over the values of an option', body: chartsPart(swept) },
    { id: 'figures', heading: 'Recovery, duplicates, cost', body: figures(view) },
    { id: 'frontier', heading: 'Guarantee against cost', body: chartsPart(frontiers) },
    { id: 'cautions', heading: 'Before you believe it', body: sentences(view.cautions) },
  ])
  return page(view.title, header, [conclusions(view), parts])
}

async function drawn(
  charts: readonly (Parameters<typeof drawCharts>[0][number] | undefined)[],
): Promise<readonly DrawnChart[]> {
  return await drawCharts(charts.filter((chart) => chart !== undefined))
}

function conclusions(view: ExperimentView): Markup {
  const { conclusions: said, again } = view
  const first = said.length > 0 ? said : [worstOf(view)]
  return html`<section aria-label="Conclusions">
    <div class="verdict unknown">${first.map((sentence) => html`<p>${sentence}</p>`)}</div>
    <p class="small soft" id="again">Measure it again:</p>
    <pre aria-labelledby="again" tabindex="0">${again}</pre>
  </section>`
}

/** Where there is nothing to compare: what broke most often, in a sentence. */
function worstOf({ guarantees }: ExperimentView): string {
  const measured = guarantees.flatMap(({ name, rates }) => rates.flatMap((rate) => (rate ? [{ name, rate }] : [])))
  const [worst] = measured
    .filter(({ rate: { count } }) => count > 0)
    .toSorted((one, other) => other.rate.count / other.rate.of - one.rate.count / one.rate.of)
  if (worst === undefined) return 'Nothing broke in these runs; the bounds below say how often it may all the same.'
  const also = measured.filter(({ rate }) => rate.count / rate.of === worst.rate.count / worst.rate.of).length - 1
  const others = also > 0 ? `, and ${also === 1 ? 'another guarantee' : `${also} others`} as often` : ''
  return `${worst.name} broke most often, in ${worst.rate.count} of ${worst.rate.of} runs${others}.`
}

/** A row for each guarantee, a cell for each design, the deeper in colour the oftener it broke; the rate stands in it in figures. */
function heatMap({ designs, guarantees }: ExperimentView): Markup {
  const caption = 'How often each guarantee broke in each design'
  return html`<div class="wide" tabindex="0" role="region" aria-label="${caption}">
    <table class="heat ${widthClass(designs.length)}">
      <caption>
        ${caption}
      </caption>
      <thead>
        <tr>
          <th scope="col">guarantee</th>
          ${designs.map((design) => html`<th scope="col">${design}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${guarantees.map(
          ({ name, rates }) =>
            html`<tr>
              <th scope="row">${name}</th>
              ${rates.map(rateCell)}
            </tr> `,
        )}
      </tbody>
    </table>
  </div>`
}

function rateCell(rate: MeasuredRate | undefined): Markup {
  if (rate === undefined || rate.of === 0) return html`<td class="soft">not judged</td>`
  if (rate.count === 0)
    return html`<td class="holds">
      <span class="mark holds">never</span><br /><span class="small">${rate.text}</span>
    </td>`
  const depth = Math.round(6 + 32 * (rate.count / rate.of))
  return html`<td class="rate" style="background:color-mix(in srgb,var(--broken) ${depth}%,var(--paper))">
    <span class="mark broken">${rate.text.replace(/^[^:]*: /, '')}</span><br /><span class="small"
      >${rate.count} of ${rate.of} runs</span
    >
  </td>`
}

function figures({ designs, figures: lines }: ExperimentView): Content {
  if (lines.length === 0) return undefined
  return table(
    'What else was measured',
    ['Figure', ...designs],
    lines.map(({ title, cells }) => [title, ...cells]),
  )
}

function sentences(said: readonly string[]): Content {
  if (said.length === 0) return undefined
  return html`<ul class="choices">
    ${said.map((sentence) => html`<li>${sentence}</li>`)}
  </ul>`
}
