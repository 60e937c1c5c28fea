import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../../../src/simulation/duration.ts'
import { RateLimit } from '../../../../src/systems/kinesis/core/rate-limit.ts'

describe('A limit for each second', () => {
  it('lets through a second of it at once, then what it regains', () => {
    const limit = new RateLimit(5)
    const admitted = Array.from({ length: 8 }, () => {
      const isAdmitted = limit.has(1, 0)
      if (isAdmitted) limit.take(1, 0)
      return isAdmitted
    })
    expect(admitted.filter(Boolean)).toHaveLength(5)
    expect(limit.has(1, 199 * millisecond)).toBe(false)
    expect(limit.has(1, 200 * millisecond)).toBe(true)
  })

  it('never lets through more than two seconds of it in any second, nor more than its rate in the long run', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 1, maxLength: 200 }), (pauses) => {
        const limit = new RateLimit(10)
        const taken: number[] = []
        let now = 0
        for (const pause of pauses) {
          now += pause * millisecond
          if (!limit.has(1, now)) continue
          limit.take(1, now)
          taken.push(now)
        }
        for (const from of taken)
          expect(taken.filter((at) => at >= from && at < from + second).length).toBeLessThanOrEqual(20)
        expect(taken.length).toBeLessThanOrEqual(10 + (now * 10) / second)
      }),
    )
  })

  it('after more was taken than there was has nothing until the debt is paid', () => {
    const limit = new RateLimit(2)
    limit.take(10, 0)
    expect(limit.hasAny(4 * second - 1)).toBe(false)
    expect(limit.wait(0)).toBe(4 * second + 1)
    expect(limit.hasAny(4 * second + 1)).toBe(true)
  })
})
