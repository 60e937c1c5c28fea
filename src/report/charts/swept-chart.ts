import type { SweptOption } from '../experiment-view.ts'
import { printable } from '../paint.ts'
import { shareText } from '../quantities.ts'
import type { Chart } from './chart.ts'
import { chartConfig, chartHeight, chartWidth } from './look.ts'
import { lineColours, lineDashes, lineSigns } from './palette.ts'

/** How far the lines of a value stand beside each other, where 1 is the way to the next value: bounds would hide each other. */
const apart = 0.06

/** How often each guarantee broke at each value of an option; those that broke at none are left out. Nothing where none did. */
export function sweptChart({ path, values: settings, lines }: SweptOption): Chart | undefined {
  const broken = lines.filter(({ rates }) => rates.some((rate) => (rate?.count ?? 0) > 0)).slice(0, lineColours.length)
  if (broken.length === 0) return undefined
  const beside = (line: number): number => (line - (broken.length - 1) / 2) * apart
  const values = broken.flatMap(({ guarantee, rates }, line) =>
    rates.flatMap((rate, place) =>
      rate === undefined || rate.of === 0
        ? []
        : [
            {
              guarantee,
              setting: printable(settings[place] ?? ''),
              at: place + beside(line),
              rate: (rate.count / rate.of) * 100,
              low: rate.low * 100,
              high: rate.high * 100,
            },
          ],
    ),
  )
  const domain = broken.map(({ guarantee }) => guarantee)
  const x = {
    field: 'at',
    type: 'quantitative',
    scale: { domain: [-0.5, settings.length - 0.5], nice: false },
    axis: {
      title: printable(path),
      grid: false,
      values: settings.map((_, place) => place),
      labelExpr: `${JSON.stringify(settings.map(printable))}[datum.value]`,
    },
  }
  const axis = { title: 'runs in which it broke (%)', tickCount: 5 }
  const y = { field: 'rate', type: 'quantitative', axis, scale: { zero: true } }
  const by = (range: readonly unknown[]): unknown => ({
    field: 'guarantee',
    type: 'nominal',
    scale: { domain, range: range.slice(0, domain.length) },
    legend: { columns: 3 },
  })
  const description = 'How often each guarantee broke at each value, with the bounds at 95 % confidence.'
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description,
    width: chartWidth,
    height: chartHeight,
    background: 'transparent',
    autosize: { type: 'fit-x', contains: 'padding' },
    data: { values },
    layer: [
      {
        mark: { type: 'rule', strokeWidth: 2, opacity: 0.5 },
        encoding: {
          x,
          y: { field: 'low', type: 'quantitative', axis, scale: { zero: true } },
          y2: { field: 'high' },
          color: by(lineColours),
        },
      },
      ...broken.map(({ guarantee }, place) => ({
        transform: [{ filter: { field: 'guarantee', equal: guarantee } }],
        mark: { type: 'line', strokeWidth: 1.5, color: lineColours[place], strokeDash: lineDashes[place] },
        encoding: { x, y },
      })),
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { x, y, color: by(lineColours), shape: by(lineSigns) },
      },
    ],
    config: chartConfig,
  }
  return {
    name: `swept-${path}`.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase(),
    title: `${printable(path)}: how often each guarantee broke`,
    description,
    spec,
    table: {
      heads: [path, 'guarantee', 'rate', 'from', 'to'],
      rows: values.map(({ setting, guarantee, rate, low, high }) => [
        setting,
        guarantee,
        shareText(rate / 100),
        shareText(low / 100),
        shareText(high / 100),
      ]),
    },
  }
}
