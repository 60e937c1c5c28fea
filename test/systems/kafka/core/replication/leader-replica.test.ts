import { describe, expect, it } from 'vitest'
import { PartitionLog } from '../../../../../src/systems/kafka/core/log/partition-log.ts'
import { present } from '../../../../../src/systems/kafka/core/invariant.ts'
import type { ProposalAnswer } from '../../../../../src/systems/kafka/core/replication/isr-proposal.ts'
import type { BrokerView, BrokerViews } from '../../../../../src/systems/kafka/core/replication/in-sync-replicas.ts'
import { maximalIsr } from '../../../../../src/systems/kafka/core/replication/in-sync-replicas.ts'
import { LeaderReplica } from '../../../../../src/systems/kafka/core/replication/leader-replica.ts'
import { answerParkedProduce } from '../../../../../src/systems/kafka/core/replication/parked-produce.ts'
import { plainBatch } from '../log/batches.ts'

const second = 1_000_000
const alive: BrokerView = { brokerEpoch: 10, fenced: false, inControlledShutdown: false }
const brokers = new Map([1, 2, 3].map((brokerId) => [brokerId, alive]))

interface Setup {
  readonly isr?: readonly number[]
  readonly minInsyncReplicas?: number
  readonly strictMinIsr?: boolean
  readonly log?: PartitionLog
}

function leaderOf({ isr = [1, 2, 3], minInsyncReplicas = 1, strictMinIsr = true, log = new PartitionLog() }: Setup) {
  const role = { leaderEpoch: 4, partitionEpoch: 7, replicas: [1, 2, 3], isr }
  return new LeaderReplica(1, log, role, { minInsyncReplicas, replicaLagTimeMax: 30 * second, strictMinIsr }, 0)
}

function fetch(leader: LeaderReplica, brokerId: number, fetchOffset: number, now: number, views = brokers) {
  const position = { fetchOffset, lastFetchedEpoch: fetchOffset === 0 ? undefined : leader.leaderEpoch, maxBytes: 1e6 }
  return leader.fetchAsFollower({ brokerId, brokerEpoch: 10, leaderEpoch: 4, ...position }, views, now)
}

/** Gives the leader an answer to its proposal in flight. */
function answered(leader: LeaderReplica, answer: ProposalAnswer, views: BrokerViews, now: number) {
  return leader.proposalAnswered(present(leader.proposalInFlight, 'a proposal is in flight'), answer, views, now)
}

describe('the high watermark', () => {
  it('is the least end among the in-sync replicas', () => {
    const leader = leaderOf({})
    leader.append(plainBatch(1, 2, 3), 'all', brokers, 0)
    fetch(leader, 2, 0, 1)
    fetch(leader, 3, 0, 1)
    fetch(leader, 2, 3, 2)
    expect(leader.log.highWatermark).toBe(0)
    expect(fetch(leader, 3, 3, 3)).toMatchObject({ advanced: true, highWatermark: 0 })
    expect(leader.log.highWatermark).toBe(3)
  })

  it('reaches a follower one fetch after the fetch that moved it', () => {
    const leader = leaderOf({ isr: [1, 2] })
    leader.append(plainBatch(1), 'all', brokers, 0)
    fetch(leader, 2, 0, 1)
    expect(fetch(leader, 2, 1, 2)).toMatchObject({ highWatermark: 0 })
    expect(fetch(leader, 2, 1, 3)).toMatchObject({ highWatermark: 1 })
  })

  it('follows a leader that is alone in the ISR at once', () => {
    const leader = leaderOf({ isr: [1] })
    leader.append(plainBatch(1, 2), 'leader', brokers, 0)
    expect(leader.log.highWatermark).toBe(2)
  })

  it('waits for a caught-up follower that is about to join the ISR', () => {
    const leader = leaderOf({ isr: [1] })
    fetch(leader, 2, 0, 1)
    leader.append(plainBatch(1), 'leader', brokers, 2)
    expect(leader.log.highWatermark).toBe(0)
  })

  it('does not wait for a fenced follower, nor for an earlier incarnation of it', () => {
    for (const view of [
      { ...alive, fenced: true },
      { ...alive, inControlledShutdown: true },
      { ...alive, brokerEpoch: 9 },
    ]) {
      const leader = leaderOf({ isr: [1] })
      const views = new Map([...brokers, [2, view]])
      expect(fetch(leader, 2, 0, 1, views)).toMatchObject({ type: 'records', proposal: undefined })
      leader.append(plainBatch(1), 'leader', views, 2)
      expect(leader.log.highWatermark).toBe(1)
    }
  })

  it('stands still while the ISR is below min.insync.replicas since 3.7, and moved before', () => {
    for (const [strictMinIsr, expected] of [
      [true, 0],
      [false, 1],
    ] as const) {
      const leader = leaderOf({ isr: [1], minInsyncReplicas: 2, strictMinIsr })
      leader.append(plainBatch(1), 'leader', brokers, 0)
      expect(leader.log.highWatermark).toBe(expected)
    }
  })
})

