import { frontierChart } from '../charts/frontier-chart.ts'
import { rateChart } from '../charts/rate-chart.ts'
import { type DrawnChart, drawCharts } from '../charts/render.ts'
import { sweptChart } from '../charts/swept-chart.ts'
import type { ContrastSide, ExperimentView, MeasuredRate, ShownCaseView } from '../experiment-view.ts'
import { caseBody } from './case-body.ts'
import { chartsPart } from './charts-part.ts'
import { shareText } from '../quantities.ts'
import { partsWithContents } from './contents.ts'
import { type Content, html, type Markup, table, widthClass } from './markup.ts'
import { page } from './page.ts'
import { storiesPart } from './stories-part.ts'

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
    { id: 'contrasts', heading: 'The same faults, another outcome', body: contrastsPart(view) },
    { id: 'runs', heading: 'Runs that show it', body: shownPart(view.cases) },
    { id: 'intervals', heading: 'Rates with their bounds', body: chartsPart(rates) },
    { id: 'swept', heading: 'Over the values of an option', body: chartsPart(swept) },
    { id: 'figures', heading: 'Recovery, duplicates, cost', body: figures(view) },
    { id: 'frontier', heading: 'Guarantee against cost', body: chartsPart(frontiers) },
    { id: 'counterparts', heading: 'Who is struck by the same faults', body: counterpartsPart(view) },
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

/**
 * A row for each guarantee, a cell for each design, the deeper in colour the oftener it broke; the rate stands in it in figures. What broke somewhere
 * comes first.
 */
function heatMap(view: ExperimentView): Markup {
  const { designs, guarantees } = view
  const caption = 'How often each guarantee broke in each design'
  const [broken, kept] = [true, false].map((broke) => guarantees.filter((one) => brokeSomewhere(one) === broke))
  const legend = view.cases.length === 0 ? '' : ' A link leads to the plainest run in which it broke.'
  return html`<p class="small soft">
      In how many of the runs in which it could be judged, and between which bounds.${legend}
    </p>
    <div class="wide" tabindex="0" role="region" aria-label="${caption}">
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
          ${[...(broken ?? []), ...(kept ?? [])].map(
            ({ name, rates }) =>
              html`<tr>
                ${guaranteeHead(name)} ${rates.map(rateCell)}
              </tr> `,
          )}
        </tbody>
      </table>
    </div>`
}

function brokeSomewhere({ rates }: ExperimentView['guarantees'][number]): boolean {
  return rates.some((rate) => (rate?.count ?? 0) > 0)
}

/** `no-loss/effect`, where it is judged below what is. */
function guaranteeHead(name: string): Markup {
  const [guarantee = '', level = ''] = name.split('/')
  return html`<th scope="row">${guarantee}<wbr />/<span class="soft">${level}</span></th>`
}

function rateCell(rate: MeasuredRate | undefined): Markup {
  if (rate === undefined || rate.of === 0) return html`<td class="soft">not judged</td>`
  const bounds = boundsText(rate)
  if (rate.count === 0)
    return html`<td class="holds"><span class="mark holds">never</span><br />${small([`of ${rate.of}`, bounds])}</td>`
  const depth = Math.round(6 + 32 * (rate.count / rate.of))
  const share = rate.count === rate.of ? 'always' : shareText(rate.count / rate.of)
  return html`<td class="rate" style="background:color-mix(in srgb,var(--broken) ${depth}%,var(--paper))">
    <span class="mark broken">${share}</span><br />${small([`${rate.count} of ${rate.of}`, bounds, shownLink(rate)])}
  </td>`
}

/** Beside each other where there is room for it, below each other elsewhere. */
function small(parts: readonly Content[]): Markup {
  const said = parts.filter((part) => part !== undefined)
  const pieces = said.map(
    (part, place) => html`<span class="piece">${part}${place < said.length - 1 ? ',' : ''}</span> `,
  )
  return html`<span class="small">${pieces}</span>`
}

function boundsText({ count, of, low, high }: MeasuredRate): string {
  if (count === 0) return `below ${shareText(high)}`
  return count === of ? `above ${shareText(low)}` : `${shareText(low)} to ${shareText(high)}`
}

/** Leads from a rate to a run that shows it. */
function shownLink({ shown }: MeasuredRate): Content {
  return shown === undefined ? undefined : html`<a class="small" href="#${shown.id}">run ${shown.run}</a>`
}

/** Two designs beside each other, and what became in each of the same message. */
function contrastsPart({ contrasts }: ExperimentView): Content {
  if (contrasts.length === 0) return undefined
  return contrasts.map(
    ({ text, sides }, place) =>
      html`<details class="story told" ${place === 0 ? html` open` : undefined}>
        <summary>${text}</summary>
        <div class="beside">${sides.map(contrastSide)}</div>
      </details> `,
  )
}

function contrastSide({ design, story, command }: ContrastSide): Markup {
  return html`<section aria-label="${design}">
    <h3>${design}</h3>
    ${storiesPart(story === undefined ? [] : [story], 'without-links')}
    <pre>${command}</pre>
  </section> `
}

/** The runs that rates name; how each guarantee broke in it, and the scenario that does it again. */
function shownPart(cases: readonly ShownCaseView[]): Content {
  if (cases.length === 0) return undefined
  return cases.map(
    (shown) =>
      html`<details class="story told" id="${shown.id}">
        <summary><span class="mark broken">${shown.title}</span></summary>
        ${caseBody(shown, { id: `picture-${shown.id}`, label: shown.title })}
      </details> `,
  )
}

function figures({ designs, figures: lines }: ExperimentView): Content {
  if (lines.length === 0) return undefined
  return table(
    'What else was measured',
    ['Figure', ...designs],
    lines.map(({ title, cells }) => [title, ...cells]),
  )
}

function counterpartsPart({ designs, counterparts }: ExperimentView): Content {
  if (counterparts.length === 0) return undefined
  return table(
    'Which node of each design is struck by what is drawn for whom',
    ['Drawn for', ...designs],
    counterparts.map(({ title, cells }) => [title, ...cells]),
  )
}

function sentences(said: readonly string[]): Content {
  if (said.length === 0) return undefined
  return html`<ul class="choices">
    ${said.map((sentence) => html`<li>${sentence}</li>`)}
  </ul>`
}
