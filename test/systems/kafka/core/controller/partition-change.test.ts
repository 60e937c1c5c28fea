import { describe, expect, it } from 'vitest'
import {
  changePartition,
  type ElectionRules,
  type WantedChange,
} from '../../../../../src/systems/kafka/core/controller/partition-change.ts'
import type { PartitionRegistration } from '../../../../../src/systems/kafka/core/controller/partition-registration.ts'

const healthy: PartitionRegistration = {
  replicas: [1, 2, 3],
  isr: [1, 2, 3],
  leader: 1,
  leaderEpoch: 5,
  partitionEpoch: 9,
  elr: [],
  lastKnownLeader: undefined,
}

function change(partition: Partial<PartitionRegistration>, wanted: WantedChange, rules: Partial<ElectionRules> = {}) {
  const all = { acceptableLeaders: new Set([1, 2, 3]), minIsr: 2, elrEnabled: false, uncleanElection: false }
  return changePartition({ ...healthy, ...partition }, wanted, { ...all, ...rules })
}

describe('an election', () => {
  it('goes to the first live member of the ISR in order of assignment, under a new leader epoch', () => {
    const outcome = change({ isr: [3, 2, 1] }, { isr: [3, 2] }, { acceptableLeaders: new Set([2, 3]) })
    const partition = { leader: 2, leaderEpoch: 6, partitionEpoch: 10, isr: [3, 2] }
    expect(outcome).toMatchObject({ election: 'clean', partition })
  })

  it('does not happen while the leader may stay; a shrink changes the partition epoch only', () => {
    const outcome = change({}, { isr: [1, 2] })
    expect(outcome).toMatchObject({ election: undefined, partition: { leader: 1, leaderEpoch: 5, partitionEpoch: 10 } })
  })

  it('finds nobody when only a replica outside the ISR lives: the partition is offline and the last member frozen', () => {
    const outcome = change({ isr: [1] }, { isr: [] }, { acceptableLeaders: new Set([2, 3]) })
    expect(outcome).toMatchObject({ election: 'offline', partition: { leader: -1, isr: [1], leaderEpoch: 6 } })
  })

  it('takes the frozen last member back when it returns', () => {
    const outcome = change({ isr: [1], leader: -1 }, {})
    expect(outcome).toMatchObject({ election: 'clean', partition: { leader: 1, isr: [1] } })
  })

  it('takes any live replica if unclean ones are enabled, and makes it the whole ISR', () => {
    const rules = { acceptableLeaders: new Set([2, 3]), uncleanElection: true }
    expect(change({ isr: [1] }, { isr: [] }, rules)).toMatchObject({
      election: 'unclean',
      partition: { leader: 2, isr: [2] },
    })
  })

  it('prefers a member of the ISR even if unclean elections are enabled', () => {
    const rules = { acceptableLeaders: new Set([2, 3]), uncleanElection: true }
    expect(change({ isr: [1, 3] }, { isr: [3] }, rules)).toMatchObject({ election: 'clean', partition: { leader: 3 } })
  })

  it('gives leadership back to the preferred replica only when asked to', () => {
    expect(change({ leader: 2 }, {})).toBeUndefined()
    expect(change({ leader: 2 }, { preferred: true })).toMatchObject({ partition: { leader: 1 } })
    expect(change({ leader: 2, isr: [2, 3] }, { preferred: true })).toBeUndefined()
  })

  it('changes nothing when there is nothing to change', () => {
    expect(change({}, { isr: [3, 2, 1] })).toBeUndefined()
  })
})

describe('eligible leader replicas', () => {
  const elrEnabled = true

  it('are those who left an ISR that is too small to commit without them', () => {
    const outcome = change({}, { isr: [1] }, { elrEnabled })
    expect(outcome).toMatchObject({ partition: { isr: [1], elr: [2, 3] } })
  })

  it('are forgotten once the ISR is large enough again', () => {
    expect(change({ isr: [1], elr: [2, 3] }, { isr: [1, 3] }, { elrEnabled })).toMatchObject({ partition: { elr: [] } })
  })

  it('lead when the ISR is empty', () => {
    const partition = { isr: [1], elr: [3] }
    const outcome = change(partition, { isr: [] }, { elrEnabled, acceptableLeaders: new Set([2, 3]) })
    expect(outcome).toMatchObject({ election: 'eligible', partition: { leader: 3, isr: [3], elr: [1] } })
  })

  it('leave the partition without a leader, and remember the last one, when none of them lives', () => {
    const outcome = change({ isr: [1], elr: [3] }, { isr: [] }, { elrEnabled, acceptableLeaders: new Set([2]) })
    const partition = { leader: -1, isr: [], elr: [3, 1], lastKnownLeader: 1 }
    expect(outcome).toMatchObject({ election: 'offline', partition })
  })

  it('exclude a broker that came back without a clean shutdown, who may then lead as the last known leader', () => {
    const offline = { leader: -1, isr: [], elr: [1], lastKnownLeader: 1 }
    const returned = change(offline, { uncleanShutdown: 1 }, { elrEnabled, acceptableLeaders: new Set([2]) })
    expect(returned?.partition).toMatchObject({ elr: [], leader: -1, lastKnownLeader: 1 })
    const elected = change({ ...offline, elr: [] }, {}, { elrEnabled, acceptableLeaders: new Set([1, 2]) })
    expect(elected).toMatchObject({
      election: 'last-known',
      partition: { leader: 1, isr: [1], lastKnownLeader: undefined },
    })
  })
})
