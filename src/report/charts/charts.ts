import type { Band } from '../../metrics/bands.ts'
import type { Metrics } from '../../metrics/metrics.ts'
import type { Run } from '../../run.ts'
import type { Chart, FaultBand, Line } from './chart.ts'
import { lineChart } from './line-chart.ts'

/** So many points a line: more are not seen at the width of a page. */
const pointsPerLine = 64

/** A line is broken where nothing was measured for longer than this share of the run. */
const longestGap = 0.1

/** The charts of a run, in the order in which a page shows them; one in which nothing happened is left out. */
export function chartsOf({ metrics }: Run): readonly Chart[] {
  const active = activeBuckets(metrics)
  return active === 0 ? [] : chartKinds.flatMap((kind) => kind(metrics, active) ?? [])
}

type ChartKind = (metrics: Metrics, active: number) => Chart | undefined

/** The one list of charts. */
const chartKinds: readonly ChartKind[] = [latencyChart, throughputChart, backlogChart]

function latencyChart(metrics: Metrics, active: number): Chart | undefined {
  const { effectLatency, width } = metrics.series
  const measured = effectLatency.slice(0, active)
  const values = measured.flatMap((figures) => (figures === undefined ? [] : [figures.p50, figures.max]))
  if (values.length === 0) return undefined
  const logarithmic = Math.max(...values) > 50 * Math.max(1, Math.min(...values))
  const quantile = (name: string, figure: 'p50' | 'p99' | 'max'): Line => {
    const points = measured.map((figures, place) => ({
      micros: place * width,
      value: figures && figures[figure] / 1000,
    }))
    return { name, points: bridged(points) }
  }
  return lineChart({
    name: 'latency',
    title: 'Latency from send to effect',
    description: `Median, 99th percentile and slowest of the effects at each moment${logarithmic ? ', on a logarithmic scale' : ''}.`,
    axis: 'send to effect (ms)',
    lines: [quantile('p50', 'p50'), quantile('p99', 'p99'), quantile('max', 'max')],
    bands: bandsOf(metrics, active),
    untilMicros: active * metrics.series.width,
    shape: 'straight',
    whole: false,
    logarithmic,
  })
}

function throughputChart(metrics: Metrics, active: number): Chart {
  const { series } = metrics
  const perBucket = bucketsPerPoint(active)
  const micros = perBucket * series.width
  const rate = (name: string, counts: readonly number[]): Line => {
    const sums = merged(counts.slice(0, active), perBucket, (all) => all.reduce((sum, count) => sum + count, 0))
    return { name, points: sums.map((sum, place) => ({ micros: place * micros, value: (sum * 1_000_000) / micros })) }
  }
  return lineChart({
    name: 'throughput',
    title: 'Throughput',
    description: 'Messages a second that were sent, confirmed, delivered, and had their effect.',
    axis: 'messages a second',
    lines: [
      rate('sent', series.sent),
      rate('confirmed', series.confirmed),
      rate('delivered', series.delivered),
      rate('effects', series.effects),
    ].filter(({ points }) => points.some(({ value }) => value !== 0)),
    bands: bandsOf(metrics, active),
    untilMicros: active * metrics.series.width,
    shape: 'stepped',
    whole: false,
    logarithmic: false,
  })
}

function backlogChart(metrics: Metrics, active: number): Chart {
  const { series } = metrics
  const perBucket = bucketsPerPoint(active)
  const peaks = (name: string, counts: readonly number[]): Line => {
    const highest = merged(counts.slice(0, active), perBucket, (all) => Math.max(...all))
    return { name, points: highest.map((value, place) => ({ micros: place * perBucket * series.width, value })) }
  }
  return lineChart({
    name: 'backlog',
    title: 'Backlog and messages in flight',
    description:
      'Most messages that were sent and not finished by anybody, and most that were being handled, at each moment.',
    axis: 'messages',
    lines: [peaks('backlog', series.backlog), peaks('in flight', series.inFlight)],
    bands: bandsOf(metrics, active),
    untilMicros: active * metrics.series.width,
    shape: 'stepped',
    whole: true,
    logarithmic: false,
  })
}

/** Buckets up to the last in which anything happened, and a little more: a run waits long for what may still come. */
function activeBuckets({ series }: Metrics): number {
  const counts = [series.sent, series.confirmed, series.delivered, series.effects, series.backlog, series.inFlight]
  const last = Math.max(...counts.map((buckets) => buckets.findLastIndex((count) => count > 0)))
  return last < 0 ? 0 : Math.min(series.sent.length, Math.ceil((last + 1) * 1.05) + 1)
}

/** Faults, and the nodes that were down or frozen outside of them, as far as the chart goes. */
function bandsOf({ bands, series }: Metrics, active: number): readonly FaultBand[] {
  const end = active * series.width
  const seen = bands.filter(({ from }) => from <= end).map((band) => ({ ...band, to: Math.min(end, band.to) }))
  const faults = seen.filter(({ kind }) => kind === 'fault')
  return seen
    .filter((band) => band.kind === 'fault' || !faults.some(({ from, to }) => from <= band.from && to >= band.to))
    .map((band) => ({ label: bandLabel(band, faults), fromMicros: band.from, toMicros: band.to }))
}

/** What a fault did to its node begins with the fault, which is named already. */
function bandLabel({ kind, label, from }: Band, faults: readonly Band[]): string {
  if (kind === 'fault') return label
  return faults.some((fault) => fault.from === from) ? '' : `${label} ${kind}`
}

function bucketsPerPoint(active: number): number {
  return Math.max(1, Math.ceil(active / pointsPerLine))
}

function merged(
  counts: readonly number[],
  size: number,
  merge: (counts: readonly number[]) => number,
): readonly number[] {
  const groups = Array.from({ length: Math.ceil(counts.length / size) }, (_, place) =>
    counts.slice(place * size, (place + 1) * size),
  )
  return groups.map(merge)
}

/** The points that were measured, with a break where none was for long. */
function bridged(points: Line['points']): Line['points'] {
  const longest = points.length * longestGap
  let since = 0
  return points.filter(({ value }) => {
    since = value === undefined ? since + 1 : 0
    return value !== undefined || since === Math.ceil(longest)
  })
}
