import { expect, it } from 'vitest'
import { redis } from '../../../src/systems/redis/redis.ts'
import { settingsFrom } from '../bench.ts'
import type { Written } from '../bench.ts'

/** Whether no-loss is promised to who uses the stream `orders`. */
function keeps(role: 'producer' | 'consumer', options: Written, stream: Written = {}): boolean | undefined {
  const table = role === 'producer' ? redis.producerOptions : redis.consumerOptions
  const use = { service: 'x', members: 1, role, address: 'orders', group: 'x', settings: settingsFrom(table, options) }
  const settings = settingsFrom(redis.options, { appendonly: true, streams: { orders: stream } })
  return redis.claims(settings, use).find(({ guarantee }) => guarantee === 'no-loss')?.holds
}

it('what is trimmed or deleted is not promised to arrive', () => {
  expect(keeps('producer', {})).toBe(true)
  expect(keeps('producer', { maxlen: 100 })).toBe(false)
  expect(keeps('producer', { maxlen: 100, references: 'ACKED' })).toBe(true)
  expect(keeps('producer', {}, { 'deleted-at': 1_000_000 })).toBe(false)
})

it('a group that begins at the end is not promised what was there before', () => {
  expect(keeps('consumer', {})).toBe(true)
  expect(keeps('consumer', { start: '$' })).toBe(false)
})
