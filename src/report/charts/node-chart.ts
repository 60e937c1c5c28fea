import type { Band } from '../../metrics/bands.ts'
import { printable } from '../paint.ts'
import { durationText, momentText } from '../quantities.ts'
import type { Chart } from './chart.ts'
import { chartConfig, chartWidth } from './look.ts'
import { faultColour, gridColour, textColour } from './palette.ts'

/** When each node that was ever down or frozen was so: a lane each, with its faults above them. */
export function nodeChart(bands: readonly Band[], untilMicros: number): Chart | undefined {
  const away = bands.filter(({ kind, from }) => kind !== 'fault' && from < untilMicros)
  const nodes = [...new Set(away.map(({ label }) => printable(label)))]
  if (nodes.length === 0) return undefined
  const values = away.map(({ kind, label, from, to }) => ({
    node: printable(label),
    from: from / 1_000_000,
    to: Math.min(to, untilMicros) / 1_000_000,
    state: kind === 'down' ? 'down' : 'frozen',
  }))
  const y = { field: 'node', type: 'nominal', sort: nodes, axis: { title: null, grid: false, ticks: false } }
  const x = {
    field: 'from',
    type: 'quantitative',
    axis: { title: 'virtual time (s)', tickCount: 8, grid: false },
    scale: { nice: false, domain: [0, untilMicros / 1_000_000] },
  }
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description: 'When each node was down or frozen.',
    width: chartWidth,
    height: 26 * nodes.length + 10,
    background: 'transparent',
    autosize: { type: 'fit-x', contains: 'padding' },
    layer: [
      {
        data: { values: nodes.map((node) => ({ node, from: 0, to: untilMicros / 1_000_000 })) },
        mark: { type: 'bar', height: 12, color: gridColour },
        encoding: { y, x, x2: { field: 'to' } },
      },
      {
        data: { values },
        mark: { type: 'bar', height: 16, stroke: faultColour, strokeWidth: 1.5 },
        encoding: {
          y,
          x,
          x2: { field: 'to' },
          color: {
            field: 'state',
            type: 'nominal',
            legend: null,
            scale: { domain: ['down', 'frozen'], range: [faultColour, 'transparent'] },
          },
        },
      },
      {
        data: { values },
        mark: { type: 'text', align: 'left', dx: 3, dy: -12, fontSize: 10, color: textColour },
        encoding: { y, x, text: { field: 'state', type: 'nominal' } },
      },
    ],
    config: chartConfig,
  }
  const rows = away.map(({ kind, label, from, to }) => [
    printable(label),
    kind === 'down' ? 'down' : 'frozen',
    momentText(from),
    momentText(to),
    durationText(to - from),
  ])
  const description = 'When each node that was ever down or frozen was so; the others were there all the time.'
  return {
    name: 'nodes',
    title: 'Nodes up and down',
    description,
    spec,
    table: { heads: ['node', 'state', 'from', 'to', 'for'], rows },
  }
}
