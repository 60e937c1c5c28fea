import { describe, expect, it } from 'vitest'
import { factsOf, runOf } from './scenario-runs.ts'

const service = 'events-kinesis'
const outcomes = (result: ReturnType<typeof runOf>): readonly string[] =>
  factsOf(result, 'answered').map(({ outcome, reason }) => `${String(outcome)} ${String(reason)}`.trim())

describe('A put', () => {
  it('is tried as often as the SDK is told, and then nobody knows or it is known not to have happened', () => {
    const down = runOf({ producer: { max_attempts: 2 }, faults: [{ at: '0ms', crash: service, for: '1min' }] })
    expect(outcomes(down)[0]).toBe('rejected connection refused')
    const mute = runOf({
      sends: { messages: 1 },
      producer: { max_attempts: 1, readTimeout: '2s' },
      faults: [{ when: { fact: 'record-put', message: 'order-0' }, cut: 'after-state', pause: service, for: '5s' }],
    })
    expect(outcomes(mute)).toEqual(['unknown no answer'])
    expect(factsOf(mute, 'record-put')).toHaveLength(1)
  })

  it('is a record for each attempt that the service hears', () => {
    const result = runOf({
      sends: { messages: 1 },
      producer: { max_attempts: 3, readTimeout: '1s' },
      faults: [{ when: { fact: 'record-put', message: 'order-0' }, cut: 'after-state', pause: service, for: '1500ms' }],
    })
    expect(factsOf(result, 'record-put').length).toBeGreaterThan(1)
    expect(outcomes(result)).toEqual(['confirmed'])
  })

  it('is refused by a shard that is full, and by no other', () => {
    const keys = (count: number): ReturnType<typeof runOf> =>
      runOf({
        stream: { ShardCount: 4 },
        sends: { messages: 40, rate: '40/s', size: '100 KiB', keys: count },
        producer: { max_attempts: 1 },
      })
    expect(outcomes(keys(1)).filter((outcome) => outcome.startsWith('rejected Provisioned')).length).toBeGreaterThan(10)
    expect(outcomes(keys(40)).filter((outcome) => outcome !== 'confirmed')).toEqual([])
  })
})

describe('A record above 1 MiB', () => {
  it.each(['PutRecord', 'PutRecords', 'KPL'])('is refused at once, put by %s', (api) => {
    const result = runOf({ sends: { messages: 2, size: '2 MiB' }, producer: { api } })
    expect(outcomes(result)).toEqual(['rejected ValidationException', 'rejected ValidationException'])
    expect(factsOf(result, 'put-throttled')).toEqual([])
  })
})

describe('A request with many records', () => {
  const full = { sends: { messages: 40, rate: '200/s', size: '100 KiB' } }

  it('brings in what fits; a producer that looks sends the rest again', () => {
    const result = runOf({ ...full, producer: { api: 'PutRecords' } })
    expect(factsOf(result, 'put-throttled')).not.toEqual([])
    expect(outcomes(result)).toEqual(Array.from({ length: 40 }, () => 'confirmed'))
    expect(factsOf(result, 'record-put')).toHaveLength(40)
  })

  it('is taken for a success by one that does not look', () => {
    const result = runOf({ ...full, producer: { api: 'PutRecords', 'failed-entries': 'ignore' } })
    const assumed = outcomes(result).filter((outcome) => outcome.startsWith('assumed'))
    expect(assumed.length).toBeGreaterThan(0)
    expect(factsOf(result, 'record-put')).toHaveLength(40 - assumed.length)
  })

  it('is sent again by the producer library until the time to live of its records is over', () => {
    const result = runOf({ ...full, producer: { api: 'KPL', RecordTtl: '1s' } })
    const expired = outcomes(result).filter((outcome) => outcome === 'rejected its RecordTtl is over')
    expect(expired.length).toBeGreaterThan(0)
    expect(factsOf(result, 'record-put')).toHaveLength(40 - expired.length)
  })

  it('has as many records as it may have, and waits no longer than it lingers', () => {
    const result = runOf({ producer: { api: 'PutRecords', linger: '200ms', entries: 3 } })
    const times = new Map<number, number>()
    for (const { at } of factsOf(result, 'record-put')) times.set(at, (times.get(at) ?? 0) + 1)
    expect([...times.values()].every((count) => count <= 3)).toBe(true)
    expect([...times.values()].some((count) => count === 3)).toBe(true)
  })
})

describe('The producer library', () => {
  const kpl = { api: 'KPL', RecordTtl: '20s', readTimeout: '1s', max_attempts: 1 }
  const cut = (duration: string) => [{ at: '300ms', partition: [['shop'], [service]], for: duration }]

  it('puts the records of a request that failed into the next ones', () => {
    const result = runOf({ producer: kpl, faults: cut('5s') })
    expect(outcomes(result)).toEqual(Array.from({ length: 20 }, () => 'confirmed'))
  })

  it('gives them up when their time is over, and says what it knows', () => {
    const result = runOf({ producer: { ...kpl, RecordTtl: '3s' }, faults: cut('30s') })
    const given = outcomes(result).filter((outcome) => outcome.endsWith('its RecordTtl is over'))
    expect(given.length).toBeGreaterThan(5)
    expect(new Set(given.map((outcome) => outcome.split(' ')[0]))).toContain('unknown')
    expect(outcomes(result).every((outcome) => outcome === 'confirmed' || given.includes(outcome))).toBe(true)
  })
})
