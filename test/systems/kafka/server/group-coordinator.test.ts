import { describe, expect, it } from 'vitest'
import { second } from '../../../../src/simulation/duration.ts'
import { offsetsPartition } from '../../../../src/systems/kafka/core/group/committed-offsets.ts'
import type { JoinGroupResponse, RequestBody } from '../../../../src/systems/kafka/protocol.ts'
import { ServerBench } from './server-bench.ts'

const orders = { topic: 'orders', partition: 0 }

/** A bench with the coordinator of the group `billing`. */
function started(broker: Readonly<Record<string, unknown>> = {}): {
  readonly bench: ServerBench
  readonly coordinator: () => number
} {
  const bench = new ServerBench({
    broker: { 'offsets.topic.num.partitions': 3, ...broker },
    topics: { orders: { partitions: 2, 'replication.factor': 3 } },
  }).runUntil(2 * second)
  const coordinator = (): number => {
    for (let tries = 0; tries < 20; tries++) {
      const live = [1, 2, 3].find((id) => bench.node(id).up) ?? 1
      const found = bench.ask(live, { type: 'find-coordinator', group: 'billing' })
      if (found?.coordinator !== undefined && bench.node(found.coordinator.brokerId).up)
        return found.coordinator.brokerId
      bench.runFor(second)
    }
    throw new Error('There is no coordinator.')
  }
  return { bench, coordinator }
}

function joinRequest(memberId: string): Extract<RequestBody, { type: 'join-group' }> {
  const protocols = [{ name: 'range', topics: ['orders'] }]
  const timeouts = { sessionTimeout: 10 * second, rebalanceTimeout: 30 * second }
  return { type: 'join-group', group: 'billing', memberId, clientId: 'c', ...timeouts, protocols }
}

/** Joins alone and takes both partitions. */
function joinAlone(bench: ServerBench, coordinator: number): JoinGroupResponse {
  const first = bench.ask(coordinator, joinRequest(''))
  expect(first).toMatchObject({ error: 'MEMBER_ID_REQUIRED' })
  const memberId = first?.memberId ?? ''
  const joined = bench.ask(coordinator, joinRequest(memberId))
  if (joined === undefined) throw new Error('The group did not answer.')
  const assignments = new Map([[memberId, [orders, { topic: 'orders', partition: 1 }]]])
  const { generation } = joined
  const synced = bench.ask(coordinator, { type: 'sync-group', group: 'billing', memberId, generation, assignments })
  expect(synced).toMatchObject({ error: 'NONE', assignment: [orders, { topic: 'orders', partition: 1 }] })
  return joined
}

function commit(bench: ServerBench, coordinator: number, { memberId, generation }: JoinGroupResponse, offset: number) {
  const offsets = [{ ...orders, offset, leaderEpoch: -1 }]
  return bench.ask(coordinator, { type: 'offset-commit', group: 'billing', memberId, generation, offsets })?.error
}

function fetched(bench: ServerBench, coordinator: number): number | undefined {
  const answer = bench.ask(coordinator, { type: 'offset-fetch', group: 'billing', partitions: [orders] })
  return answer?.offsets[0]?.offset
}

describe('a group coordinator', () => {
  it('creates the topic of offsets when the first group asks, and nobody before', () => {
    const { bench, coordinator } = started()
    expect(bench.cluster.partitionCount('__consumer_offsets')).toBe(0)
    coordinator()
    expect(bench.cluster.partitionCount('__consumer_offsets')).toBeGreaterThan(0)
  })

  it('lives in a partition as it would be among all of them, and those in which no group lives are left out', () => {
    const { bench, coordinator } = started()
    const broker = coordinator()
    const { image } = bench.cluster.view
    const modelled = [0, 1, 2].filter((partition) => image.partition({ topic: '__consumer_offsets', partition }))
    expect(modelled).toEqual([offsetsPartition('billing', 3)])
    expect(image.partition({ topic: '__consumer_offsets', partition: modelled[0] ?? -1 })?.leader).toBe(broker)
  })

  it('lets an empty group wait for its initial delay, then gives the assignment of its leader out', () => {
    const { bench, coordinator } = started()
    const broker = coordinator()
    const before = bench.now
    const joined = joinAlone(bench, broker)
    expect(joined).toMatchObject({ error: 'NONE', generation: 1, leader: joined.memberId })
    expect(bench.now - before).toBeGreaterThan(3 * second)
    expect(bench.now - before).toBeLessThan(4 * second)
  })

  it('keeps offsets across a crash of the coordinator, and the members too', () => {
    const { bench, coordinator } = started()
    const first = coordinator()
    const member = joinAlone(bench, first)
    expect(commit(bench, first, member, 17)).toBe('NONE')
    bench.node(first).crash()
    bench.runFor(12 * second).reconnect()
    const next = coordinator()
    expect(next).not.toBe(first)
    expect(fetched(bench, next)).toBe(17)
    const { memberId, generation } = member
    expect(
      bench.ask(next, { type: 'heartbeat', group: 'billing', memberId, generation, interval: undefined }),
    ).toMatchObject({
      error: 'NONE',
    })
    expect(bench.cluster.committedOffset('billing', orders)).toBe(17)
  })

  it('sends those who ask the wrong broker away', () => {
    const { bench, coordinator } = started()
    const other = [1, 2, 3].find((broker) => broker !== coordinator()) ?? 0
    expect(bench.ask(other, joinRequest(''))).toMatchObject({ error: 'NOT_COORDINATOR' })
    expect(bench.ask(other, { type: 'offset-fetch', group: 'billing', partitions: [orders] })).toMatchObject({
      error: 'NOT_COORDINATOR',
    })
  })

  it('removes a member that sends no heartbeats when its session is over, and refuses its commits', () => {
    const { bench, coordinator } = started()
    const broker = coordinator()
    const member = joinAlone(bench, broker)
    bench.runFor(11 * second)
    expect(bench.facts('member-removed').map(({ reason }) => bench.text(reason))).toEqual(['time-out'])
    expect(commit(bench, broker, member, 3)).toBe('UNKNOWN_MEMBER_ID')
    expect(bench.facts('commit-refused')).toHaveLength(1)
  })

  it('acknowledges no commit that too few replicas have', () => {
    const { bench, coordinator } = started({ 'min.insync.replicas': 2 })
    const broker = coordinator()
    const member = joinAlone(bench, broker)
    for (const other of [1, 2, 3]) if (other !== broker) bench.node(other).crash()
    expect(commit(bench, broker, member, 9)).toBe('COORDINATOR_NOT_AVAILABLE')
    expect(fetched(bench, broker)).toBeUndefined()
  })

  it('forgets offsets when the group has been empty for offsets.retention.minutes', () => {
    const { bench, coordinator } = started({
      'offsets.retention.minutes': 1,
      'offsets.retention.check.interval.ms': 10_000,
    })
    const broker = coordinator()
    const member = joinAlone(bench, broker)
    expect(commit(bench, broker, member, 5)).toBe('NONE')
    bench.ask(broker, { type: 'leave-group', group: 'billing', memberId: member.memberId })
    bench.runFor(50 * second)
    expect(fetched(bench, broker)).toBe(5)
    bench.runFor(30 * second)
    expect(fetched(bench, broker)).toBeUndefined()
  })
})
