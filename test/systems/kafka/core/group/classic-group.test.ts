import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ClassicGroup } from '../../../../../src/systems/kafka/core/group/classic-group.ts'
import { present } from '../../../../../src/systems/kafka/core/invariant.ts'
import type { GroupProtocol } from '../../../../../src/systems/kafka/core/group/group-member.ts'
import type { GroupEffects, GroupReply } from '../../../../../src/systems/kafka/core/group/group-replies.ts'

const second = 1_000_000
const settings = {
  initialRebalanceDelay: 3 * second,
  minSessionTimeout: 6 * second,
  maxSessionTimeout: 1_800 * second,
}
const range: readonly GroupProtocol[] = [{ name: 'range', topics: ['orders'] }]

/** A group, and members that answer as a client does. Requests are numbered by member: 100 for a, 200 for b. */
class Scene {
  readonly group: ClassicGroup
  readonly heard: GroupReply[] = []

  constructor(group = new ClassicGroup(settings)) {
    this.group = group
  }

  join(memberId: string, now: number, protocols = range): void {
    const timeouts = { sessionTimeout: 45 * second, rebalanceTimeout: 200 * second, protocols }
    const isNew = !this.group.members.some((member) => member.memberId === memberId)
    const request = { request: numberOf(memberId), newMemberId: memberId, ...timeouts }
    if (isNew) this.hear(this.group.join({ ...request, memberId: '' }, now))
    this.hear(this.group.join({ ...request, memberId }, now))
  }

  sync(memberId: string, now: number, assigned: readonly string[] = []): void {
    const assignments = new Map(assigned.map((to, partition) => [to, [{ topic: 'orders', partition }]]))
    const { generation } = this.group
    const effects = this.group.sync({ request: numberOf(memberId), memberId, generation, assignments })
    this.hear(effects)
    if (effects.store !== undefined) this.hear(this.group.assignmentStored(effects.store, true, now))
  }

  /** Joins, waits out the first delay, and syncs everybody. */
  settle(...memberIds: readonly string[]): void {
    for (const memberId of memberIds) this.join(memberId, 0)
    for (let now = 3 * second; this.group.state === 'PreparingRebalance'; now += 3 * second) this.advance(now)
    for (const memberId of memberIds.toReversed()) this.sync(memberId, 6 * second, memberIds)
    this.heard.length = 0
  }

  advance(now: number): void {
    this.hear(this.group.advance(now))
  }

  hear(effects: GroupEffects): void {
    this.heard.push(...effects.replies)
  }

  repliesTo(memberId: string): readonly GroupReply[] {
    return this.heard.filter((reply) => reply.request === numberOf(memberId))
  }
}

function numberOf(memberId: string): number {
  return memberId.charCodeAt(0)
}

describe('the first rebalance of a group', () => {
  it('waits 3 s for more members', () => {
    const scene = new Scene()
    scene.join('a', 0)
    scene.advance(3 * second - 1)
    expect(scene.group.state).toBe('PreparingRebalance')
    scene.advance(3 * second)
    expect(scene.group).toMatchObject({ state: 'CompletingRebalance', generation: 1, leader: 'a' })
  })

  it('waits another 3 s whenever a member came meanwhile', () => {
    const scene = new Scene()
    scene.join('a', 0)
    scene.join('b', 2 * second)
    scene.advance(3 * second)
    expect(scene.group.deadline).toBe(6 * second)
    scene.advance(6 * second)
    expect(scene.group.state).toBe('CompletingRebalance')
    expect(scene.repliesTo('a').at(-1)).toMatchObject({ type: 'join', error: 'NONE', generation: 1, members: [{}, {}] })
    expect(scene.repliesTo('b').at(-1)).toMatchObject({ type: 'join', leader: 'a', members: [] })
  })

  it('gives a member an id before it lets it in', () => {
    const scene = new Scene()
    scene.join('a', 0)
    expect(scene.repliesTo('a')).toMatchObject([{ error: 'MEMBER_ID_REQUIRED', memberId: 'a' }])
  })

  it('forgets an id that nobody came back with', () => {
    const scene = new Scene()
    const request = { request: 1, memberId: '', newMemberId: 'a', protocols: range, rebalanceTimeout: second }
    scene.group.join({ ...request, sessionTimeout: 45 * second }, 0)
    expect(scene.group.deadline).toBe(45 * second)
    scene.advance(45 * second)
    expect(scene.group.deadline).toBeUndefined()
  })
})

