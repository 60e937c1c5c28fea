import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isNeutral } from '../../src/history/fold.ts'
import type { Workload } from '../../src/application/service.ts'
import type { NeutralFact } from '../../src/history/facts.ts'
import { measure, metricAt, metricNames } from '../../src/metrics/metrics.ts'
import { distributionOf } from '../../src/metrics/samples.ts'
import type { Run } from '../../src/run.ts'
import { run } from '../../src/run.ts'
import { billing, memorySettings, plainScenario, shop } from '../pipeline/plain-scenario.ts'

/** A run in which consumers crash and freeze, messages come again and sends are repeated. */
function troubledRun(seed: string): Run {
  const workload: Workload = {
    kind: 'synthetic',
    messages: 200,
    arrival: { kind: 'constant', perSecond: 40 },
    keys: 3,
    keyChoice: 'in-turn',
    size: 100,
    type: 'order',
  }
  const plain = plainScenario({
    seed,
    services: [shop({ onFailure: 'send-again', workload }), { ...billing({ takes: 20_000 }), members: 2 }],
  })
  return run({
    ...plain,
    systems: { queue: { kind: 'memory', version: '', settings: memorySettings({ 'visibility-timeout': 2_000_000 }) } },
    nemesis: { profile: 'everything', duration: 5_000_000 },
  })
}

const runs = ['a', 'b', 'c', 'd'].map(troubledRun)

function factsOf({ history }: Run): readonly NeutralFact[] {
  return [...history].flatMap((fact) => (isNeutral(fact) ? [fact] : []))
}

describe.each(runs.map((each) => [each.scenario.seed, each] as const))('the metrics of run %s', (_seed, each) => {
  const facts = factsOf(each)
  const sentAt = (message: number): number =>
    facts.find((fact) => fact.kind === 'submitted' && fact.message === message)?.time ?? 0
  const of = (service: string) => each.metrics.services.find((candidate) => candidate.service === service)

  it('count what the facts say', () => {
    const delivered = facts.filter((fact) => fact.kind === 'delivered')
    const effects = facts.filter((fact) => fact.kind === 'effect-applied')
    expect(of('shop')?.sent).toBe(facts.filter((fact) => fact.kind === 'submitted').length)
    expect(of('billing')?.delivered).toBe(delivered.length)
    expect(of('billing')?.redeliveries).toBe(delivered.length - new Set(delivered.map(({ message }) => message)).size)
    expect(of('billing')?.effects).toBe(effects.length)
    expect(of('billing')?.duplicateEffects).toBe(
      effects.length - new Set(effects.map(({ operation }) => operation)).size,
    )
  })

  it('count every send by what became of it', () => {
    const unanswered = new Set<number>()
    for (const fact of facts) {
      if (fact.kind === 'submitted') unanswered.add(fact.message)
      if (fact.kind === 'answered') unanswered.delete(fact.message)
    }
    const told = facts.filter((fact) => fact.kind === 'answered' && each.history.names.text(fact.outcome) === 'unknown')
    expect(of('shop')?.unknown).toBe(told.length + unanswered.size)
  })

  it('measure from the first sending to the first effect', () => {
    const first = new Map<number, number>()
    for (const fact of facts) {
      if (fact.kind === 'effect-applied' && !first.has(fact.operation))
        first.set(fact.operation, fact.time - sentAt(fact.message))
    }
    const sorted = [...first.values()].toSorted((one, other) => one - other)
    expect(of('billing')?.effectLatency).toMatchObject({
      count: sorted.length,
      p50: sorted[Math.ceil(sorted.length * 0.5) - 1],
      max: sorted.at(-1),
    })
  })

  it('put every count into one bucket', () => {
    const { series } = each.metrics
    const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0)
    expect(sum(series.sent)).toBe(of('shop')?.sent)
    expect(sum(series.delivered)).toBe(of('billing')?.delivered)
    expect(sum(series.effects)).toBe(of('billing')?.effects)
    expect(series.effectLatency.reduce((total, bucket) => total + (bucket?.count ?? 0), 0)).toBe(
      of('billing')?.effectLatency?.count,
    )
  })

  it('show a band for each fault that struck and lasted, inside the run', () => {
    const struck = facts.filter((fact) => fact.kind === 'fault-struck').length
    const { bands } = each.metrics
    expect(bands.filter(({ kind }) => kind === 'fault')).toHaveLength(struck)
    for (const { from, to } of bands) expect(from <= to && to <= each.simulatedMicros).toBe(true)
  })

  it('are the same when a run is measured and judged while it goes on, and nothing of it is kept', () => {
    expect(measure(each.history)).toEqual(each.metrics)
    const { metrics, rows } = run(each.scenario, { keepHistory: false })
    expect(metrics).toEqual(each.metrics)
    expect(rows.map(({ verdict }) => verdict)).toEqual(each.rows.map(({ verdict }) => verdict))
  })
})

it('exercises redeliveries and crashes in these runs', () => {
  const redeliveries = runs.map(({ metrics }) => metricAt(metrics, 'billing', 'redeliveries') ?? 0)
  expect(Math.max(...redeliveries)).toBeGreaterThan(0)
  expect(runs.some(({ metrics }) => metrics.bands.some(({ kind }) => kind === 'down'))).toBe(true)
})

it('finds every figure that a threshold can name', () => {
  const [each] = runs
  if (each === undefined) throw new Error('There is no run.')
  for (const { name } of metricNames) {
    const found = [metricAt(each.metrics, 'shop', name), metricAt(each.metrics, 'billing', name)]
    expect({ name, found: found.some((figure) => figure !== undefined) }).toEqual({ name, found: true })
  }
  expect(metricAt(each.metrics, 'shop', 'effectLatency.p99')).toBeUndefined()
  expect(metricAt(each.metrics, 'nobody', 'sent')).toBeUndefined()
})

it('takes quantiles as the least value that so many do not exceed', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(distributionOf(hundred)).toEqual({ count: 100, mean: 51, p50: 50, p99: 99, p999: 100, max: 100 })
  expect(distributionOf(Float64Array.of(7))).toEqual({ count: 1, mean: 7, p50: 7, p99: 7, p999: 7, max: 7 })
  expect(distributionOf(new Float64Array(0))).toBeUndefined()
  const few = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 3000 })
  fc.assert(
    fc.property(few, (values) => {
      const sorted = values.toSorted((one, other) => one - other)
      const least = (fraction: number) => sorted[Math.ceil(sorted.length * fraction) - 1]
      expect(distributionOf(Float64Array.from(values))).toMatchObject({
        p50: least(0.5),
        p99: least(0.99),
        p999: least(0.999),
        max: sorted.at(-1),
      })
    }),
  )
})
