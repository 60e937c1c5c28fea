import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { below, pairedDifference, proportion } from '../../src/exploration/statistics/proportion.ts'

describe('the bounds of a rate', () => {
  it.each([
    [5, 10, 0.1871, 0.8129],
    [1, 100, 0.000253, 0.05446],
    [30, 200, 0.1034, 0.2072],
    [999, 1000, 0.99444, 0.999975],
    [50_000, 100_000, 0.4969, 0.5031],
  ])('are those of Clopper and Pearson for %i of %i', (count, of, low, high) => {
    const found = proportion(count, of)
    expect(found.low).toBeCloseTo(low, 3)
    expect(found.high).toBeCloseTo(high, 3)
  })

  it('follow the rule of three where none was seen, and where all were', () => {
    expect(proportion(0, 300)).toMatchObject({ low: 0, high: 0.01 })
    expect(proportion(300, 300)).toMatchObject({ low: 0.99, high: 1 })
    expect(proportion(0, 2)).toMatchObject({ low: 0, high: 1 })
    expect(proportion(0, 0)).toMatchObject({ low: 0, high: 1 })
  })

  it('contain the rate that was seen, and get closer with more runs', () => {
    const counts = fc
      .integer({ min: 1, max: 400 })
      .chain((of) => fc.tuple(fc.integer({ min: 0, max: of }), fc.constant(of)))
    fc.assert(
      fc.property(counts, ([count, of]) => {
        const [few, many] = [proportion(count, of), proportion(count * 10, of * 10)]
        expect(few.low).toBeLessThanOrEqual(count / of)
        expect(few.high).toBeGreaterThanOrEqual(count / of)
        expect(many.high - many.low).toBeLessThan(few.high - few.low)
      }),
      { numRuns: 60 },
    )
  })

  it('contain the true rate in at least 95 of 100 experiments, whatever it is', () => {
    for (const rate of [0.02, 0.3, 0.5, 0.77]) {
      const of = 60
      let covered = 0
      for (let count = 1; count < of; count++) {
        const { low, high } = proportion(count, of)
        if (low <= rate && rate <= high) covered += below(count + 1, of, rate) - below(count, of, rate)
      }
      const unseen = below(1, of, rate)
      if (rate <= proportion(0, of).high) covered += unseen
      expect(covered).toBeGreaterThan(0.949)
    }
  })
})

describe('a difference of paired runs', () => {
  it('is beyond doubt when enough runs broke in the one only', () => {
    expect(pairedDifference(30, 2, 200)).toMatchObject({ difference: 0.14, decided: true })
    expect(pairedDifference(2, 30, 200)).toMatchObject({ difference: -0.14, decided: true })
  })

  it('is in doubt when as many broke in the one as in the other, or too few did', () => {
    expect(pairedDifference(20, 20, 200).decided).toBe(false)
    expect(pairedDifference(2, 0, 200).decided).toBe(false)
    expect(pairedDifference(0, 0, 0).decided).toBe(false)
  })
})
