import { describe, expect, it } from 'vitest'
import { chartsOf } from '../../src/report/charts/charts.ts'
import { lineChart } from '../../src/report/charts/line-chart.ts'
import { drawCharts, standaloneSvg } from '../../src/report/charts/render.ts'
import { measure } from '../../src/metrics/metrics.ts'
import { History } from '../../src/history/history.ts'
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
  it('are latency, throughput and backlog, each with axes that have units', () => {
    const charts = chartsOf(sampleRun())
    expect(charts.map(({ name }) => name)).toEqual(['latency', 'throughput', 'backlog'])
    for (const { spec } of charts) expect(JSON.stringify(spec)).toContain('virtual time (s)')
    expect(JSON.stringify(charts.map(({ spec }) => spec))).toContain('send to effect (ms)')
  })

  it('are none where nothing happened', () => {
    expect(chartsOf(sampleRun({ metrics: measure(new History()) }))).toEqual([])
  })

  it('have the faults behind the lines, and a table of the same figures', () => {
    const [, throughput] = chartsOf(sampleRun())
    expect(JSON.stringify(throughput?.spec)).toContain('crash of billing-1')
    expect(throughput?.table.heads).toEqual(['time', 'sent', 'confirmed', 'delivered', 'effects'])
    expect(throughput?.table.rows.flat()).toContain('31.3')
  })

  it('are plain data', () => {
    const charts = chartsOf(sampleRun())
    expect(JSON.parse(JSON.stringify(charts))).toEqual(charts)
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
