import { printable } from '../paint.ts'
import { countText } from '../quantities.ts'
import type { Chart } from './chart.ts'
import { chartConfig, chartHeight, chartWidth } from './look.ts'
import { faultColour, lineColours, textColour } from './palette.ts'

/**
 * How often something came out as each of some classes, a bar each; of several series the bars of a class stand side by side. There is no time on
 * it for the faults to stand at: what met one is a narrower bar within the bar.
 */
export interface BarChart {
  readonly name: string
  readonly title: string
  readonly description: string
  /** What the classes are, with their unit. */
  readonly axis: string
  readonly classes: readonly string[]
  readonly series: readonly BarSeries[]
}

interface BarSeries {
  readonly name: string
  readonly counts: readonly number[]
  /** How many of these met a fault. */
  readonly troubled: readonly number[]
}

/** What the inner bars are called. */
const inFault = 'while a fault held'

export function barChart({ name, title, description, axis, classes, series }: BarChart): Chart {
  const named = series.map((one) => ({ ...one, name: printable(one.name) }))
  const met = named.some(({ troubled }) => troubled.some((count) => count > 0))
  const values = named.flatMap((one) =>
    classes.map((label, place) => ({
      class: label,
      series: one.name,
      count: one.counts[place] ?? 0,
      troubled: one.troubled[place] ?? 0,
      met: inFault,
    })),
  )
  const x = { field: 'class', type: 'ordinal', sort: [...classes], axis: { title: axis, labelAngle: 0, grid: false } }
  const y = {
    field: 'count',
    type: 'quantitative',
    axis: { title: 'messages', tickCount: 5, tickMinStep: 1, format: ',d' },
  }
  const offset = { field: 'series', type: 'nominal', sort: named.map((one) => one.name) }
  const domain = named.map((one) => one.name)
  const known = [...domain, ...(met ? [inFault] : [])]
  const scale = { domain: known, range: [...lineColours.slice(0, domain.length), faultColour] }
  const colour = { ...offset, sort: known, scale, ...(known.length > 1 ? {} : { legend: null }) }
  const told = met ? `${description} The narrower bars are those of them on their way while a fault held.` : description
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: printable(told),
    width: chartWidth,
    height: chartHeight,
    background: 'transparent',
    autosize: { type: 'fit-x', contains: 'padding' },
    data: { values },
    layer: [
      { mark: { type: 'bar' }, encoding: { x, y, xOffset: offset, color: colour } },
      {
        transform: [{ filter: 'datum.troubled > 0' }],
        mark: { type: 'bar', width: { band: 0.35 } },
        encoding: {
          x,
          y: { ...y, field: 'troubled' },
          xOffset: offset,
          color: { ...colour, field: 'met' },
        },
      },
      {
        transform: [{ filter: 'datum.count > 0' }],
        mark: { type: 'text', dy: -6, fontSize: 11, color: textColour },
        encoding: { x, y, xOffset: offset, text: { field: 'count', type: 'quantitative', format: ',d' } },
      },
    ],
    config: chartConfig,
  }
  const rows = classes.map((label, place) => [
    label,
    ...named.flatMap(({ counts, troubled }) =>
      [counts, ...(met ? [troubled] : [])].map((figures) => countText(figures[place] ?? 0)),
    ),
  ])
  const heads = domain.flatMap((one) => [one, ...(met ? [domain.length > 1 ? `${one} ${inFault}` : inFault] : [])])
  return {
    name,
    title: printable(title),
    description: printable(told),
    spec,
    table: { heads: [axis, ...heads], rows },
  }
}
