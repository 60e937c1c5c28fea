import { describe, expect, it } from 'vitest'
import { ControllerState } from '../../../../../src/systems/kafka/core/controller/controller-state.ts'

const second = 1_000_000
const of = { topic: 'orders', partition: 0 }

function clusterOf(brokers: number, { elrEnabled = false, minInsyncReplicas = 1 } = {}): ControllerState {
  const controller = new ControllerState({ brokerSessionTimeout: 9 * second, elrEnabled })
  for (let brokerId = 1; brokerId <= brokers; brokerId += 1) start(controller, brokerId, 0)
  const topic = { name: 'orders', partitions: 1, replicationFactor: brokers, minInsyncReplicas, uncleanElection: false }
  expect(controller.createTopic(topic, 0).type).toBe('created')
  return controller
}

function start(controller: ControllerState, brokerId: number, now: number, incarnation = 1) {
  const outcome = controller.registerBroker({ brokerId, incarnation, rack: undefined }, now)
  return outcome.type === 'registered' ? beat(controller, brokerId, now) : outcome
}

function beat(controller: ControllerState, brokerId: number, now: number, wantShutDown = false) {
  const brokerEpoch = controller.brokers.get(brokerId)?.brokerEpoch ?? -1
  return controller.heartbeat({ brokerId, brokerEpoch, caughtUp: true, wantFence: false, wantShutDown }, now)
}

describe('broker sessions', () => {
  it('end 9 s after the last heartbeat: the broker is fenced and its leaderships move', () => {
    const controller = clusterOf(3)
    for (const brokerId of [2, 3]) beat(controller, brokerId, 5 * second)
    expect(controller.brokers.nextExpiry).toBe(9 * second)
    expect(controller.expireSessions(9 * second - 1)).toEqual({ fenced: [], updates: [] })
    const expiry = controller.expireSessions(9 * second)
    expect(expiry.fenced).toEqual([1])
    expect(expiry.updates).toMatchObject([
      { election: 'clean', registration: { leader: 2, isr: [2, 3], leaderEpoch: 1 } },
    ])
  })

  it('keep a killed broker from registering again until they are over', () => {
    const controller = clusterOf(3)
    expect(start(controller, 1, 8 * second, 2)).toMatchObject({ error: 'DUPLICATE_BROKER_REGISTRATION' })
    expect(start(controller, 1, 9 * second, 2)).toMatchObject({ type: 'alive' })
  })

  it('give every incarnation a larger epoch and refuse heartbeats under an older one', () => {
    const controller = clusterOf(2)
    const before = controller.brokers.get(1)?.brokerEpoch ?? 0
    controller.expireSessions(9 * second)
    start(controller, 1, 9 * second, 2)
    expect(controller.brokers.get(1)?.brokerEpoch).toBeGreaterThan(before)
    const stale = { brokerId: 1, brokerEpoch: before, caughtUp: true, wantFence: false, wantShutDown: false }
    expect(controller.heartbeat(stale, 9 * second)).toEqual({ type: 'refused', error: 'STALE_BROKER_EPOCH' })
  })

  it('begin fenced, until the broker has caught up with the metadata', () => {
    const controller = new ControllerState({ brokerSessionTimeout: 9 * second, elrEnabled: false })
    controller.registerBroker({ brokerId: 1, incarnation: 1, rack: undefined }, 0)
    const behind = { brokerId: 1, brokerEpoch: 1, caughtUp: false, wantFence: false, wantShutDown: false }
    expect(controller.heartbeat(behind, 0)).toMatchObject({ fenced: true })
    expect(controller.brokers.active.size).toBe(0)
    expect(controller.heartbeat({ ...behind, caughtUp: true }, 0)).toMatchObject({ fenced: false })
  })

  it('bring an offline partition back when its frozen last replica is unfenced again', () => {
    const controller = clusterOf(1)
    expect(controller.expireSessions(9 * second).updates).toMatchObject([{ registration: { leader: -1, isr: [1] } }])
    expect(beat(controller, 1, 10 * second)).toMatchObject({
      updates: [{ registration: { leader: 1, leaderEpoch: 2 } }],
    })
  })
})

