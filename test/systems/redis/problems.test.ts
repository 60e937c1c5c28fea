import { describe, expect, it } from 'vitest'
import { redis } from '../../../src/systems/redis/redis.ts'
import { settingsFrom } from '../bench.ts'
import type { Written } from '../bench.ts'

const problems = (
  system: Written,
  use: { readonly role?: 'producer' | 'consumer'; readonly address?: string; readonly options?: Written } = {},
  version = '8.8',
) => {
  const { role = 'consumer', address = 'orders', options = {} } = use
  const table = role === 'producer' ? redis.producerOptions : redis.consumerOptions
  const settings = settingsFrom(table, options)
  const whole = settingsFrom(redis.options, { streams: { orders: {} }, ...system })
  return redis
    .problems(whole, [{ service: 'billing', members: 1, role, address, group: '', settings }], version)
    .map(({ message }) => message)
}

describe('a configuration of Redis is refused', () => {
  it('whose option is younger than its version', () => {
    const options = { idempotency: 'IDMP' }
    expect(problems({}, { role: 'producer', options }, '8.4')).toEqual(['Redis 8.4 does not know it: it came with 8.6'])
    expect(problems({}, { role: 'producer', options })).toEqual([])
    expect(problems({ 'stream-idmp-maxsize': 1000 }, {}, '8.4')).toEqual([
      'Redis 8.4 does not know it: it came with 8.6',
    ])
  })

  it('whose option belongs to another kind of place, or to another option', () => {
    expect(problems({}, { options: { take: 'BLMOVE' } })).toEqual(['take means nothing for a stream'])
    expect(problems({}, { options: { 'claim-interval': 1000 } })).toEqual([
      'claim-interval means nothing without min-idle-time',
    ])
  })

  it('whose option is for members of a group, or for what is pending', () => {
    const options = { read: 'XREAD', 'max-deliveries': 3, 'dead-letter': 'dead', nack: 'FAIL', 'check-owner': true }
    expect(problems({}, { options })).toEqual(
      ['check-owner', 'max-deliveries', 'dead-letter', 'nack'].map(
        (option) => `${option} means nothing without read: XREADGROUP`,
      ),
    )
    expect(problems({}, { options: { noack: true, 'keep-claimed': 1000 } })).toEqual([
      'keep-claimed means nothing without noack: false',
    ])
  })

  it('that takes from, or puts into, what is no such place or the very same', () => {
    const system = { lists: { jobs: {}, low: {} } }
    const giveUp = (target: string) => ({ options: { 'max-deliveries': 3, 'dead-letter': target } })
    expect(problems(system, giveUp('jobs'))).toEqual(['jobs is a list'])
    expect(problems(system, giveUp('orders'))).toEqual(['orders is what it takes them from'])
    expect(problems(system, giveUp('anything'))).toEqual([])
    const take = (options: Written) => problems(system, { address: 'jobs', options })
    expect(take({ take: 'BLMOVE', processing: 'jobs' })).toEqual(['jobs is what it takes them from'])
    expect(take({ take: 'BLMOVE', processing: 'orders' })).toEqual(['orders is a stream'])
    expect(take({ 'and-then': ['low'] })).toEqual([])
    expect(take({ 'and-then': ['lower'] })).toEqual(['there is no list lower'])
    expect(take({ take: 'BLMOVE', 'and-then': ['low'] })).toEqual(['and-then means nothing without take: BRPOP'])
  })

  it('whose option belongs to another client', () => {
    expect(problems({}, { options: { client: 'lettuce', maxRetriesPerRequest: 3 } })).toEqual([
      'maxRetriesPerRequest means nothing without client: ioredis',
    ])
    expect(problems({}, { role: 'producer', options: { pid: 'process' } })).toEqual([
      'pid means nothing without idempotency: IDMP',
    ])
  })

  it('whose Sentinels can never agree, or have nobody to choose', () => {
    expect(problems({ replicas: 1, sentinels: 1 })).toEqual(['a quorum of 2 is never reached by 1 Sentinels'])
    expect(problems({ sentinels: 3 })).toEqual(['there is no replica that could become the master'])
  })

  it('in which nothing could ever be written', () => {
    expect(problems({ 'min-replicas-to-write': 1 })).toEqual([
      'there are never 1 replicas, so that nothing could be written',
    ])
  })

  it('that waits for a file which is not written', () => {
    const options = { 'waitaof.numlocal': 1 }
    expect(problems({}, { role: 'producer', options })).toEqual(['the server writes no append-only file'])
    expect(problems({ appendonly: true }, { role: 'producer', options })).toEqual([])
  })

  it('that says twice what a name is, or writes a limit as nobody does', () => {
    expect(problems({ lists: { orders: {} } })).toEqual([
      'orders is declared twice: an address is a stream, a list or a channel',
    ])
    expect(problems({ save: 'daily' })).toEqual(['daily is no list of pairs of seconds and writes'])
    expect(problems({ 'client-output-buffer-limit': { pubsub: 'some', replica: '0 0 0' } })).toHaveLength(1)
  })
})
