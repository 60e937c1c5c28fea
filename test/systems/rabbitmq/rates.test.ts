import { expect, it } from 'vitest'
import { isPlausible, measureRates } from '../../../scripts/phenomena-rates.ts'
import { rabbitRows } from '../../../scripts/rabbitmq-rates.ts'

it('what may happen to users of RabbitMQ happens now and then, and never with the remedy', () => {
  const rates = measureRates(rabbitRows, 12)
  expect(rates.length).toBeGreaterThan(8)
  expect(rates.filter((rate) => !isPlausible(rate))).toEqual([])
}, 120_000)
