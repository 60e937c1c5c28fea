import { expect, it } from 'vitest'
import { kafkaRows } from '../../../scripts/kafka-rates.ts'
import { isPlausible, measureRates, ratesTable } from '../../../scripts/phenomena-rates.ts'

it('what may happen to users of Kafka happens now and then, and never with the remedy', () => {
  const rates = measureRates(kafkaRows, 12)
  expect(rates.length).toBeGreaterThan(5)
  expect(rates.filter((rate) => !isPlausible(rate))).toEqual([])
}, 120_000)

it('a rate of none, of all, or of a remedy that does not help is called implausible', () => {
  const rate = { row: 'K-P02', what: 'a loss', remedy: 'acks-all', seeds: 20 }
  expect(isPlausible({ ...rate, seen: 7, seenMended: 0 })).toBe(true)
  expect(isPlausible({ ...rate, seen: 0, seenMended: 0 })).toBe(false)
  expect(isPlausible({ ...rate, seen: 20, seenMended: 0 })).toBe(false)
  expect(isPlausible({ ...rate, seen: 7, seenMended: 1 })).toBe(false)
  expect(ratesTable([{ ...rate, seen: 7, seenMended: 0 }])).toContain(
    '| K-P02 | a loss | 7 of 20 | 0 of 20 (acks-all) |',
  )
})
