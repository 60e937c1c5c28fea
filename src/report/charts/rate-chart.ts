import type { ExperimentView } from '../experiment-view.ts'
import { printable } from '../paint.ts'
import { shareText } from '../quantities.ts'
import type { Chart } from './chart.ts'
import { chartConfig, chartWidth } from './look.ts'
import { lineColours, textColour } from './palette.ts'

/** Pixels for each design. */
const step = 24

/** How often each guarantee broke in each design, with its bounds; only guarantees that broke somewhere. Nothing where none did. */
export function rateChart({ designs, guarantees }: Pick<ExperimentView, 'designs' | 'guarantees'>): Chart | undefined {
  const values = guarantees.flatMap(({ name, rates }) =>
    rates.some((rate) => (rate?.count ?? 0) > 0)
      ? rates.flatMap((rate, place) =>
          rate === undefined || rate.of === 0
            ? []
            : [
                {
                  guarantee: name,
                  design: printable(designs[place] ?? ''),
                  rate: (rate.count / rate.of) * 100,
                  low: rate.low * 100,
                  high: rate.high * 100,
                },
              ],
        )
      : [],
  )
  if (values.length === 0) return undefined
  const names = designs.map(printable)
  const y = { field: 'design', type: 'nominal', sort: names, axis: { title: null, grid: false } }
  const axis = { title: 'runs in which it broke (%)', tickCount: 6 }
  const title = 'How often each guarantee broke'
  const description = 'The share of the runs in which it could be judged, with the bounds at 95 % confidence.'
  const spec = {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    description,
    background: 'transparent',
    data: { values },
    facet: {
      row: {
        field: 'guarantee',
        type: 'nominal',
        sort: guarantees.map(({ name }) => name),
        header: {
          title: null,
          labelAngle: 0,
          labelAnchor: 'start',
          labelAlign: 'left',
          labelColor: textColour,
          labelFontSize: 12,
          labelOrient: 'top',
        },
      },
    },
    spacing: 14,
    spec: {
      width: chartWidth - 220,
      height: { step },
      layer: [
        {
          mark: { type: 'rule', strokeWidth: 3, color: lineColours[0], opacity: 0.5 },
          encoding: {
            y,
            x: { field: 'low', type: 'quantitative', axis, scale: { domainMin: 0 } },
            x2: { field: 'high' },
          },
        },
        {
          mark: { type: 'point', filled: true, size: 70, color: lineColours[0], opacity: 1 },
          encoding: { y, x: { field: 'rate', type: 'quantitative', axis } },
        },
      ],
    },
    // What an axis of a facet says of its labels, it forgets.
    config: { ...chartConfig, axis: { ...chartConfig.axis, labelLimit: 460 } },
  }
  return {
    name: 'rates',
    title,
    description,
    spec,
    table: {
      heads: ['guarantee', 'design', 'rate', 'from', 'to'],
      rows: values.map(({ guarantee, design, rate, low, high }) => [
        guarantee,
        design,
        shareText(rate / 100),
        shareText(low / 100),
        shareText(high / 100),
      ]),
    },
  }
}
