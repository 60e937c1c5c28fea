import { describe, expect, it } from 'vitest'
import { billed, factsOf, runOf } from './scenario-runs.ts'

const polling = { retrievalMode: 'POLLING' }
const shard = 'events/orders/shardId-000000000000'
const checkpoints = (result: ReturnType<typeof runOf>): readonly unknown[] =>
  factsOf(result, 'checkpointed').map(({ checkpoint }) => checkpoint)

describe('Checkpoints', () => {
  it('come at the end of each batch, with each record, or before the batch', () => {
    const after = runOf({ consumer: polling })
    expect(checkpoints(after).at(-1)).toBe('20')
    expect(checkpoints(after).length).toBeLessThan(5)
    const each = runOf({ consumer: { ...polling, checkpoint: 'each-record' } })
    expect(checkpoints(each)).toEqual(Array.from({ length: 20 }, (_, place) => String(place + 1)))
    const before = runOf({ consumer: { ...polling, checkpoint: 'before-batch' } })
    const [first] = factsOf(before, 'checkpointed')
    const [handed] = factsOf(before, 'delivered')
    expect(first?.at).toBeLessThan(Number(handed?.at))
  })

  it('come no more often than their interval', () => {
    const result = runOf({
      sends: { messages: 100 },
      consumer: { ...polling, checkpoint: 'interval', 'checkpoint-interval': '4s' },
    })
    const times = factsOf(result, 'checkpointed').map(({ at }) => at)
    expect(times.length).toBeGreaterThan(1)
    for (const [place, time] of times.slice(1).entries()) expect(time - (times[place] ?? 0)).toBeGreaterThan(3_900_000)
  })

  it('are never made for an application that acknowledges nothing', () => {
    expect(checkpoints(runOf({ handling: { acknowledge: 'never' } }))).toEqual([])
  })

  it('come once more when a worker is told to stop, and its leases are free then', () => {
    const result = runOf({
      sends: { messages: 40 },
      consumer: { ...polling, checkpoint: 'interval', 'checkpoint-interval': '1h' },
      members: 2,
      faults: [{ at: '3s', restart: `owner(${shard})`, for: '1min' }],
    })
    expect(factsOf(result, 'lease-taken').at(-1)).toMatchObject({ from: 'nobody', reason: 'nobody had it' })
    expect(factsOf(result, 'delivered')).toHaveLength(40)
  })
})