describe('a topic of which some partitions are modelled', () => {
  const name = 'groups'
  const whole = { name, partitions: 7, replicationFactor: 2, minInsyncReplicas: 1, uncleanElection: false }

  it('has these where they would be among all of them, and says nothing of the others', () => {
    const all = clusterOf(3)
    const some = clusterOf(3)
    all.createTopic(whole, 1)
    some.createTopic({ ...whole, modelled: new Set([5, 2]) }, 1)
    const registered = (controller: ControllerState) =>
      controller.partitions.filter(({ topic }) => topic === name).map(({ registration }) => registration)
    expect(registered(some)).toEqual([2, 5].map((partition) => all.partition({ topic: name, partition })))
    expect(some.partitionCount(name)).toBe(7)
    const gone = some.expireSessions(9 * second).updates.filter(({ topic }) => topic === name)
    expect(gone.map(({ partition }) => partition)).toEqual([2, 5, 2, 5])
  })
})

describe('a controlled shutdown', () => {
  it('moves leaderships first, lets the broker stop at its next heartbeat and return at once', () => {
    const controller = clusterOf(3)
    const first = beat(controller, 1, second, true)
    expect(first).toMatchObject({
      shouldShutDown: false,
      updates: [{ election: 'clean', registration: { leader: 2 } }],
    })
    expect(beat(controller, 1, second, true)).toMatchObject({ shouldShutDown: true, fenced: true })
    expect(start(controller, 1, 2 * second, 2)).toMatchObject({ type: 'alive', fenced: false })
  })

  it('leaves the partitions of a lone replica offline until it returns', () => {
    const controller = clusterOf(1)
    expect(beat(controller, 1, second, true)).toMatchObject({ updates: [{ registration: { leader: -1, isr: [1] } }] })
    beat(controller, 1, second, true)
    expect(start(controller, 1, 2 * second, 2)).toMatchObject({ updates: [{ registration: { leader: 1 } }] })
  })
})

describe('an ISR change asked for by a leader', () => {
  const proposal = { leaderEpoch: 0, partitionEpoch: 0, newIsr: [member(1), member(2)] }

  it('is made when both epochs are the present ones', () => {
    const outcome = clusterOf(3).alterPartition(1, of, proposal)
    expect(outcome).toMatchObject({ type: 'changed', partitionEpoch: 1, leaderEpoch: 0, isr: [1, 2] })
  })

  it('is refused when someone changed the partition in between', () => {
    const controller = clusterOf(3)
    controller.alterPartition(1, of, proposal)
    expect(controller.alterPartition(1, of, proposal)).toMatchObject({ error: 'INVALID_UPDATE_VERSION' })
  })

  it('is refused to a leader that was deposed, and to one that is ahead of the controller', () => {
    const controller = clusterOf(3)
    for (const brokerId of [2, 3]) beat(controller, brokerId, 5 * second)
    controller.expireSessions(9 * second)
    expect(controller.alterPartition(1, of, proposal)).toMatchObject({ error: 'FENCED_LEADER_EPOCH' })
    expect(controller.alterPartition(2, of, { ...proposal, leaderEpoch: 2 })).toMatchObject({ error: 'NOT_CONTROLLER' })
    const ownEpochs = { ...proposal, leaderEpoch: 1, partitionEpoch: 1 }
    expect(controller.alterPartition(3, of, ownEpochs)).toMatchObject({ error: 'INVALID_REQUEST' })
  })

  it('is refused for a fenced broker and for an earlier incarnation of a live one', () => {
    const controller = clusterOf(3)
    const wrongEpoch = [member(1), { brokerId: 2, brokerEpoch: 77 }]
    const outcome = controller.alterPartition(1, of, { ...proposal, newIsr: wrongEpoch })
    expect(outcome).toMatchObject({ type: 'rejected', error: 'INELIGIBLE_REPLICA' })
    for (const brokerId of [1, 3]) beat(controller, brokerId, 5 * second)
    controller.expireSessions(9 * second)
    const fenced = { ...proposal, partitionEpoch: 1, newIsr: [member(1), member(2), member(3)] }
    expect(controller.alterPartition(1, of, fenced)).toMatchObject({ error: 'INELIGIBLE_REPLICA' })
  })

  it('is refused without the leader or with a broker that has no replica', () => {
    const controller = clusterOf(2)
    expect(controller.alterPartition(1, of, { ...proposal, newIsr: [member(2)] })).toMatchObject({
      error: 'INVALID_REQUEST',
    })
    const foreign = { ...proposal, newIsr: [member(1), member(9)] }
    expect(controller.alterPartition(1, of, foreign)).toMatchObject({ error: 'INVALID_REQUEST' })
  })
})

