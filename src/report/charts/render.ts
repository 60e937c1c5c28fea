import type { Chart } from './chart.ts'
import { darkChartColours, lightChartColours } from './palette.ts'

/** A chart as a picture. */
export interface DrawnChart extends Chart {
  /** An SVG element whose colours are CSS variables of the page around it. */
  readonly svg: string
}

/** Draws charts, the same bytes each time. The libraries are loaded here and not before: a run without a report needs none. */
export async function drawCharts(charts: readonly Chart[]): Promise<readonly DrawnChart[]> {
  if (charts.length === 0) return []
  const [vega, lite] = await Promise.all([import('vega'), import('vega-lite')])
  const drawn: DrawnChart[] = []
  for (const chart of charts) {
    const { spec } = lite.compile(JSON.parse(JSON.stringify(chart.spec)), { logger: vega.logger(vega.Error) })
    const view = new vega.View(vega.parse(spec), { renderer: 'none', logLevel: vega.Error })
    const svg = await view.toSVG()
    view.finalize()
    drawn.push({ ...chart, svg: compact(svg) })
  }
  return drawn
}

/** The picture as a file of its own, which follows the reader's light or dark by itself. */
export function standaloneSvg({ svg, title, description }: DrawnChart): string {
  const style = `<style>svg{${lightChartColours};background:#fff}@media(prefers-color-scheme:dark){svg{${darkChartColours};background:#14171d}}</style>`
  return `${svg.replace('>', `>${style}<title>${escaped(title)}</title><desc>${escaped(description)}</desc>`)}\n`
}

/** Without what tools for drawing by hand would need, and to a hundredth of a pixel: about half the size. */
function compact(svg: string): string {
  return svg
    .replaceAll(
      / (?:role="graphics-[a-z]+"|aria-roledescription="[\w ]+"|aria-hidden="true"|pointer-events="none")/g,
      '',
    )
    .replaceAll(/<path class="(?:background|foreground)" d="(?:M0,0h0v0h0Z)?"(?: display="none")?\/>/g, '')
    .replaceAll(/ (?:d|transform|x2|y2)="[^"<>]*"/g, (places) => places.replaceAll(/(\.\d\d)\d+/g, '$1'))
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
