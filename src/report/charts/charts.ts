import type { Band } from '../../metrics/bands.ts'
import type { Metrics } from '../../metrics/metrics.ts'
import type { Run } from '../../run.ts'
import { durationText, unbreakable } from '../quantities.ts'
import { barChart } from './bar-chart.ts'
import type { Chart, FaultBand, Line } from './chart.ts'
import { type Courses, coursesOf, promptness, type Tally } from './courses.ts'
import { lineChart } from './line-chart.ts'
import { nodeChart } from './node-chart.ts'
import { lineColours } from './palette.ts'

/** So many points a line: more are not seen at the width of a page. */
const pointsPerLine = 64

/** A line is broken where nothing was measured for longer than this share of the run. */
const longestGap = 0.1

/** The charts of a run, in the order in which a page shows them; one in which nothing happened is left out. */
export function chartsOf(run: Run): readonly Chart[] {
  const { metrics, history } = run
  const active = activeBuckets(metrics)
  if (active === 0) return []
  const courses = history.kept && history.length > 0 ? coursesOf(run, metrics.series.width, active) : undefined
  return chartKinds.flatMap((kind) => kind(metrics, active, courses) ?? [])
}

/** `courses` is missing where the history was not kept. */
type ChartKind = (metrics: Metrics, active: number, courses: Courses | undefined) => Chart | undefined

/** The one list of charts. */
const chartKinds: readonly ChartKind[] = [
  latencyChart,
  latencyBars,
  throughputChart,
  backlogChart,
  unseenChart,
  redeliveryChart,
  deliveryBars,
  availabilityChart,
  ({ bands, series }, active) => nodeChart(bands, active * series.width),
]

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
  const { backlog, inFlight } = metrics.series
  return levelChart(metrics, active, {
    name: 'backlog',
    title: 'Backlog and messages in flight',
    description:
      'Most messages that were sent and not finished by anybody, and most that were being handled, at each moment.',
    lines: [
      ['backlog', backlog],
      ['in flight', inFlight],
    ],
  })
}

/** How many messages took how long; the classes grow by 1, 2 and 5. */
function latencyBars(_: Metrics, __: number, courses: Courses | undefined): Chart | undefined {
  const latencies = courses?.latencies ?? []
  const [shortest, longest] = [latencies[0]?.micros, latencies.at(-1)?.micros]
  if (shortest === undefined || longest === undefined || latencies.length < 2) return undefined
  const bounds = latencyBounds.filter((bound, place) => bound > shortest && (latencyBounds[place - 1] ?? 0) <= longest)
  const classes = bounds.map((bound, place) =>
    latencies.filter(({ micros }) => micros < bound && micros >= (bounds[place - 1] ?? 0)),
  )
  const counts = classes.map((members) => members.length)
  const troubled = classes.map((members) => members.filter((member) => member.troubled).length)
  return barChart({
    name: 'latency-distribution',
    title: 'How long messages took',
    description:
      'So many messages took less than this from sending to their effect, and not less than the bound before.',
    axis: 'less than',
    classes: bounds.map((bound) => durationText(bound).replaceAll(unbreakable, ' ')),
    series: [{ name: 'messages', counts, troubled }],
  })
}

/** 100 µs, 200 µs, 500 µs, 1 ms … 5000 s. */
const latencyBounds: readonly number[] = [
  100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
].flatMap((power) => [power, 2 * power, 5 * power])

function unseenChart(metrics: Metrics, active: number, courses: Courses | undefined): Chart | undefined {
  if (courses === undefined) return undefined
  return levelChart(metrics, active, {
    name: 'unseen',
    title: 'Messages that nobody has seen',
    description: 'Most messages at each moment that were sent and that no consumer had been handed.',
    lines: [['unseen', courses.unseen]],
  })
}

function redeliveryChart(metrics: Metrics, active: number): Chart | undefined {
  const { redeliveries, width } = metrics.series
  if (redeliveries.every((count) => count === 0)) return undefined
  const perBucket = bucketsPerPoint(active)
  const sums = merged(redeliveries.slice(0, active), perBucket, (all) => all.reduce((sum, count) => sum + count, 0))
  return lineChart({
    name: 'redeliveries',
    title: 'Redeliveries',
    description: 'Messages that came to a service that had been handed them before, in each stretch of time.',
    axis: 'deliveries',
    lines: [
      { name: 'redeliveries', points: sums.map((value, place) => ({ micros: place * perBucket * width, value })) },
    ],
    bands: bandsOf(metrics, active),
    untilMicros: active * width,
    shape: 'stepped',
    whole: true,
    logarithmic: false,
  })
}

/** Of each service, how many messages it was handed once, twice, …; nothing where it is once for all. */
function deliveryBars(_: Metrics, __: number, courses: Courses | undefined): Chart | undefined {
  const services = [...(courses?.deliveries ?? [])].slice(0, lineColours.length)
  const most = Math.max(0, ...services.flatMap(([, times]) => [...times.keys()]))
  if (most < 2) return undefined
  const classes = Array.from({ length: Math.min(most, mostTimes) }, (_unused, place) => place + 1)
  const countOf = (times: ReadonlyMap<number, Tally>, count: number, figure: keyof Tally): number =>
    [...times]
      .filter(([time]) => (count === mostTimes ? time >= count : time === count))
      .reduce((sum, [, tally]) => sum + tally[figure], 0)
  return barChart({
    name: 'deliveries',
    title: 'Deliveries of each message',
    description: 'How many messages each service was handed once, twice, and so on.',
    axis: 'times',
    classes: classes.map((count) => (count === mostTimes && most > mostTimes ? `${count} or more` : String(count))),
    series: services.map(([name, times]) => ({
      name,
      counts: classes.map((count) => countOf(times, count, 'messages')),
      troubled: classes.map((count) => countOf(times, count, 'troubled')),
    })),
  })
}

/** Everything beyond is one class. */
const mostTimes = 8

function availabilityChart(metrics: Metrics, active: number, courses: Courses | undefined): Chart | undefined {
  const { width } = metrics.series
  const shares = courses?.available.slice(0, active) ?? []
  if (shares.every((share) => share === undefined)) return undefined
  const points = shares.map((share, place) => ({
    micros: place * width,
    value: share === undefined ? undefined : share * 100,
  }))
  return lineChart({
    name: 'availability',
    title: 'Availability for producers',
    description: `Of what was sent at each moment, the share that was confirmed, or taken for sent, within ${durationText(promptness)}.`,
    axis: 'confirmed in time (%)',
    lines: [{ name: 'confirmed in time', points: bridged(points) }],
    bands: bandsOf(metrics, active),
    untilMicros: active * width,
    shape: 'straight',
    whole: true,
    logarithmic: false,
  })
}

interface Levels {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly lines: readonly (readonly [name: string, levels: readonly number[]])[]
}

/** The peaks of something that stands at some height until it changes. */
function levelChart(metrics: Metrics, active: number, { name, title, description, lines }: Levels): Chart {
  const perBucket = bucketsPerPoint(active)
  const peaks = ([line, levels]: Levels['lines'][number]): Line => {
    const highest = merged(levels.slice(0, active), perBucket, (all) => Math.max(...all))
    return {
      name: line,
      points: highest.map((value, place) => ({ micros: place * perBucket * metrics.series.width, value })),
    }
  }
  return lineChart({
    name,
    title,
    description,
    axis: 'messages',
    lines: lines.map(peaks),
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
