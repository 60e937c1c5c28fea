import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Workload } from '../../src/application/service.ts'
import { planOfMessages } from '../../src/application/workload.ts'
import { Random } from '../../src/simulation/random.ts'

const synthetic = {
  kind: 'synthetic',
  messages: 100,
  arrival: { kind: 'constant', perSecond: 100 },
  keys: 4,
  keyChoice: 'in-turn',
  size: 100,
  type: 'order',
} as const satisfies Workload

const plan = (workload: Workload, seed = 'a') => {
  const made = planOfMessages(workload, new Random(seed))
  return Array.from({ length: made.length }, (_, index) => {
    return { ...made.contentOf(index), index, time: made.timeOf(index), version: made.versionOf(index) }
  })
}

describe('a workload', () => {
  it('sends at a constant rate, to the microsecond', () => {
    expect(plan(synthetic).map(({ time }) => time)).toEqual(Array.from({ length: 100 }, (_, index) => index * 10_000))
  })

  it('sends bursts at once', () => {
    const times = plan({ ...synthetic, messages: 5, arrival: { kind: 'burst', size: 2, every: 1000 } }).map(
      ({ time }) => time,
    )
    expect(times).toEqual([0, 0, 1000, 1000, 2000])
  })

  it('draws Poisson arrivals with the mean and the spread of an exponential gap', () => {
    const count = 20_000
    const times = plan({ ...synthetic, messages: count, arrival: { kind: 'poisson', perSecond: 1000 } }).map(
      ({ time }) => time,
    )
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0))
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const longerThanTwoMeans = gaps.filter((gap) => gap > 2000).length / gaps.length
    expect(mean).toBeGreaterThan(970)
    expect(mean).toBeLessThan(1030)
    // exp(-2) = 0.135
    expect(longerThanTwoMeans).toBeGreaterThan(0.125)
    expect(longerThanTwoMeans).toBeLessThan(0.145)
  })

  it('draws keys by Zipf: the first about as often as the second and the next two thirds of it together', () => {
    const keys = plan({ ...synthetic, messages: 20_000, keys: 100, keyChoice: 'zipf' }).map(({ key }) => key)
    const share = (key: string) => keys.filter((each) => each === key).length / keys.length
    // The harmonic number of 100 is 5.187.
    expect(share('key-0')).toBeGreaterThan(0.18)
    expect(share('key-0')).toBeLessThan(0.205)
    expect(share('key-1')).toBeGreaterThan(0.085)
    expect(share('key-1')).toBeLessThan(0.108)
  })

  it('counts versions per key from 1', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom('in-turn', 'uniform', 'zipf'),
        fc.string(),
        (keys, keyChoice, seed) => {
          const seen = new Map<string, number>()
          for (const { key, version } of plan({ ...synthetic, keys, keyChoice }, seed)) {
            expect(version).toBe((seen.get(key) ?? 0) + 1)
            seen.set(key, version)
          }
        },
      ),
      { numRuns: 50 },
    )
  })

  it('plans a longer workload that begins with the shorter one', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('constant', 'poisson'),
        fc.constantFrom('uniform', 'zipf'),
        fc.string(),
        (kind, keyChoice, seed) => {
          const workload: Workload = { ...synthetic, keyChoice, arrival: { kind, perSecond: 500 } }
          expect(plan({ ...workload, messages: 20 }, seed)).toEqual(
            plan({ ...workload, messages: 60 }, seed).slice(0, 20),
          )
        },
      ),
      { numRuns: 50 },
    )
  })

  it('replays a trace as it was recorded', () => {
    const messages = [
      { time: 0, key: 'a', size: 1, type: 'order', operation: 'op-1', body: { total: 1 } },
      { time: 5, key: 'a', size: 2, type: 'refund', operation: undefined, body: null },
    ]
    expect(plan({ kind: 'trace', messages })).toEqual([
      { index: 0, version: 1, ...messages[0] },
      { index: 1, version: 2, ...messages[1] },
    ])
  })
})
