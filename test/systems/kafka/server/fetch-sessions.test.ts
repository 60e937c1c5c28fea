import { describe, expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import { ReplicationWatch } from './invariants.ts'
import { ServerBench } from './server-bench.ts'

const topics = { orders: { partitions: 1, 'replication.factor': 3, 'min.insync.replicas': 2 } }

/** A record that is acknowledged, and a cut before its followers can have heard that it is committed. */
function cutBehindARecord(between: (leader: number) => readonly [readonly string[], readonly string[]]): ServerBench {
  const bench = new ServerBench({ topics }).runUntil(2 * second)
  expect(bench.produce(0)).toMatchObject({ error: 'NONE' })
  const heal = bench.cut(...between(bench.leader(0)))
  bench.runFor(60 * second)
  heal()
  return bench.runFor(75 * second)
}

const brokers = [1, 2, 3].map((id) => `events-${id}`)

describe('a follower whose fetch was lost', () => {
  it('is told again what is committed, by a leader that it could not reach', () => {
    const bench = cutBehindARecord((leader) => [
      [`events-${leader}`],
      brokers.filter((name) => name !== `events-${leader}`),
    ])
    expect(new ReplicationWatch(bench.cluster).unaware()).toEqual([])
  })

  it('is told again in its present session, even if a fetch of an earlier one arrives late', () => {
    const bench = cutBehindARecord((leader) => [
      [`events-${leader}`, 'events-controller-1'],
      brokers.filter((name) => name !== `events-${leader}`),
    ])
    expect(new ReplicationWatch(bench.cluster).unaware()).toEqual([])
  })
})

describe('a broker that lost its power', () => {
  it('leads nothing, and follows nobody, before it is registered anew', () => {
    const bench = new ServerBench({ topics }).runUntil(2 * second)
    expect(bench.produce(0)).toMatchObject({ error: 'NONE' })
    const leader = bench.leader(0)
    bench.node(leader).losePower(false)()
    bench.runFor(second)
    expect(bench.cluster.broker(leader)?.replicas.partition({ topic: 'orders', partition: 0 })).toBeUndefined()
    bench.runFor(20 * second)
    expect(bench.leader(0)).not.toBe(leader)
    expect(bench.isr(0)).toContain(leader)
    expect(bench.consume(bench.leader(0), 0)).toHaveLength(1)
  })
})