describe('acks=all', () => {
  it('is refused before the append while the ISR is too small, which other acks do not mind', () => {
    const leader = leaderOf({ isr: [1], minInsyncReplicas: 2 })
    expect(leader.append(plainBatch(1), 'all', brokers, 0)).toEqual({ type: 'rejected', error: 'NOT_ENOUGH_REPLICAS' })
    expect(leader.log.endOffset).toBe(0)
    expect(leader.append(plainBatch(1), 'leader', brokers, 0).type).toBe('appended')
  })

  it('counts min.insync.replicas for no more than there are replicas', () => {
    expect(leaderOf({ minInsyncReplicas: 9 }).effectiveMinIsr).toBe(3)
  })

  it('is answered once the batch is below the high watermark, and times out before', () => {
    const leader = leaderOf({ isr: [1, 2] })
    leader.append(plainBatch(1), 'all', brokers, 0)
    const parked = { requiredOffset: 1, deadline: 100 }
    expect(answerParkedProduce(parked, leader, 99)).toEqual({ type: 'waiting' })
    expect(answerParkedProduce(parked, leader, 100)).toEqual({ type: 'answer', error: 'REQUEST_TIMED_OUT' })
    fetch(leader, 2, 0, 1)
    fetch(leader, 2, 1, 2)
    expect(answerParkedProduce(parked, leader, 100)).toEqual({ type: 'answer', error: 'NONE' })
    expect(answerParkedProduce(parked, undefined, 3)).toEqual({ type: 'answer', error: 'NOT_LEADER_OR_FOLLOWER' })
  })

  it('says that replicas were lacking when the ISR shrank after the append, before 3.7 only', () => {
    for (const [strictMinIsr, expected] of [
      [true, 'waiting'],
      [false, 'NOT_ENOUGH_REPLICAS_AFTER_APPEND'],
    ] as const) {
      const leader = leaderOf({ isr: [1, 2], minInsyncReplicas: 2, strictMinIsr })
      leader.append(plainBatch(1), 'all', brokers, 0)
      leader.proposeShrink(31 * second)
      answered(leader, { type: 'changed', partitionEpoch: 8, isr: [1] }, brokers, 31 * second)
      expect(leader.replicationOf(1)).toBe(expected)
    }
  })
})

