import { expect, it } from 'vitest'
import { isPlausible, measureRates } from '../../../scripts/phenomena-rates.ts'
import { redisRows } from '../../../scripts/redis-rates.ts'

it('what may happen to users of Redis happens now and then, and never with the remedy', () => {
  const rates = measureRates(redisRows, 12)
  expect(rates.length).toBeGreaterThan(5)
  expect(rates.filter((rate) => !isPlausible(rate))).toEqual([])
}, 120_000)