describe('an assignment', () => {
  it('reaches nobody before it is stored', () => {
    const scene = new Scene()
    scene.join('a', 0)
    scene.advance(3 * second)
    const assignments = new Map([['a', [{ topic: 'orders', partition: 0 }]]])
    const effects = scene.group.sync({ request: 7, memberId: 'a', generation: 1, assignments })
    expect(effects).toMatchObject({ replies: [], store: { generation: 1, members: [{ memberId: 'a' }] } })
    const stored = scene.group.assignmentStored(
      present(effects.store, 'the leader sent an assignment'),
      true,
      4 * second,
    )
    expect(stored.replies).toEqual([
      { type: 'sync', request: 7, error: 'NONE', assignment: [{ topic: 'orders', partition: 0 }] },
    ])
    expect(scene.group.state).toBe('Stable')
  })

  it('that is stored after another rebalance began is handed to nobody', () => {
    const scene = new Scene()
    scene.join('a', 0)
    scene.advance(3 * second)
    const effects = scene.group.sync({ request: 7, memberId: 'a', generation: 1, assignments: new Map() })
    scene.join('b', 4 * second)
    expect(
      scene.group.assignmentStored(present(effects.store, 'the leader sent an assignment'), true, 5 * second).replies,
    ).toEqual([])
    expect(scene.group.state).toBe('PreparingRebalance')
  })

  it('that cannot be stored makes everybody join again', () => {
    const scene = new Scene()
    scene.join('a', 0)
    scene.advance(3 * second)
    const effects = scene.group.sync({ request: 7, memberId: 'a', generation: 1, assignments: new Map() })
    const failed = scene.group.assignmentStored(
      present(effects.store, 'the leader sent an assignment'),
      false,
      5 * second,
    )
    expect(failed.replies).toMatchObject([{ type: 'sync', error: 'NOT_COORDINATOR' }])
  })

  it('is given again to a member of a stable group that asks again', () => {
    const scene = new Scene()
    scene.settle('a', 'b')
    scene.sync('b', 9 * second)
    expect(scene.heard).toMatchObject([{ type: 'sync', assignment: [{ partition: 1 }] }])
  })

  it('is missed by members that never ask for it: they are removed after the rebalance timeout', () => {
    const scene = new Scene()
    scene.join('a', 0)
    scene.join('b', 0)
    scene.advance(3 * second)
    scene.advance(6 * second)
    scene.sync('a', 7 * second, ['a', 'b'])
    for (let now = 40 * second; now < 206 * second; now += 40 * second) {
      for (const memberId of ['a', 'b']) scene.group.heartbeat(memberId, 1, now)
    }
    scene.advance(206 * second)
    expect(scene.group.members.map(({ memberId }) => memberId)).toEqual(['a'])
  })
})

