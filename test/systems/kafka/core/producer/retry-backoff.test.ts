import { describe, expect, it } from 'vitest'
import { kafkaJsRetryTime, retryBackoff } from '../../../../../src/systems/kafka/core/producer/retry-backoff.ts'

describe('the wait before a retry', () => {
  const backoff = { initial: 100, maximum: 1_000 }

  it('doubles from 100 ms to 1 s', () => {
    expect([1, 2, 3, 4, 5, 50].map((attempt) => retryBackoff(attempt, backoff, 0.5))).toEqual([
      100, 200, 400, 800, 1_000, 1_000,
    ])
  })

  it('is spread by 20 % either way, and never longer than the maximum', () => {
    expect(retryBackoff(1, backoff, 0)).toBe(80)
    expect(retryBackoff(1, backoff, 0.999_999)).toBe(119)
    expect(retryBackoff(9, backoff, 0.999_999)).toBe(1_000)
    expect(retryBackoff(9, backoff, 0)).toBe(800)
  })

  it('is the maximum when that is below the first wait', () => {
    expect(retryBackoff(1, { initial: 100, maximum: 40 }, 0.5)).toBe(40)
  })
})

describe('the wait of kafkajs', () => {
  const retry = { initialRetryTime: 300, maxRetryTime: 30_000, factor: 0.2, multiplier: 2 }

  it('grows from the wait before, as it was drawn', () => {
    expect(kafkaJsRetryTime(undefined, retry, 0.5)).toBe(300)
    expect(kafkaJsRetryTime(undefined, retry, 0)).toBe(240)
    expect(kafkaJsRetryTime(240, retry, 0)).toBe(384)
    expect(kafkaJsRetryTime(29_000, retry, 0.5)).toBe(30_000)
  })
})