describe('the ISR', () => {
  it('loses a follower that has been behind for longer than the lag allows', () => {
    const leader = leaderOf({ isr: [1, 2] })
    leader.append(plainBatch(1), 'leader', brokers, 0)
    expect(leader.proposeShrink(30 * second)).toBeUndefined()
    expect(leader.proposeShrink(30 * second + 1)).toMatchObject({ partitionEpoch: 7, newIsr: [{ brokerId: 1 }] })
  })

  it('keeps a follower that has everything, however long ago it fetched', () => {
    const leader = leaderOf({ isr: [1, 2] })
    fetch(leader, 2, 0, 1)
    expect(leader.proposeShrink(900 * second)).toBeUndefined()
  })

  it('counts a follower as caught up at its previous fetch when it reaches what the leader had then', () => {
    const leader = leaderOf({ isr: [1, 2] })
    leader.append(plainBatch(1), 'leader', brokers, 0)
    fetch(leader, 2, 0, 20 * second) // The leader ends at 1.
    leader.append(plainBatch(2), 'leader', brokers, 39 * second)
    fetch(leader, 2, 1, 40 * second) // Reaches 1 only, so it was caught up at 20 s.
    expect(leader.proposeShrink(50 * second)).toBeUndefined()
    expect(leader.proposeShrink(50 * second + 1)).toBeDefined()
  })

  it('keeps a leaving follower in the maximal ISR until the controller agrees', () => {
    const leader = leaderOf({ isr: [1, 2] })
    leader.append(plainBatch(1), 'leader', brokers, 0)
    leader.proposeShrink(31 * second)
    expect(maximalIsr(leader.inSyncReplicas)).toEqual([1, 2])
    leader.append(plainBatch(2), 'leader', brokers, 31 * second)
    expect(leader.log.highWatermark).toBe(0)
    const answer = { type: 'changed', partitionEpoch: 8, isr: [1] } as const
    expect(answered(leader, answer, brokers, 31 * second)).toEqual({ advanced: true, sendAgain: false })
    expect(leader.log.highWatermark).toBe(2)
  })

  it('counts a joining follower at once', () => {
    const leader = leaderOf({ isr: [1] })
    expect(fetch(leader, 2, 0, 1)).toMatchObject({
      proposal: { newIsr: [{ brokerId: 1 }, { brokerId: 2, brokerEpoch: 10 }] },
    })
    expect(maximalIsr(leader.inSyncReplicas)).toEqual([1, 2])
  })

  it('asks for one change at a time', () => {
    const leader = leaderOf({ isr: [1] })
    expect(fetch(leader, 2, 0, 1)).toMatchObject({ proposal: {} })
    expect(fetch(leader, 3, 0, 1)).toMatchObject({ proposal: undefined })
    expect(leader.proposeShrink(90 * second)).toBeUndefined()
  })

  it('takes a follower back only at the high watermark and at the start of the leader epoch', () => {
    const log = new PartitionLog()
    log.appendAsLeader(plainBatch(1, 2), 3)
    const leader = leaderOf({ isr: [1], log })
    expect(
      leader.fetchAsFollower({ brokerId: 2, brokerEpoch: 10, leaderEpoch: 4, fetchOffset: 0, maxBytes: 1 }, brokers, 1),
    ).toMatchObject({ proposal: undefined })
    expect(
      leader.fetchAsFollower({ brokerId: 2, brokerEpoch: 10, leaderEpoch: 4, fetchOffset: 2, maxBytes: 1 }, brokers, 1),
    ).toMatchObject({ proposal: {} })
  })

  it('is what it was after the controller refused for certain, and stays pending after a stale epoch', () => {
    for (const [error, expected] of [
      ['INELIGIBLE_REPLICA', 'committed'],
      ['INVALID_UPDATE_VERSION', 'expanding'],
    ] as const) {
      const leader = leaderOf({ isr: [1] })
      fetch(leader, 2, 0, 1)
      expect(answered(leader, { type: 'rejected', error }, brokers, 2).sendAgain).toBe(false)
      expect(leader.inSyncReplicas.type).toBe(expected)
    }
  })

  it('is asked for again when the answer was lost', () => {
    const leader = leaderOf({ isr: [1] })
    fetch(leader, 2, 0, 1)
    const effect = answered(leader, { type: 'rejected', error: 'NETWORK_EXCEPTION' }, brokers, 2)
    expect(effect.sendAgain).toBe(true)
    expect(leader.proposalInFlight).toMatchObject({ partitionEpoch: 7 })
  })

  it('keeps a newer proposal when the answer to an older one comes after the metadata', () => {
    const leader = leaderOf({ isr: [1] })
    fetch(leader, 2, 0, 1)
    const older = present(leader.proposalInFlight, 'the follower should join')
    leader.updateRole({ leaderEpoch: 4, partitionEpoch: 8, replicas: [1, 2, 3], isr: [1, 2] }, brokers, 2)
    fetch(leader, 3, 0, 3)
    leader.proposalAnswered(older, { type: 'changed', partitionEpoch: 8, isr: [1, 2] }, brokers, 4)
    leader.proposalAnswered(older, { type: 'rejected', error: 'INELIGIBLE_REPLICA' }, brokers, 4)
    expect(maximalIsr(leader.inSyncReplicas)).toEqual([1, 2, 3])
  })

  it('ignores metadata that it knows already', () => {
    const leader = leaderOf({ isr: [1, 2] })
    leader.updateRole({ leaderEpoch: 4, partitionEpoch: 7, replicas: [1, 2, 3], isr: [1] }, brokers, 1)
    expect(leader.inSyncReplicas).toEqual({ type: 'committed', isr: [1, 2] })
  })
})

