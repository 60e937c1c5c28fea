import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hour, minute, second } from '../../../../src/simulation/duration.ts'
import type { Shard } from '../../../../src/systems/kinesis/core/shard.ts'
import { shardId, Stream } from '../../../../src/systems/kinesis/core/stream.ts'
import { SlowStream } from './slow-stream.ts'

const plan = { name: 'orders', shards: 1, retention: 24 * hour, distribution: 'USER_PARTITION_KEY' } as const

type Command =
  | { readonly put: number }
  | { readonly read: number; readonly after: number; readonly limit: number }
  | { readonly split: number }
  | { readonly merge: readonly [number, number] }
  | { readonly pause: number }

const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof<fc.WeightedArbitrary<Command>[]>(
    { weight: 6, arbitrary: fc.record({ put: fc.integer({ min: 0, max: 30 }) }) },
    { weight: 3, arbitrary: fc.record({ read: fc.nat(7), after: fc.nat(60), limit: fc.integer({ min: 1, max: 9 }) }) },
    { weight: 1, arbitrary: fc.record({ split: fc.nat(7) }) },
    { weight: 1, arbitrary: fc.record({ merge: fc.tuple(fc.nat(7), fc.nat(7)) }) },
    { weight: 1, arbitrary: fc.record({ pause: fc.integer({ min: 1, max: 20 }) }) },
  ),
  { maxLength: 80 },
)

/** What a command does to both. */
function play(command: Command, fast: Stream<string>, slow: SlowStream, now: number): readonly [unknown, unknown] {
  if ('put' in command) {
    const key = `key-${command.put}`
    const shard = fast.shardFor(key)
    const { sequence } = fast.append(shard, `record at ${now}`, 100, now)
    return [{ shard: shard.id, sequence }, slow.put(key, `record at ${now}`, now)]
  }
  if ('read' in command) {
    const id = shardId(command.read)
    const records = fast.shard(id)?.read(command.after, command.limit).records ?? []
    return [records.map(({ content }) => content), slow.read(id, command.after, command.limit)]
  }
  if ('split' in command) {
    const shard = shardId(command.split)
    return [fast.reshard({ type: 'split', shard }).length > 0, slow.split(shard)]
  }
  if ('merge' in command) {
    const [one, other] = [shardId(command.merge[0]), shardId(command.merge[1])]
    if (one === other) return [false, false]
    return [fast.reshard({ type: 'merge', shards: [one, other] }).length > 0, slow.merge(one, other)]
  }
  fast.trim(now)
  slow.trim(now)
  return [undefined, undefined]
}

describe('A stream', () => {
  it('does what a slow and plain one does, command by command', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), commands, (shards, list) => {
        const fast = new Stream<string>({ ...plan, shards, retention: minute })
        const slow = new SlowStream(shards, minute)
        let now = 0
        for (const command of list) {
          now += 'pause' in command ? command.pause * 10 * second : second
          const [did, ought] = play(command, fast, slow, now)
          expect(did).toEqual(ought)
          expect([...fast.shards].map(describeShard)).toEqual(slow.shards.map((shard) => ({ ...shard })))
        }
      }),
    )
  })

  it('begins behind what was trimmed, behind everything, at a time, or behind a record', () => {
    const stream = new Stream<string>({ ...plan, retention: minute })
    const [shard] = stream.openShards
    if (shard === undefined) throw new Error('There is one.')
    for (const at of [0, 30, 60, 90]) stream.append(shard, `at ${at}`, 100, at * second)
    stream.trim(70 * second)
    const from = (position: Parameters<typeof stream.begin>[1]): readonly string[] =>
      shard.read(stream.begin(shard, position), 10).records.map(({ content }) => content)
    expect(from({ type: 'TRIM_HORIZON' })).toEqual(['at 30', 'at 60', 'at 90'])
    expect(from({ type: 'LATEST' })).toEqual([])
    expect(from({ type: 'AT_TIMESTAMP', time: 31 * second })).toEqual(['at 60', 'at 90'])
    expect(from({ type: 'AFTER_SEQUENCE_NUMBER', sequence: 3 })).toEqual(['at 90'])
    expect(from({ type: 'AFTER_SEQUENCE_NUMBER', sequence: 0 })).toEqual(['at 30', 'at 60', 'at 90'])
  })

  it('ends a closed shard only behind its last record, and an open one never', () => {
    const stream = new Stream<string>(plan)
    const [shard] = stream.openShards
    if (shard === undefined) throw new Error('There is one.')
    stream.append(shard, 'first', 100, 0)
    stream.append(shard, 'second', 100, 0)
    expect(shard.read(2, 10)).toEqual({ records: [], atEnd: false })
    stream.reshard({ type: 'split', shard: shard.id })
    expect(shard.read(0, 1).atEnd).toBe(false)
    expect(shard.read(1, 1).atEnd).toBe(true)
  })

  it('spreads records over all shards where it ignores keys', () => {
    const stream = new Stream<string>({ ...plan, shards: 4, distribution: 'AUTO' })
    const shards = Array.from({ length: 8 }, () => stream.shardFor('the same key').id)
    expect(new Set(shards).size).toBe(4)
  })
})

describe('A shard', () => {
  it('takes 1,000 records or 1 MiB in a second, and says which of them it was', () => {
    const [small] = new Stream<string>(plan).openShards
    const [large] = new Stream<string>(plan).openShards
    const puts = (shard: Shard<string> | undefined, bytes: number, count: number) =>
      Array.from({ length: count }, () => shard?.admit(bytes, 0))
    expect(puts(small, 10, 1001).indexOf('records')).toBe(1000)
    expect(puts(large, 100 * 1024, 11).indexOf('bytes')).toBe(10)
  })

  it('gives five reads a second, and none for five seconds after 10 MiB', () => {
    const stream = new Stream<string>(plan)
    const [shard] = stream.openShards
    if (shard === undefined) throw new Error('There is one.')
    for (let count = 0; count < 12; count++) stream.append(shard, 'record', 1024 * 1024, 0)
    expect(Array.from({ length: 6 }, () => shard.admitRead(0)).indexOf('calls')).toBe(5)
    expect(shard.readShared(0, 10_000, second).records).toHaveLength(10)
    expect(shard.admitRead(4 * second)).toBe('bytes')
    expect(shard.admitRead(6 * second)).toBeUndefined()
  })
})

function describeShard({ id, range, parents, isOpen }: Shard<string>) {
  return { id, ...range, parents, isOpen }
}
