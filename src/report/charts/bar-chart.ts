import { printable } from '../paint.ts'
import { countText } from '../quantities.ts'
import type { Chart } from './chart.ts'
import { chartConfig, chartHeight, chartWidth } from './look.ts'
import { lineColours, textColour } from './palette.ts'

/** How often something came out as each of some classes, a bar each; of several series the bars of a class stand side by side. */
export interface BarChart {
  readonly name: string
  readonly title: string
  readonly description: string
  /** What the classes are, with their unit. */
  readonly axis: string
  readonly classes: readonly string[]
  readonly series: readonly { readonly name: string; readonly counts: readonly number[] }[]
}

export function barChart({ name, title, description, axis, classes, series }: BarChart): Chart {
  const named = series.map((one) => ({ name: printable(one.name), counts: one.counts }))
  const values = named.flatMap((one) =>
    classes.map((label, place) => ({ class: label, series: one.name, count: one.counts[place] ?? 0 })),
  )
  const x = { field: 'class', type: 'ordinal', sort: [...classes], axis: { title: axis, labelAngle: 0, grid: false } }
  const y = {
    field: 'count',
    type: 'quantitative',
    axis: { title: 'messages', tickCount: 5, tickMinStep: 1, format: ',d' },
  }
  const offset = { field: 'series', type: 'nominal', sort: named.map((one) => one.name) }
  const domain = named.map((one) => one.name)
  const colour = {
    ...offset,
    scale: { domain, range: lineColours.slice(0, domain.length) },
    ...(domain.length > 1 ? {} : { legend: null }),
  }
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: printable(description),
    width: chartWidth,
    height: chartHeight,
    background: 'transparent',
    autosize: { type: 'fit-x', contains: 'padding' },
    data: { values },
    layer: [
      { mark: { type: 'bar' }, encoding: { x, y, xOffset: offset, color: colour } },
      {
        transform: [{ filter: 'datum.count > 0' }],
        mark: { type: 'text', dy: -6, fontSize: 11, color: textColour },
        encoding: { x, y, xOffset: offset, text: { field: 'count', type: 'quantitative', format: ',d' } },
      },
    ],
    config: chartConfig,
  }
  const rows = classes.map((label, place) => [label, ...named.map(({ counts }) => countText(counts[place] ?? 0))])
  return {
    name,
    title: printable(title),
    description: printable(description),
    spec,
    table: { heads: [axis, ...domain], rows },
  }
}
