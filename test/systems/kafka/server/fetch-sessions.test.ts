import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../../src/pipeline/catalogue.ts'
import { run } from '../../../../src/run.ts'
import { parseScenario } from '../../../../src/scenario/parse-scenario.ts'
import { problemText } from '../../../../src/scenario/problem.ts'
import { second } from '../../../../src/simulation/duration.ts'
import { ReplicationWatch } from './invariants.ts'
import { ServerBench } from './server-bench.ts'

const topics = { orders: { partitions: 1, 'replication.factor': 3, 'min.insync.replicas': 2 } }

describe('a follower whose fetch was lost', () => {
  it('is told again what is committed, by a leader that it could not reach', () => {
    const bench = new ServerBench({ topics }).runUntil(2 * second)
    expect(bench.produce(0)).toMatchObject({ error: 'NONE' })
    // Before its followers can have heard that the record is committed.
    const leader = `events-${bench.leader(0)}`
    const heal = bench.cut(
      [leader],
      ['events-1', 'events-2', 'events-3'].filter((name) => name !== leader),
    )
    bench.runFor(60 * second)
    heal()
    bench.runFor(75 * second)
    expect(new ReplicationWatch(bench.cluster).unaware()).toEqual([])
  })

  it('is told again in its present session, even if a fetch of an earlier one arrives late', () => {
    const document = {
      title: 'A consumer that reads nearby, and a follower that is away for a minute',
      // With this seed a request that was sent into the cut arrives after those of the next session.
      seed: 'kafka-replica-nearby/740',
      systems: {
        events: {
          kafka: {
            brokers: 3,
            zones: ['a', 'b', 'c'],
            topics: { orders: { partitions: 1, 'replication.factor': 3, 'min.insync.replicas': 2 } },
            'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
          },
        },
      },
      services: {
        shop: { sends: { to: 'events/orders', messages: 3, rate: '10/s', keys: 3, after: '8s' } },
        billing: {
          receives: {
            from: 'events/orders',
            consumer: { client: 'java', 'auto.offset.reset': 'earliest', 'client.rack': 'b' },
          },
          handling: { effect: 'billed' },
        },
      },
      faults: [
        {
          when: { fact: 'appended', message: 'order-1' },
          cut: 'after-step',
          partition: [
            ['events-1', 'events-controller-1'],
            ['events-2', 'events-3'],
          ],
          for: '1min',
        },
      ],
    }
    const parsed = parseScenario(JSON.stringify(document), catalogue)
    if (!parsed.ok) throw new Error(parsed.problems.map(problemText).join('\n'))
    expect(run(parsed.scenario).ending).toBe('settled')
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
