import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linkProfiles } from '../../src/simulation/link-profile.ts'
import type { Quantiles } from '../../src/simulation/quantiles.ts'
import { drawFrom, quantileProblems } from '../../src/simulation/quantiles.ts'
import { Random } from '../../src/simulation/random.ts'

const measured: Quantiles = [
  [0, 100],
  [0.5, 200],
  [0.9, 1000],
  [1, 5000],
]

describe('quantiles', () => {
  it('are drawn from as they say', () => {
    const random = new Random('quantiles')
    const draws = Array.from({ length: 20_000 }, () => drawFrom(measured, random)).sort((a, b) => a - b)
    for (const [fraction, micros] of measured.slice(1, -1)) {
      const rank = draws.findIndex((draw) => draw >= micros) / draws.length
      expect(Math.abs(rank - fraction)).toBeLessThan(0.01)
    }
    expect(draws[0]).toBeGreaterThanOrEqual(100)
    expect(draws.at(-1)).toBeLessThanOrEqual(5000)
  })

  it('that are in order have no problems, those of the named profiles neither', () => {
    const ordered = fc
      .tuple(fc.uniqueArray(fc.integer({ min: 1, max: 999 })), fc.array(fc.nat(), { minLength: 1001, maxLength: 1001 }))
      .map(([fractions, micros]) => {
        const rising = [0, ...fractions.sort((a, b) => a - b), 1000]
        const sorted = micros.slice(0, rising.length).sort((a, b) => a - b)
        return rising.map((fraction, place) => [fraction / 1000, sorted[place] ?? 0] as const)
      })
    fc.assert(
      fc.property(ordered, fc.string(), (quantiles, seed) => {
        expect(quantileProblems(quantiles)).toEqual([])
        const draw = drawFrom(quantiles, new Random(seed))
        expect(draw).toBeGreaterThanOrEqual(quantiles[0]?.[1] ?? 0)
        expect(draw).toBeLessThanOrEqual(quantiles.at(-1)?.[1] ?? 0)
      }),
      { numRuns: 50 },
    )
    for (const { latency } of Object.values(linkProfiles)) expect(quantileProblems(latency)).toEqual([])
  })

  it('that cannot be drawn from are refused, with every problem in a sentence', () => {
    expect(quantileProblems([])).toHaveLength(1)
    expect(quantileProblems([[0.5, 10]])).toHaveLength(3)
    expect(
      quantileProblems([
        [0, 10],
        [0.5, 5],
        [0.5, 5.5],
        [2, -1],
      ]),
    ).toEqual([
      'The last quantile must be that of 1, the greatest value.',
      'The quantile of 0.5 cannot be less than that of 0.',
      'The quantile of 0.5 must be a whole number of µs, 0 or more; not 5.5.',
      'The quantile of 0.5 must come before that of 0.5, and once.',
      'A quantile is between 0 and 1; 2 is not.',
      'The quantile of 2 must be a whole number of µs, 0 or more; not -1.',
      'The quantile of 2 cannot be less than that of 0.5.',
    ])
  })
})
