import { describe, expect, it } from 'vitest'
import { kinesis } from '../../../../src/systems/kinesis/kinesis.ts'
import type { OptionPart } from '../../../../src/systems/system.ts'
import { Sender, settingsFrom, Worker, type Written } from '../../bench.ts'

function problems(options: Written, producer: Written = {}, consumer: Written = {}): readonly string[] {
  const settings = settingsFrom(kinesis.options, options)
  const uses = [
    new Sender(kinesis, { to: 'orders', messages: 1, options: producer }).use,
    new Worker(kinesis, { from: 'orders', options: consumer }).use,
  ]
  return kinesis.problems(settings, uses, 'KCL 2').map(({ path, message }) => `${path.join('.')}: ${message}`)
}

const streams = (stream: Written): Written => ({ streams: { orders: stream } })
const shard = (number: number): string => `shardId-00000000000${number}`

describe('A configuration', () => {
  it('is sound as it comes', () => {
    expect(problems(streams({}))).toEqual([])
  })

  it('spreads records by itself on demand only', () => {
    expect(problems(streams({ RecordDistributionStrategy: 'AUTO' }))[0]).toContain('AUTO is for streams on demand')
    expect(problems(streams({ RecordDistributionStrategy: 'AUTO', StreamMode: 'ON_DEMAND' }))).toEqual([])
    expect(problems(streams({ StreamMode: 'ON_DEMAND', ShardCount: 2 }))).toHaveLength(1)
  })

  it('changes shards only as it can be done at the time', () => {
    const double = { at: 1, split: shard(0) }
    const back = { at: 2, merge: [shard(1), shard(2)] }
    expect(problems(streams({ reshard: { double, back } }))).toEqual([])
    expect(problems(streams({ reshard: { back } }))[0]).toContain(`back cannot be done: open are ${shard(0)} then`)
    expect(problems(streams({ reshard: { nothing: { at: 1 } } }))[0]).toContain('neither one shard to split')
    expect(problems(streams({ StreamMode: 'ON_DEMAND', reshard: { double } }))[0]).toContain('nobody splits')
  })

  it.each([
    [{ 'failed-entries': 'ignore' }, {}, 'failed-entries means nothing without api: PutRecords'],
    [
      { api: 'KPL', SequenceNumberForOrdering: true },
      {},
      'SequenceNumberForOrdering means nothing without api: PutRecord',
    ],
    [{}, { maxRecords: 10 }, 'maxRecords means nothing without retrievalMode: POLLING'],
    [{}, { 'retry-attempts': 3 }, 'retry-attempts means nothing without on-exception: retry'],
    [{}, { initialPositionInStream: 'AT_TIMESTAMP' }, 'AT_TIMESTAMP needs a time to begin at'],
  ])('of %j and %j is refused: %s', (producer: Written, consumer: Written, message) => {
    expect(problems(streams({}), producer, consumer)).toEqual([expect.stringContaining(message)])
  })

  it.each<[OptionPart, string]>([
    ['system', 'EncryptionType'],
    ['producer', 'AggregationEnabled'],
    ['producer', 'retry_mode'],
    ['consumer', 'applicationName'],
    ['consumer', 'gracefulLeaseHandoffTimeoutMillis'],
  ])('has, for %s, no meaning for %s, and says why', (part, option) => {
    expect(kinesis.reasonWithoutMeaning?.(part, option)).toMatch(/^[A-Z].*\.$/)
  })

  it('has a meaning for every option that it lists', () => {
    const tables = { system: kinesis.options, producer: kinesis.producerOptions, consumer: kinesis.consumerOptions }
    for (const [part, table] of Object.entries(tables) as [OptionPart, object][])
      for (const name of Object.keys(table))
        expect([name, kinesis.reasonWithoutMeaning?.(part, name)]).toEqual([name, undefined])
  })
})
