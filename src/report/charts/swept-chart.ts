import type { SweptOption } from '../experiment-view.ts'
import { printable } from '../paint.ts'
import { shareText, unbreakable } from '../quantities.ts'
import type { Chart } from './chart.ts'
import { chartConfig, chartHeight, chartWidth } from './look.ts'
import { lineColours, lineDashes, lineSigns } from './palette.ts'

/** How often each guarantee broke at each value of an option; those that broke at none are left out. Nothing where none did. */
export function sweptChart({ path, values: settings, lines }: SweptOption): Chart | undefined {
  const broken = lines.filter(({ rates }) => rates.some((rate) => (rate?.count ?? 0) > 0)).slice(0, lineColours.length)
  if (broken.length === 0) return undefined
  const values = broken.flatMap(({ guarantee, rates }) =>
    rates.flatMap((rate, place) =>
      rate === undefined || rate.of === 0
        ? []
        : [
            {
              guarantee,
              setting: printable(settings[place] ?? ''),
              rate: (rate.count / rate.of) * 100,
              low: rate.low * 100,
              high: rate.high * 100,
            },
          ],
    ),
  )
  const domain = broken.map(({ guarantee }) => guarantee)
  const x = {
    field: 'setting',
    type: 'ordinal',
    sort: settings.map(printable),
    axis: { title: printable(path), labelAngle: 0 },
  }
  const axis = { title: 'runs in which it broke (%)', tickCount: 5 }
  const y = { field: 'rate', type: 'quantitative', axis, scale: { zero: true } }
  const by = (range: readonly unknown[]): unknown => ({
    field: 'guarantee',
    type: 'nominal',
    scale: { domain, range: range.slice(0, domain.length) },
  })
  const offset = { field: 'guarantee', type: 'nominal', sort: domain }
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
          xOffset: offset,
          y: { field: 'low', type: 'quantitative', axis, scale: { zero: true } },
          y2: { field: 'high' },
          color: { ...Object(by(lineColours)), legend: null },
        },
      },
      ...broken.map(({ guarantee }, place) => ({
        transform: [{ filter: { field: 'guarantee', equal: guarantee } }],
        mark: { type: 'line', strokeWidth: 1.5, color: lineColours[place], strokeDash: lineDashes[place] },
        encoding: { x, xOffset: offset, y },
      })),
      {
        mark: { type: 'point', filled: true, size: 70, opacity: 1 },
        encoding: { x, xOffset: offset, y, color: by(lineColours), shape: by(lineSigns) },
      },
    ],
    config: chartConfig,
  }
  const share = (percent: number): string => shareText(percent / 100).replaceAll(unbreakable, ' ')
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
        share(rate),
        share(low),
        share(high),
      ]),
    },
  }
}
