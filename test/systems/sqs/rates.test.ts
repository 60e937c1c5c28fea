import { expect, it } from 'vitest'
import { isPlausible, measureRates } from '../../../scripts/phenomena-rates.ts'
import { sqsRows } from '../../../scripts/sqs-rates.ts'

it('what may happen to users of Amazon SQS happens now and then, and never with the remedy', () => {
  const rates = measureRates(sqsRows, 10)
  expect(rates.length).toBeGreaterThan(6)
  expect(rates.filter((rate) => !isPlausible(rate))).toEqual([])
}, 120_000)