describe('A worker', () => {
  it('begins at the latest, at the trim horizon or at a time', () => {
    const first = (consumer: object): string | undefined => billed(runOf({ consumer }))[0]
    expect(first({ initialPositionInStream: 'TRIM_HORIZON' })).toBe('order-0')
    expect(first({ initialPositionInStream: 'AT_TIMESTAMP', initialTimestamp: '0s' })).toBe('order-0')
    const late = runOf({
      consumer: { initialPositionInStream: 'AT_TIMESTAMP', initialTimestamp: '500ms' },
      faults: [{ at: '1ms', pause: 'billing', for: '3s' }],
    })
    expect(billed(late)[0]).toBe('order-10')
  })

  it('takes a lease over after two of its looks, and goes on behind the checkpoint', () => {
    const result = runOf({
      sends: { messages: 60 },
      consumer: polling,
      members: 2,
      faults: [{ at: '2s', crash: `owner(${shard})`, for: '2min' }],
    })
    const taken = factsOf(result, 'lease-taken').at(-1)
    expect(taken).toMatchObject({ reason: 'it was not renewed in time' })
    expect(taken?.at).toBeGreaterThan(30_000_000)
    expect(taken?.at).toBeLessThan(45_000_000)
    expect(billed(result)).toHaveLength(60)
  })

  it('steals one lease at a time until it has its share', () => {
    const result = runOf({ stream: { ShardCount: 4 }, sends: { messages: 2, rate: '0.02/s' }, members: 2 })
    const stolen = factsOf(result, 'lease-taken').filter(({ reason }) => reason === 'it has more than its share')
    expect(stolen).toHaveLength(2)
    expect(new Set(stolen.map(({ at }) => at)).size).toBe(2)
  })

  it('that was frozen finishes its batch, and its checkpoint is refused', () => {
    const result = runOf({
      consumer: polling,
      handling: { takes: '5ms' },
      members: 2,
      faults: [{ when: { fact: 'delivered', message: 'order-5' }, pause: 'handler(order-5)', for: '1min' }],
    })
    expect(factsOf(result, 'checkpoint-refused')).not.toEqual([])
    expect(factsOf(result, 'effect-applied').length).toBeGreaterThan(20)
  })

  it('that has a lease again which it had lost writes nothing for what it read under the old one', () => {
    const result = runOf({
      seed: '0',
      stream: { ShardCount: 2 },
      sends: { messages: 60, rate: '6/s', keys: 6 },
      producer: { api: 'KPL', RecordTtl: '500ms' },
      consumer: {
        'on-exception': 'retry',
        failoverTimeMillis: 1000,
        retrievalMode: 'FANOUT',
        checkpoint: 'interval',
        'checkpoint-interval': '0ms',
      },
      handling: { takes: '20ms', fails: { messages: ['order-9', 'order-40'], attempts: 1 } },
      members: 2,
      faults: [{ at: '6080ms', pause: `owner(${shard})`, for: '7564ms' }],
    })
    const [again] = factsOf(result, 'lease-taken').filter(({ at }) => at > 13_644_000)
    expect(again).toMatchObject({ reason: 'it has more than its share' })
    expect(factsOf(result, 'checkpoint-refused').at(-1)?.at).toBeGreaterThan(Number(again?.at))
    const written = factsOf(result, 'checkpointed')
      .filter(({ partition }) => partition === shard)
      .map(({ checkpoint }) => Number(checkpoint))
    expect(written).not.toEqual([])
    expect(written).toEqual(written.toSorted((a, b) => a - b))
  })

  it('tells the end of a shard again when it could not be told, since nobody reads on before that', () => {
    const result = runOf({
      seed: '7690',
      stream: {
        ShardCount: 2,
        reshard: {
          split: { at: '4407ms', split: 'shardId-000000000000' },
          merge: { at: '8001ms', merge: ['shardId-000000000001', 'shardId-000000000003'] },
        },
      },
      sends: { messages: 60, rate: '6/s', keys: 6 },
      producer: { api: 'KPL', RecordTtl: '500ms' },
      consumer: {
        ...polling,
        'on-exception': 'retry',
        failoverTimeMillis: 3000,
        maxRecords: 1,
        idleTimeBetweenReadsInMillis: 200,
        checkpoint: 'interval',
        'checkpoint-interval': '1001ms',
      },
      handling: { takes: '20ms' },
      members: 2,
      faults: [{ at: '4230ms', crash: 'events-dynamodb', for: '1823ms' }],
    })
    expect(factsOf(result, 'checkpoint-refused').map(({ checkpoint }) => checkpoint)).toContain('SHARD_END')
    expect(billed(result)).toHaveLength(60)
  })

  it('skips a batch whose handler throws, or tries it again in its place', () => {
    const fails = { messages: 'order-3', attempts: 1 }
    const skipping = runOf({ consumer: polling, handling: { fails } })
    const skipped = factsOf(skipping, 'record-skipped').map(({ message }) => message)
    expect(skipped[0]).toBe('order-3')
    expect(billed(skipping)).toHaveLength(20 - skipped.length)
    const retrying = runOf({ consumer: { ...polling, 'on-exception': 'retry' }, handling: { fails } })
    expect(billed(retrying)).toEqual(Array.from({ length: 20 }, (_, place) => `order-${place}`))
  })

  it('gives a record up after so many tries, and goes on', () => {
    const result = runOf({
      consumer: { 'on-exception': 'retry', 'retry-attempts': 3, 'retry-backoff': '100ms' },
      handling: { fails: { messages: 'order-3' } },
    })
    expect(factsOf(result, 'handling-failed')).toHaveLength(3)
    expect(billed(result)).toHaveLength(19)
  })

  it('that is stopped in order before it has read anything leaves its leases as they were', () => {
    const result = runOf({
      sends: { after: '10s' },
      consumer: { initialPositionInStream: 'LATEST' },
      faults: [{ at: '8s', deploy: 'billing', grace: '2s', for: '4s' }],
    })
    expect(factsOf(result, 'reading-began').map(({ reason }) => reason)).toEqual([
      'no checkpoint, LATEST',
      'no checkpoint, LATEST',
    ])
    expect(billed(result).length).toBeLessThan(20)
  })

  it('that cannot reach the lease table lets go of its leases by itself', () => {
    const result = runOf({
      members: 2,
      sends: { messages: 60 },
      faults: [{ at: '1s', partition: [['billing-1', 'billing-2'], ['events-dynamodb']], for: '30s' }],
    })
    expect(factsOf(result, 'lease-lost')[0]).toMatchObject({ reason: 'it could not be renewed in time' })
    expect(billed(result)).toHaveLength(60)
  })
})

describe('Shards that follow others', () => {
  const split = { reshard: { double: { at: '300ms', split: 'shardId-000000000000' } } }

  it('are read when their parent is done with', () => {
    const result = runOf({ stream: split, consumer: polling })
    const began = factsOf(result, 'reading-began').map(({ partition }) => String(partition).slice(-1))
    expect([began[0], ...began.slice(1).toSorted()]).toEqual(['0', '1', '2'])
    expect(checkpoints(result)).toContain('SHARD_END')
    expect(billed(result)).toHaveLength(20)
  })

  it('wait for ever where nobody checkpoints the end of their parent', () => {
    const result = runOf({ stream: split, consumer: { 'checkpoint-at-shard-end': false } })
    expect(factsOf(result, 'shard-end-refused')).toHaveLength(1)
    expect(factsOf(result, 'shard-blocked')).not.toEqual([])
    expect(billed(result).length).toBeLessThan(20)
  })
})

describe('Enhanced fan-out', () => {
  it('pushes within milliseconds what polling finds in its rhythm', () => {
    const latest = (consumer: object): number => {
      const result = runOf({ consumer, sends: { after: '2s' } })
      const puts = new Map(factsOf(result, 'record-put').map(({ message, at }) => [message, at]))
      return Math.max(...factsOf(result, 'delivered').map(({ message, at }) => at - (puts.get(message) ?? 0)))
    }
    expect(latest({ retrievalMode: 'FANOUT' })).toBeLessThan(20_000)
    expect(latest(polling)).toBeGreaterThan(500_000)
  })

  it('subscribes again when five minutes are over', () => {
    const result = runOf({ sends: { messages: 2, rate: '0.003/s' } })
    expect(billed(result)).toEqual(['order-0', 'order-1'])
  })
})

describe('Reads of one shard', () => {
  it('are five in a second for all who poll', () => {
    const result = runOf({
      sends: { messages: 100, rate: '50/s' },
      consumer: { ...polling, idleTimeBetweenReadsInMillis: 200 },
    })
    expect(factsOf(result, 'read-throttled')).toEqual([])
    expect(billed(result)).toHaveLength(100)
  })
})
