import { expect, it } from 'vitest'
import { kinesisRows } from '../../../scripts/kinesis-rates.ts'
import { isPlausible, measureRates } from '../../../scripts/phenomena-rates.ts'

it('what may happen to users of Kinesis happens now and then, and never with the remedy', () => {
  const rates = measureRates(kinesisRows, 12)
  expect(rates.length).toBeGreaterThan(6)
  expect(rates.filter((rate) => !isPlausible(rate))).toEqual([])
}, 120_000)
