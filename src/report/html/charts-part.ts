import type { DrawnChart } from '../charts/render.ts'
import { type Content, html, madeHere, type Markup, table } from './markup.ts'

/** The pictures, each with its figures behind it. */
export function chartsPart(charts: readonly DrawnChart[]): Content {
  if (charts.length === 0) return undefined
  return html`${charts.map(figure)}`
}

function figure({ name, title, description, svg, table: { heads, rows } }: DrawnChart): Markup {
  return html`<figure id="chart-${name}">
    <figcaption>${title}<span>${description}</span></figcaption>
    <div role="img" aria-label="${title}. ${description}">${madeHere(svg)}</div>
    <details>
      <summary>The figures of this chart</summary>
      ${table(`${title}: figures`, heads, rows)}
    </details>
  </figure>`
}
