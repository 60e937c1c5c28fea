import { describe, expect, it } from 'vitest'
import { millisecond } from '../../../../src/simulation/duration.ts'
import { Random } from '../../../../src/simulation/random.ts'
import { clientPolicyOf } from '../../../../src/systems/redis/client/client-policy.ts'
import type { ConnectionValues } from '../../../../src/systems/redis/options/client-table.ts'

const values: ConnectionValues = {
  client: 'ioredis',
  autoResendUnfulfilledCommands: true,
  enableOfflineQueue: true,
  maxRetriesPerRequest: 20,
  connectTimeout: null,
  commandTimeout: null,
  retries: 3,
}

const delays = (client: ConnectionValues['client'], attempts: readonly number[]): readonly number[] => {
  const policy = clientPolicyOf({ ...values, client })
  const random = new Random('policy')
  return attempts.map((attempt) => policy.delay(attempt, random) / millisecond)
}

describe('clients after a lost connection', () => {
  it('ioredis writes again what was not answered, unless it is told not to', () => {
    expect(clientPolicyOf(values)).toMatchObject({ afterLoss: 'write-again', attempts: 21 })
    expect(clientPolicyOf({ ...values, autoResendUnfulfilledCommands: false }).afterLoss).toBe('fail')
  })

  it('node-redis takes it as failed, whatever ioredis is told', () => {
    expect(clientPolicyOf({ ...values, client: 'node-redis' })).toMatchObject({ afterLoss: 'fail', attempts: Infinity })
  })

  it('redis-py has one command at a time, and tries it three times again', () => {
    expect(clientPolicyOf({ ...values, client: 'redis-py' })).toMatchObject({
      isSerial: true,
      retries: 3,
      readsAhead: false,
    })
  })

  it('each waits in its own way before it connects again', () => {
    expect(delays('ioredis', [1, 2, 100])).toEqual([50, 100, 2000])
    expect(delays('lettuce', [1, 4, 30])).toEqual([2, 16, 30_000])
    for (const delay of delays('node-redis', [9, 9, 9])) expect(delay).toBeGreaterThanOrEqual(2000)
    for (const delay of delays('redis-py', [1, 5, 9])) expect(delay).toBeLessThanOrEqual(10_001)
  })
})
