import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { timeScale } from '../../../src/report/diagram/time-scale.ts'

describe('the time scale of a diagram', () => {
  it('keeps the order of time, whatever the moments and the times between them', () => {
    const moments = fc.array(fc.nat(100_000_000), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(moments, fc.array(fc.nat(120_000_000)), (times, others) => {
        const scale = timeScale(times, 10)
        const all = [...times, ...others].toSorted((one, other) => one - other)
        const places = all.map((time) => scale.y(time))
        expect(places).toEqual(places.toSorted((one, other) => one - other))
        expect(Math.min(...places)).toBeGreaterThanOrEqual(10)
        expect(Math.max(...places)).toBeLessThanOrEqual(scale.height)
      }),
      { numRuns: 200 },
    )
  })

  it('tells moments apart that are a microsecond apart', () => {
    const scale = timeScale([0, 1, 2], 0)
    expect(scale.y(1)).toBeGreaterThan(scale.y(0))
    expect(scale.y(2)).toBeGreaterThan(scale.y(1))
  })

  it('folds what is idle for long, says how long, and gives a minute no more room than an hour', () => {
    const minute = timeScale([0, 60_000_000], 0)
    const hour = timeScale([0, 3_600_000_000], 0)
    expect(minute.folds).toMatchObject([{ micros: 60_000_000 }])
    expect(hour.height).toBe(minute.height)
    expect(timeScale([0, 100_000], 0).folds).toEqual([])
  })

  it('labels no two moments of the axis that would stand on each other', () => {
    const times = Array.from({ length: 50 }, (_, place) => place * 3)
    const scale = timeScale(times, 0, 0.5)
    const places = scale.ticks.map((time) => scale.y(time))
    for (const [place, y] of places.entries()) expect(y - (places[place - 1] ?? -Infinity)).toBeGreaterThanOrEqual(15)
  })
})