describe('a rebalance of a settled group', () => {
  it('begins when a member comes, and waits for all the others', () => {
    const scene = new Scene()
    scene.settle('a', 'b')
    scene.join('c', 10 * second)
    expect(scene.group.heartbeat('a', 1, 11 * second)).toBe('REBALANCE_IN_PROGRESS')
    scene.join('a', 11 * second)
    expect(scene.group.state).toBe('PreparingRebalance')
    scene.join('b', 12 * second)
    expect(scene.group).toMatchObject({ state: 'CompletingRebalance', generation: 2 })
  })

  it('goes on after the rebalance timeout without a member that heartbeats and never joins', () => {
    const scene = new Scene()
    scene.settle('a', 'b')
    scene.join('c', 10 * second)
    scene.join('a', 11 * second)
    for (let now = 20 * second; now < 210 * second; now += 20 * second) scene.group.heartbeat('b', 1, now)
    scene.advance(210 * second)
    expect(scene.group.members.map(({ memberId }) => memberId)).toEqual(['a', 'c'])
    expect(scene.group.generation).toBe(2)
  })

  it('begins when a session ends, and another leader takes over', () => {
    const scene = new Scene()
    scene.settle('a', 'b')
    scene.group.heartbeat('b', 1, 40 * second)
    expect(scene.group.deadline).toBe(51 * second)
    scene.advance(51 * second)
    expect(scene.group).toMatchObject({ state: 'PreparingRebalance', leader: 'b' })
    scene.join('b', 52 * second)
    expect(scene.repliesTo('b')).toMatchObject([{ generation: 2, leader: 'b', members: [{ memberId: 'b' }] }])
  })

  it('begins when a member leaves, and the group is empty after the last one', () => {
    const scene = new Scene()
    scene.settle('a', 'b')
    expect(scene.group.leave('a', 10 * second).error).toBe('NONE')
    expect(scene.group.state).toBe('PreparingRebalance')
    const effects = scene.group.leave('b', 11 * second)
    expect(effects).toMatchObject({ error: 'NONE', store: { members: [], leader: undefined } })
    expect(scene.group.state).toBe('Empty')
    expect(scene.group.leave('b', 12 * second).error).toBe('UNKNOWN_MEMBER_ID')
  })

  it('begins when the leader joins again, but not for another member that changes nothing', () => {
    const scene = new Scene()
    scene.settle('a', 'b')
    scene.join('b', 10 * second)
    expect(scene.repliesTo('b')).toMatchObject([{ error: 'NONE', generation: 1 }])
    expect(scene.group.state).toBe('Stable')
    scene.join('a', 11 * second)
    expect(scene.group.state).toBe('PreparingRebalance')
  })

  it('begins when a member subscribes to something else', () => {
    const scene = new Scene()
    scene.settle('a', 'b')
    scene.join('b', 10 * second, [{ name: 'range', topics: ['orders', 'bills'] }])
    expect(scene.group.state).toBe('PreparingRebalance')
  })

  it('sends those who wait for their part back to join again', () => {
    const scene = new Scene()
    scene.join('a', 0)
    scene.join('b', 0)
    scene.advance(3 * second)
    scene.advance(6 * second)
    scene.sync('b', 7 * second)
    scene.join('c', 8 * second)
    expect(scene.repliesTo('b').at(-1)).toMatchObject({ type: 'sync', error: 'REBALANCE_IN_PROGRESS' })
  })

  it('does not give up a member whose join is parked', () => {
    const scene = new Scene()
    scene.settle('a', 'b')
    scene.join('a', 10 * second)
    for (let now = 20 * second; now < 190 * second; now += 20 * second) {
      scene.group.heartbeat('b', 1, now)
      scene.advance(now)
    }
    expect(scene.group.members).toHaveLength(2)
  })
})

describe('who may take part', () => {
  it('needs an assignor in common with everybody', () => {
    const scene = new Scene()
    scene.settle('a')
    scene.join('b', 10 * second, [{ name: 'roundrobin', topics: ['orders'] }])
    expect(scene.heard[0]).toMatchObject({ error: 'INCONSISTENT_GROUP_PROTOCOL' })
  })

  it('needs a session timeout within the bounds of the broker', () => {
    const request = { request: 1, memberId: '', newMemberId: 'a', protocols: range, rebalanceTimeout: second }
    const refused = new ClassicGroup(settings).join({ ...request, sessionTimeout: 5 * second }, 0)
    expect(refused.replies).toMatchObject([{ error: 'INVALID_SESSION_TIMEOUT' }])
  })

  it('elects the assignor that most prefer among those that all offer', () => {
    const scene = new Scene()
    const both = (first: string, other: string) => [first, other].map((name) => ({ name, topics: ['orders'] }))
    scene.join('a', 0, both('range', 'roundrobin'))
    scene.join('b', 0, both('roundrobin', 'range'))
    scene.join('c', 0, both('roundrobin', 'range'))
    scene.advance(3 * second)
    scene.advance(6 * second)
    expect(scene.repliesTo('a').at(-1)).toMatchObject({ protocol: 'roundrobin' })
  })
})

