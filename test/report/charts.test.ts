import { describe, expect, it } from 'vitest'
import { chartsOf } from '../../src/report/charts/charts.ts'
import { lineChart } from '../../src/report/charts/line-chart.ts'
import { drawCharts, standaloneSvg } from '../../src/report/charts/render.ts'
import { measure } from '../../src/metrics/metrics.ts'
import { History } from '../../src/history/history.ts'
import { historyOf } from '../../src/history/plain-fact.ts'
import { coursesOf } from '../../src/report/charts/courses.ts'
import { hostile, sampleRun } from './sample-run.ts'

const chart = lineChart({
  name: 'sample',
  title: hostile,
  description: 'A line and a fault',
  axis: 'messages',
  lines: [
    { name: hostile, points: [0, 1, 2, 3].map((second) => ({ micros: second * 1_000_000, value: second * 10 })) },
  ],
  bands: [{ label: hostile, fromMicros: 1_000_000, toMicros: 2_000_000 }],
  untilMicros: 3_000_000,
  shape: 'straight',
  whole: true,
  logarithmic: false,
})

describe('the charts of a run', () => {
  it('are about latency, flow, what waits, what comes again, and who was there, each with axes that have units', () => {
    const charts = chartsOf(sampleRun())
    expect(charts.map(({ name }) => name)).toEqual(
      'latency throughput backlog unseen redeliveries deliveries availability nodes'.split(' '),
    )
    const withoutTime = charts.filter(({ spec }) => !JSON.stringify(spec).includes('virtual time (s)'))
    expect(withoutTime.map(({ name }) => name)).toEqual(['deliveries'])
    expect(JSON.stringify(charts.map(({ spec }) => spec))).toContain('send to effect (ms)')
  })

  it('are none where nothing happened', () => {
    expect(chartsOf(sampleRun({ metrics: measure(new History()) }))).toEqual([])
  })

  it('have the faults behind the lines, and a table of the same figures', () => {
    const throughput = chartsOf(sampleRun()).find(({ name }) => name === 'throughput')
    expect(JSON.stringify(throughput?.spec)).toContain('crash of billing-1')
    expect(throughput?.table.heads).toEqual(['time', 'sent', 'confirmed', 'delivered', 'effects'])
    expect(throughput?.table.rows.flat()).toContain('31.3')
  })

  it('have within their bars, where there is no time, what was on its way while a fault held', () => {
    const deliveries = chartsOf(sampleRun()).find(({ name }) => name === 'deliveries')
    expect(deliveries?.table.heads).toEqual(['times', 'billing', 'while a fault held'])
    expect(JSON.stringify(deliveries?.spec)).toContain('"troubled":1')
    expect(deliveries?.description).toContain('narrower bars')
  })

  it('are plain data', () => {
    const charts = chartsOf(sampleRun())
    expect(JSON.parse(JSON.stringify(charts))).toEqual(charts)
  })
})

describe('what a history says over time', () => {
  const sent = (message: string, at: number) => ({
    fact: 'submitted',
    at,
    message,
    operation: message,
    service: 'shop',
  })
  const told = (message: string, at: number, outcome: string) => ({
    fact: 'answered',
    at,
    message,
    service: 'shop',
    outcome,
  })
  const handed = (message: string, at: number, service = 'billing') => ({ fact: 'delivered', at, message, service })
  const second = 1_000_000
  const history = historyOf([
    sent('a', 0),
    sent('b', 10),
    told('a', 20, 'confirmed'),
    handed('a', 30),
    sent('c', second),
    told('b', 1.5 * second, 'confirmed'),
    handed('a', 1.6 * second),
    told('c', 1.7 * second, 'rejected'),
    handed('b', 2.5 * second),
    handed('b', 2.6 * second, 'audit'),
  ])
  const bands = [{ kind: 'fault', label: 'crash of billing', from: 2 * second, to: 2.2 * second }] as const
  const courses = coursesOf({ history, metrics: { bands } }, second, 4)

  it('counts at each moment what nobody has seen, also where nothing happens', () => {
    expect(courses.unseen).toEqual([2, 2, 2, 1])
  })

  it('counts as available what was confirmed in time, and says nothing where nothing was sent', () => {
    expect(courses.available).toEqual([0.5, 0, undefined, undefined])
  })

  it('counts how often each service was handed a message, and of those what a fault fell upon', () => {
    expect(courses.deliveries).toEqual(
      new Map([
        [
          'billing',
          new Map([
            [2, { messages: 1, troubled: 0 }],
            [1, { messages: 1, troubled: 1 }],
          ]),
        ],
        ['audit', new Map([[1, { messages: 1, troubled: 1 }]])],
      ]),
    )
  })

  it('takes the first arrival of each message for its latency', () => {
    expect(courses.latencies).toEqual([
      { micros: 30, troubled: false },
      { micros: 2.5 * second - 10, troubled: true },
    ])
  })
})

describe('a drawn chart', () => {
  it('is the same to the byte each time', async () => {
    const [one, other] = await Promise.all([drawCharts([chart]), drawCharts([chart])])
    expect(one[0]?.svg).toBe(other[0]?.svg)
    expect(one[0]?.svg).toMatch(/^<svg .*<\/svg>$/s)
  })

  it('takes its colours from the page around it, or brings light and dark as a file', async () => {
    const [drawn] = await drawCharts([chart])
    expect(drawn?.svg).toContain('var(--chart-1)')
    expect(drawn?.svg).not.toContain('--chart-1:')
    expect(drawn && standaloneSvg(drawn)).toMatch(/--chart-1:.*prefers-color-scheme:dark.*--chart-1:/s)
  })

  it('lets no name leave its text', async () => {
    const [drawn] = await drawCharts([chart])
    expect(drawn && standaloneSvg(drawn)).not.toContain('<script')
    expect(drawn && standaloneSvg(drawn)).not.toContain('\u001b')
  })
})
