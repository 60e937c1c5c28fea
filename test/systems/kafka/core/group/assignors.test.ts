import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Assignor,
  assignKafkaJsRoundRobin,
  assignRange,
  assignRoundRobin,
} from '../../../../../src/systems/kafka/core/group/assignors.ts'

function assigned(
  assignor: Assignor,
  members: Readonly<Record<string, readonly string[]>>,
  counts: Readonly<Record<string, number>>,
) {
  const list = Object.entries(members).map(([memberId, topics]) => ({ memberId, topics }))
  const assignment = assignor(list, new Map(Object.entries(counts)))
  const named = [...assignment].map(([memberId, parts]) => [
    memberId,
    parts.map(({ topic, partition }) => `${topic}${partition}`),
  ])
  return Object.fromEntries(named)
}

describe('the range assignor', () => {
  it('gives each topic in ranges, the first members one more', () => {
    const members = { b: ['t', 'u'], a: ['t', 'u'] }
    expect(assigned(assignRange, members, { t: 3, u: 3 })).toEqual({ a: ['t0', 't1', 'u0', 'u1'], b: ['t2', 'u2'] })
  })

  it('leaves members idle when there are more of them than partitions', () => {
    expect(assigned(assignRange, { a: ['t'], b: ['t'], c: ['t'] }, { t: 2 })).toEqual({ a: ['t0'], b: ['t1'], c: [] })
  })

  it('gives one-partition topics all to the first member', () => {
    const members = { a: ['t', 'u', 'v'], b: ['t', 'u', 'v'] }
    expect(assigned(assignRange, members, { t: 1, u: 1, v: 1 })).toEqual({ a: ['t0', 'u0', 'v0'], b: [] })
  })
})

describe('the round-robin assignor', () => {
  it('goes on with the next member from topic to topic', () => {
    const members = { a: ['t', 'u'], b: ['t', 'u'] }
    expect(assigned(assignRoundRobin, members, { t: 3, u: 3 })).toEqual({
      a: ['t0', 't2', 'u1'],
      b: ['t1', 'u0', 'u2'],
    })
  })

  it('passes over members that do not subscribe', () => {
    const members = { a: ['t'], b: ['t', 'u'], c: ['t', 'u', 'v'] }
    expect(assigned(assignRoundRobin, members, { t: 1, u: 2, v: 3 })).toEqual({
      a: ['t0'],
      b: ['u0'],
      c: ['u1', 'v0', 'v1', 'v2'],
    })
  })
})

describe('the round robin of kafkajs', () => {
  it('takes topics in the order given', () => {
    const members = { a: ['u', 't'], b: ['u', 't'] }
    expect(assigned(assignKafkaJsRoundRobin, members, { u: 1, t: 2 })).toEqual({ a: ['u0', 't1'], b: ['t0'] })
  })
})

const subscriptions = fc.uniqueArray(
  fc.record({
    memberId: fc.string({ minLength: 1, maxLength: 3 }),
    topics: fc.subarray(['t', 'u', 'v'], { minLength: 1 }),
  }),
  { selector: ({ memberId }) => memberId, minLength: 1, maxLength: 6 },
)
const partitionCounts = fc
  .record({ t: fc.nat(7), u: fc.nat(7), v: fc.nat(7) })
  .map((counts) => new Map(Object.entries(counts)))

describe.each([
  ['range', assignRange],
  ['round robin', assignRoundRobin],
])('the %s assignor', (_, assignor) => {
  it('gives every partition of a subscribed topic to exactly one subscriber, whatever the order of members', () => {
    fc.assert(
      fc.property(subscriptions, partitionCounts, (members, counts) => {
        const assignment = assignor(members, counts)
        const given = [...assignment].flatMap(([memberId, parts]) => parts.map((part) => ({ memberId, ...part })))
        const subscribed = new Set(members.flatMap(({ topics }) => topics))
        const expected = [...subscribed].reduce((sum, topic) => sum + (counts.get(topic) ?? 0), 0)
        expect(new Set(given.map(({ topic, partition }) => `${topic}${partition}`)).size).toBe(expected)
        expect(given.length).toBe(expected)
        for (const { memberId, topic } of given) {
          expect(members.find((member) => member.memberId === memberId)?.topics).toContain(topic)
        }
        expect(assignor(members.toReversed(), counts)).toEqual(assignment)
      }),
    )
  })
})

describe('ranges', () => {
  it('are contiguous and differ by at most one within a topic', () => {
    fc.assert(
      fc.property(subscriptions, partitionCounts, (members, counts) => {
        const assignment = assignRange(members, counts)
        for (const topic of counts.keys()) {
          const subscribers = members.filter(({ topics }) => topics.includes(topic))
          const parts = subscribers.map(({ memberId }) => {
            return (assignment.get(memberId) ?? [])
              .filter((part) => part.topic === topic)
              .map(({ partition }) => partition)
          })
          for (const range of parts) {
            range.forEach((partition, index) => expect(partition).toBe((range[0] ?? 0) + index))
          }
          const sizes = parts.map(({ length }) => length)
          expect(Math.max(0, ...sizes) - Math.min(Math.max(0, ...sizes), ...sizes)).toBeLessThanOrEqual(1)
        }
      }),
    )
  })
})