describe('fencing', () => {
  it('refuses a member that was removed and a generation that is over', () => {
    const scene = new Scene()
    scene.settle('a', 'b')
    expect(scene.group.heartbeat('x', 1, 9 * second)).toBe('UNKNOWN_MEMBER_ID')
    expect(scene.group.heartbeat('a', 0, 9 * second)).toBe('ILLEGAL_GENERATION')
    expect(scene.group.refuseCommit('x', 1)).toBe('UNKNOWN_MEMBER_ID')
    expect(scene.group.refuseCommit('a', 0)).toBe('ILLEGAL_GENERATION')
    expect(scene.group.refuseCommit('a', 1)).toBeUndefined()
  })

  it('takes commits while members join, and none while they wait for the assignment', () => {
    const scene = new Scene()
    scene.settle('a')
    scene.join('b', 10 * second)
    expect(scene.group.refuseCommit('a', 1)).toBeUndefined()
    scene.join('a', 11 * second)
    expect(scene.group.refuseCommit('a', 2)).toBe('REBALANCE_IN_PROGRESS')
  })

  it('takes commits from outside the group protocol only while the group is empty', () => {
    const scene = new Scene()
    expect(scene.group.refuseCommit('', -1)).toBeUndefined()
    scene.settle('a')
    expect(scene.group.refuseCommit('', -1)).toBe('UNKNOWN_MEMBER_ID')
    scene.group.leave('a', 10 * second)
    expect(scene.group.refuseCommit('', -1)).toBeUndefined()
  })
})

describe('the next coordinator', () => {
  it('goes on with the stored generation and assignment, and fresh sessions', () => {
    const scene = new Scene()
    scene.join('a', 0)
    scene.advance(3 * second)
    const assignments = new Map([['a', [{ topic: 'orders', partition: 0 }]]])
    const { store } = scene.group.sync({ request: 7, memberId: 'a', generation: 1, assignments })
    const next = ClassicGroup.restore(present(store, 'the leader sent an assignment'), settings, 100 * second)
    expect(next).toMatchObject({ state: 'Stable', generation: 1, leader: 'a', deadline: 145 * second })
    expect(next.members[0]?.assignment).toEqual([{ topic: 'orders', partition: 0 }])
  })
})

describe('any course of joins, syncs, heartbeats, leaves and silences', () => {
  it('raises the generation only, and answers every join and sync once at most', () => {
    const step = fc.record({
      type: fc.constantFrom('join', 'join', 'sync', 'sync', 'heartbeat', 'leave', 'wait'),
      member: fc.constantFrom('a', 'b', 'c'),
      seconds: fc.integer({ min: 0, max: 60 }),
    })
    let stable = 0
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
        const scene = new Scene()
        let now = 0
        let generation = 0
        let asked = 0
        for (const { type, member, seconds } of steps) {
          const isMember = scene.group.members.some(({ memberId }) => memberId === member)
          if (type === 'join') scene.join(member, now)
          if (type === 'join') asked += isMember ? 1 : 2
          if (type === 'sync') scene.sync(member, now, ['a', 'b', 'c'])
          if (type === 'sync') asked += 1
          if (type === 'heartbeat') scene.group.heartbeat(member, scene.group.generation, now)
          if (type === 'leave') scene.hear(scene.group.leave(member, now))
          if (type === 'wait') scene.advance((now += seconds * second))
          expect(scene.group.generation).toBeGreaterThanOrEqual(generation)
          expect(scene.heard.length).toBeLessThanOrEqual(asked)
          expect(scene.group.members.length === 0).toBe(scene.group.leader === undefined)
          generation = scene.group.generation
          if (scene.group.state === 'Stable') stable += 1
        }
      }),
      { numRuns: 300 },
    )
    expect(stable).toBeGreaterThan(100)
  })
})
