import type { MeasuredFrontier } from '../experiment-view.ts'
import { printable } from '../paint.ts'
import { shareText, threeDigits } from '../quantities.ts'
import type { Chart } from './chart.ts'
import { chartConfig, chartHeight, chartWidth } from './look.ts'
import { lineColours, textColour } from './palette.ts'

/** Designs by their cost and how often a guarantee broke; those that no other one betters are joined. */
export function frontierChart({ guarantee, cost, points }: MeasuredFrontier): Chart {
  const labels = labelsOf(points)
  const values = points.map((point, place) => ({
    label: labels[place] ?? '',
    cost: point.cost,
    rate: point.rate * 100,
    frontier: point.onFrontier ? 'not bettered by any other' : 'bettered by another',
  }))
  const scale = { zero: false, nice: true, padding: 24 }
  const x = { field: 'cost', type: 'quantitative', axis: { title: cost, tickCount: 6, grid: false }, scale }
  const y = {
    field: 'rate',
    type: 'quantitative',
    axis: { title: 'broke (% of runs)', tickCount: 5 },
    scale: { zero: true, nice: true },
  }
  const kinds = ['not bettered by any other', 'bettered by another']
  const kind = (range: readonly string[]): unknown => ({
    field: 'frontier',
    type: 'nominal',
    scale: { domain: kinds, range },
  })
  const description = `What each design pays for ${guarantee}: ${cost}, and how often it broke nevertheless.`
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
        transform: [{ filter: `datum.frontier === '${kinds[0] ?? ''}'` }],
        mark: { type: 'line', interpolate: 'step-after', strokeWidth: 1.5, strokeDash: [5, 3], color: lineColours[0] },
        encoding: { x, y },
      },
      {
        mark: { type: 'point', filled: true, size: 90, opacity: 1 },
        encoding: { x, y, color: kind(lineColours.slice(0, 2)), shape: kind(['circle', 'square']) },
      },
      {
        mark: { type: 'text', dy: -11, fontSize: 11, color: textColour },
        encoding: { x, y, text: { field: 'label', type: 'nominal' } },
      },
    ],
    config: chartConfig,
  }
  return {
    name: `frontier-${guarantee}-${cost}`.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase(),
    title: `${guarantee} against ${cost}`,
    description,
    spec,
    table: {
      heads: ['design', cost, 'broke', 'bettered by another'],
      rows: points.map(({ design, cost: paid, rate, onFrontier }) => [
        design,
        threeDigits(paid),
        shareText(rate),
        onFrontier ? 'no' : 'yes',
      ]),
    },
  }
}

type Points = MeasuredFrontier['points']

/** So wide is a letter of a label, as a share of the chart; so high is a line, as a share of all runs. */
const letterWidth = 6 / chartWidth
const lineHeight = 0.07
const mostLetters = 34
/** For `and 12 more`, and between two labels. */
const spare = 14

/** What stands at each point. Where names would stand over each other the first one has a label, with how many others are there. */
function labelsOf(points: Points): readonly string[] {
  const costs = points.map(({ cost }) => cost)
  const range = Math.max(...costs) - Math.min(...costs)
  const hides = (one: Points[number], other: Points[number]): boolean =>
    Math.abs(one.rate - other.rate) < lineHeight &&
    Math.abs(one.cost - other.cost) <= range * letterWidth * (Math.min(mostLetters, one.design.length) + spare)
  const standsFor: number[] = []
  for (const [place, point] of points.entries()) {
    const label = points.findIndex((earlier, at) => at < place && standsFor[at] === at && hides(earlier, point))
    standsFor.push(label < 0 ? place : label)
  }
  return points.map(({ design }, place) => {
    if (standsFor[place] !== place) return ''
    const others = standsFor.filter((label) => label === place).length - 1
    return `${shortened(printable(design))}${others === 0 ? '' : ` and ${others} more`}`
  })
}

/** Without its middle: designs differ in how they begin and in how they end. */
function shortened(name: string): string {
  return name.length <= mostLetters ? name : `${name.slice(0, 15)}…${name.slice(-18)}`
}
