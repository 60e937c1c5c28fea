import { printable } from '../paint.ts'
import { momentText, threeDigits } from '../quantities.ts'
import type { Chart, ChartTable, FaultBand, Line, LineChart } from './chart.ts'
import { chartConfig, chartHeight, chartWidth } from './look.ts'
import { faultColour, lineColours, lineDashes, lineSigns } from './palette.ts'

const labelSize = 11
/** So many signs a line: enough to tell the lines apart, few enough to see them. */
const signsPerLine = 12
/** A table of more rows than this is one that nobody reads. */
const rowLimit = 60

/** Lines over the time of a run, with the faults behind them. */
export function lineChart(given: LineChart): Chart {
  const chart = readable(given)
  const { name, title, description } = chart
  return { name, title, description, spec: specOf(chart), table: tableOf(chart) }
}

/** Names come from scenarios; whatever is no text stays out of pictures. */
function readable(chart: LineChart): LineChart {
  return {
    ...chart,
    title: printable(chart.title),
    description: printable(chart.description),
    lines: chart.lines.map((line) => ({ ...line, name: printable(line.name) })),
    bands: chart.bands.map((band) => ({ ...band, label: printable(band.label) })),
  }
}

function specOf(chart: LineChart): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: chart.description,
    width: chartWidth,
    height: chartHeight,
    background: 'transparent',
    autosize: { type: 'fit-x', contains: 'padding' },
    layer: [...faultLayers(chart), ...linesLayers(chart), signsLayer(chart)],
    config: chartConfig,
  }
}

function faultLayers({ bands, untilMicros }: LineChart): readonly unknown[] {
  if (bands.length === 0) return []
  const values = inLanes(bands, untilMicros)
  const from = { field: 'from', type: 'quantitative' }
  const named = { dx: 4, fontSize: labelSize, limit: 180, align: 'left', baseline: 'top' }
  return [
    {
      data: { values },
      mark: { type: 'rect', color: faultColour, opacity: 0.14 },
      encoding: { x: from, x2: { field: 'to' } },
    },
    {
      data: { values },
      mark: { type: 'rule', color: faultColour, strokeDash: [3, 3], opacity: 0.8 },
      encoding: { x: from },
    },
    {
      data: { values },
      mark: { type: 'text', color: faultColour, ...named },
      encoding: { x: from, y: { field: 'lane', type: 'quantitative', scale: null }, text: { field: 'label' } },
    },
  ]
}

/** Each label on the first line of text, from above, on which no other one is in its way. */
function inLanes(bands: readonly FaultBand[], untilMicros: number): readonly unknown[] {
  const ends: number[] = []
  return bands.map(({ label, fromMicros, toMicros }) => {
    const start = (fromMicros / untilMicros) * chartWidth
    const free = ends.findIndex((end) => end < start)
    const lane = label === '' ? 0 : free < 0 ? ends.length : free
    if (label !== '') ends[lane] = start + Math.min(200, 12 + label.length * 0.62 * labelSize)
    return { label, from: seconds(fromMicros), to: seconds(toMicros), lane: 3 + lane * (labelSize + 2) }
  })
}

/** A layer for each line, as a dash that is part of the mark needs no second legend. */
function linesLayers(chart: LineChart): readonly unknown[] {
  const interpolate = chart.shape === 'stepped' ? 'step-after' : 'linear'
  return chart.lines.map((line, place) => ({
    data: { values: valuesOf([line]) },
    mark: { type: 'line', interpolate, strokeWidth: 2, color: lineColours[place], strokeDash: lineDashes[place] },
    encoding: placesOf(chart),
  }))
}

function signsLayer(chart: LineChart): unknown {
  const domain = chart.lines.map(({ name }) => name)
  const byLine = (range: readonly string[]): unknown => ({
    field: 'line',
    type: 'nominal',
    scale: { domain, range: range.slice(0, domain.length) },
  })
  return {
    data: { values: valuesOf(chart.lines.map(thinned)) },
    mark: { type: 'point', filled: true, size: 44, opacity: 1 },
    encoding: { ...placesOf(chart), color: byLine(lineColours), shape: byLine(lineSigns) },
  }
}

function placesOf({ axis, lines, logarithmic, whole, untilMicros }: LineChart): Readonly<Record<string, unknown>> {
  const powers = logarithmic ? powersOfTen(lines) : []
  const ticks = logarithmic ? { values: powers } : { tickCount: 5, ...(whole ? { tickMinStep: 1, format: ',d' } : {}) }
  const scale = logarithmic ? { type: 'log', domain: [powers[0], powers.at(-1)] } : { zero: true, nice: true }
  return {
    x: {
      field: 'time',
      type: 'quantitative',
      axis: { title: 'virtual time (s)', tickCount: 8, grid: false },
      scale: { nice: false, domain: [0, seconds(untilMicros)] },
    },
    y: { field: 'value', type: 'quantitative', axis: { title: axis, ...ticks }, scale },
  }
}

/** From the one below the smallest value to the one above the largest. */
function powersOfTen(lines: readonly Line[]): readonly number[] {
  const values = lines.flatMap(({ points }) => points.flatMap(({ value }) => (value === undefined ? [] : [value])))
  const powers = [0.001]
  for (let power = 0.01; (powers.at(-1) ?? 0) < Math.max(...values); power *= 10)
    powers.push(Number(power.toPrecision(1)))
  const smallest = Math.min(...values)
  return powers.filter((power) => power * 10 > smallest)
}

function valuesOf(lines: readonly Line[]): readonly unknown[] {
  return lines.flatMap(({ name, points }) =>
    points.map(({ micros, value }) => ({ line: name, time: seconds(micros), value: value ?? null })),
  )
}

/** Some of the points, other ones of each line: lines that run together are told apart by their signs. */
function thinned({ name, points }: Line, place: number, lines: readonly Line[]): Line {
  const measured = points.filter(({ value }) => value !== undefined)
  const step = Math.max(1, Math.ceil(measured.length / signsPerLine))
  const first = Math.floor((step * (place + 0.5)) / lines.length)
  return { name, points: measured.filter((_, index) => index % step === first) }
}

/** A row for each moment that any line has, evenly thinned where there are too many. */
function tableOf({ lines }: LineChart): ChartTable {
  const moments = [...new Set(lines.flatMap(({ points }) => points.map(({ micros }) => micros)))].sort(
    (one, other) => one - other,
  )
  const step = Math.max(1, Math.ceil(moments.length / rowLimit))
  const valueAt = lines.map(({ points }) => new Map(points.map(({ micros, value }) => [micros, value])))
  const rows = moments
    .filter((_, place) => place % step === 0)
    .map((micros) => [momentText(micros), ...valueAt.map((values) => shown(values.get(micros)))])
  return { heads: ['time', ...lines.map(({ name }) => name)], rows }
}

function shown(value: number | undefined): string {
  return value === undefined ? '–' : threeDigits(value)
}

function seconds(micros: number): number {
  return micros / 1_000_000
}