describe('requests to a leader', () => {
  it('are fenced by their leader epoch', () => {
    const leader = leaderOf({})
    const older = { brokerId: 2, brokerEpoch: 10, leaderEpoch: 3, fetchOffset: 0, maxBytes: 1 }
    expect(leader.fetchAsFollower(older, brokers, 1)).toEqual({ type: 'error', error: 'FENCED_LEADER_EPOCH' })
    expect(leader.fetchAsFollower({ ...older, leaderEpoch: 5 }, brokers, 1)).toEqual({
      type: 'error',
      error: 'UNKNOWN_LEADER_EPOCH',
    })
    expect(leader.fetchAsConsumer({ fetchOffset: 0, maxBytes: 1 }, 3)).toEqual({
      type: 'error',
      error: 'FENCED_LEADER_EPOCH',
    })
  })

  it('are refused from an earlier incarnation of a follower', () => {
    const views = new Map([...brokers, [2, { ...alive, brokerEpoch: 11 }]])
    expect(fetch(leaderOf({}), 2, 0, 1, views)).toEqual({ type: 'error', error: 'NOT_LEADER_OR_FOLLOWER' })
  })

  it('let a consumer see records below the high watermark only', () => {
    const leader = leaderOf({ isr: [1, 2] })
    leader.append(plainBatch(1), 'leader', brokers, 0)
    expect(leader.fetchAsConsumer({ fetchOffset: 0, maxBytes: 100 }, 4)).toMatchObject({ type: 'records', batches: [] })
    expect(leader.fetchAsConsumer({ fetchOffset: 2, maxBytes: 100 }, 4)).toMatchObject({ error: 'OFFSET_OUT_OF_RANGE' })
  })

  it('find no latest offset until the high watermark reached the start of the epoch', () => {
    const log = new PartitionLog()
    log.appendAsLeader(plainBatch(1), 3)
    const leader = leaderOf({ isr: [1, 2], log })
    expect(leader.listOffset('latest')).toEqual({ type: 'error', error: 'OFFSET_NOT_AVAILABLE' })
    expect(leader.listOffset('earliest')).toEqual({ type: 'offset', offset: 0 })
    fetch(leader, 2, 1, 1)
    leader.fetchAsFollower({ brokerId: 2, brokerEpoch: 10, leaderEpoch: 4, fetchOffset: 1, maxBytes: 1 }, brokers, 2)
    expect(leader.listOffset('latest')).toEqual({ type: 'offset', offset: 1 })
  })

  it('find the first visible record that is not older than a time', () => {
    const leader = leaderOf({ isr: [1] })
    for (const maxTimestamp of [10, 30, 20]) leader.append({ ...plainBatch(1), maxTimestamp }, 'leader', brokers, 0)
    expect(leader.listOffsetForTime(11)).toEqual({ type: 'offset', offset: 1 })
    expect(leader.listOffsetForTime(31)).toEqual({ type: 'none' })
    const hidden = leaderOf({ isr: [1, 2] })
    hidden.append({ ...plainBatch(1), maxTimestamp: 10 }, 'leader', brokers, 0)
    expect(hidden.listOffsetForTime(0)).toEqual({ type: 'none' })
  })

  it('tell a follower with an epoch of its own where the logs part, and count nothing as acknowledged', () => {
    const log = new PartitionLog()
    log.appendAsLeader(plainBatch(1, 2), 2)
    const leader = leaderOf({ isr: [1, 2], log })
    const ahead = { brokerId: 2, brokerEpoch: 10, leaderEpoch: 4, fetchOffset: 4, lastFetchedEpoch: 3, maxBytes: 1 }
    expect(leader.fetchAsFollower(ahead, brokers, 1)).toMatchObject({ type: 'diverging', epoch: 2, endOffset: 2 })
    expect(leader.log.highWatermark).toBe(0)
  })
})
