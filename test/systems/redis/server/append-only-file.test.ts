import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../../../src/simulation/duration.ts'
import { linkProfiles } from '../../../../src/simulation/link-profile.ts'
import type { Process } from '../../../../src/simulation/process.ts'
import { World } from '../../../../src/simulation/world.ts'
import { redisFacts } from '../../../../src/systems/redis/facts.ts'
import { AppendOnlyFile, fileName } from '../../../../src/systems/redis/server/append-only-file.ts'
import type { FileRecord } from '../../../../src/systems/redis/server/append-only-file.ts'

const command = { commands: [{ type: 'PING' }] } as const satisfies FileRecord

/** A host with a file, and a program that does something at some times. */
function fileOn(policy: 'always' | 'everysec' | 'no', fsyncLatency: number) {
  const synced: number[] = []
  const answeredAt: number[] = []
  let file: AppendOnlyFile | undefined
  let running: Process | undefined
  const world = new World({
    seed: 'file',
    linkProfileOf: () => linkProfiles.loopback,
    faults: [],
    faultKinds: [],
    settling: { healAfter: second, heal: 'all', bound: 60 * second },
    factKinds: redisFacts,
    observeNetwork: false,
    keepHistory: true,
    strikesBefore: new Map(),
  })
  const node = world.addNode({
    name: 'redis-1',
    disk: { fsyncLatency, writeBack: 30 * second, capacity: Infinity },
    start: (process) => {
      running = process
      file = new AppendOnlyFile(process, policy, { synced: (offset) => synced.push(offset), unwritable: () => {} })
    },
  })
  world.addParticipant({
    name: 'test',
    busyWith: () => (world.engine.now < 20 * second ? 'time' : undefined),
    waitingFor: () => undefined,
    patience: 60 * second,
  })
  const write = (at: number, offset: number): unknown =>
    world.engine.schedule(
      at,
      {
        number: node.number,
        occur: () =>
          running?.step(() => {
            file?.append(command, 10, offset)
            file?.flush(() => answeredAt.push(world.engine.now))
          }),
      },
      0,
      undefined,
    )
  const lengths = new Map<number, number>()
  const look = (at: number): unknown =>
    world.engine.schedule(
      at,
      { number: node.number, occur: () => void lengths.set(at, node.disk.log(fileName).length) },
      0,
      undefined,
    )
  const run = (): void => {
    world.begin()
    world.advance()
  }
  return { write, look, run, synced, answeredAt, lengths, world }
}

describe('the append-only file', () => {
  it('with always lets an answer leave when the disk has the write', () => {
    const { write, run, answeredAt, synced } = fileOn('always', 5 * millisecond)
    write(second, 10)
    run()
    expect(answeredAt).toEqual([second + 5 * millisecond])
    expect(synced).toEqual([10])
  })

  it('with everysec lets it leave at once, and forces the file in the background once a second', () => {
    const { write, run, answeredAt, synced, world } = fileOn('everysec', millisecond)
    for (const place of [0, 1, 2, 3]) write(second + place * 300 * millisecond, 10 * (place + 1))
    run()
    expect(answeredAt).toEqual([0, 1, 2, 3].map((place) => second + place * 300 * millisecond))
    expect(synced).toEqual([10, 40])
    expect(world.node('redis-1').disk.work.syncs).toBe(2)
  })

  it('with no never forces it', () => {
    const { write, run, synced } = fileOn('no', millisecond)
    write(second, 10)
    run()
    expect(synced).toEqual([])
  })

  it('with everysec puts writing off while an fsync is running, for two seconds at most', () => {
    const { write, look, run, answeredAt, lengths } = fileOn('everysec', 6 * second)
    write(second, 10)
    for (const at of [2, 2.5, 3, 3.9, 4.5]) write(at * second, 100 * at)
    look(3.95 * second)
    look(4.3 * second)
    run()
    expect(answeredAt).toHaveLength(6)
    expect([lengths.get(3.95 * second), lengths.get(4.3 * second)]).toEqual([1, 5])
  })
})