describe('topics', () => {
  it('grow by partitions, and the old ones stay', () => {
    const controller = clusterOf(3)
    expect(controller.addPartitions('orders', 3, 0)).toMatchObject({ updates: [{ partition: 1 }, { partition: 2 }] })
    expect(controller.partitionCount('orders')).toBe(3)
    expect(controller.addPartitions('orders', 3, 0)).toEqual({ type: 'refused', error: 'INVALID_PARTITIONS' })
  })

  it('cannot have more replicas than there are brokers, or a name twice', () => {
    const controller = clusterOf(2)
    const topic = { name: 'more', partitions: 1, replicationFactor: 3, minInsyncReplicas: 1, uncleanElection: false }
    expect(controller.createTopic(topic, 0)).toEqual({ type: 'refused', error: 'INVALID_REPLICATION_FACTOR' })
    expect(controller.createTopic({ ...topic, name: 'orders' }, 0)).toMatchObject({ error: 'TOPIC_ALREADY_EXISTS' })
  })

  it('get a leader from outside the ISR as soon as unclean elections are allowed', () => {
    const controller = clusterOf(2)
    controller.alterPartition(1, of, { leaderEpoch: 0, partitionEpoch: 0, newIsr: [member(1)] })
    beat(controller, 2, 5 * second)
    expect(controller.expireSessions(9 * second).updates).toMatchObject([{ election: 'offline' }])
    const updates = controller.configureTopic('orders', { uncleanElection: true })
    expect(updates).toMatchObject([{ election: 'unclean', registration: { leader: 2, isr: [2] } }])
  })

  it('are led by their preferred replica again after it has returned', () => {
    const controller = clusterOf(2)
    beat(controller, 2, 5 * second)
    controller.expireSessions(9 * second)
    beat(controller, 1, 10 * second)
    controller.alterPartition(2, of, { leaderEpoch: 1, partitionEpoch: 1, newIsr: [member(1), member(2)] })
    expect(controller.electPreferredLeaders()).toMatchObject([{ election: 'clean', registration: { leader: 1 } }])
  })
})

describe('a broker that was killed', () => {
  it('is no eligible leader replica any more when it returns', () => {
    const controller = clusterOf(2, { elrEnabled: true, minInsyncReplicas: 2 })
    beat(controller, 2, 5 * second)
    controller.expireSessions(9 * second)
    expect(controller.partition(of)).toMatchObject({ isr: [2], elr: [1] })
    start(controller, 1, 10 * second, 2)
    expect(controller.partition(of)).toMatchObject({ isr: [2], elr: [] })
  })

  it('stays eligible if it was only silent and goes on as the same incarnation', () => {
    const controller = clusterOf(2, { elrEnabled: true, minInsyncReplicas: 2 })
    beat(controller, 2, 5 * second)
    controller.expireSessions(9 * second)
    beat(controller, 1, 10 * second)
    expect(controller.partition(of)).toMatchObject({ isr: [2], elr: [1] })
  })
})

function member(brokerId: number) {
  return { brokerId, brokerEpoch: -1 }
}
