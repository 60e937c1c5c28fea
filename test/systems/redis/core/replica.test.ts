import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Command } from '../../../../src/systems/redis/core/command.ts'
import type { ServerCore } from '../../../../src/systems/redis/core/server-core.ts'
import type { Wire } from '../../../../src/systems/redis/core/wire-reply.ts'
import { clientCount, groups, lists, others, plans, streams } from '../conformance/plan.ts'
import { answerOf, makeCore } from './core.ts'

const start = 1_700_000_000_000

/** Everything that there is to see, less the times at which entries were last looked at. */
function stateOf(core: ServerCore, now: number, looksAtDeliveries = true): Wire {
  const ask = (command: Command): Wire => answerOf(core.execute(99, command, now), 99)
  const pending = (key: string, group: string): Wire => {
    const [answer] = core.execute(
      99,
      { type: 'XPENDING', key, group, range: { from: '-', to: '+', count: 1000 } },
      now,
    ).answers
    if (answer?.reply.type !== 'pending') return undefined
    return answer.reply.entries.map(({ id, consumer, idle, deliveries }) =>
      looksAtDeliveries ? [id, consumer, idle, deliveries] : [id, consumer],
    )
  }
  return [
    ...[...streams, ...others, ...lists].map((key) => ask({ type: 'TYPE', key })),
    ...[...streams, ...others].flatMap((key) => [
      ask({ type: 'XRANGE', key, from: '-', to: '+' }),
      ask({ type: 'XINFO STREAM', key }),
      ask({ type: 'XINFO GROUPS', key }),
      ...groups.map((group) => pending(key, group)),
    ]),
    ...[...lists, ...others].map((key) => ask({ type: 'LRANGE', key, start: 0, stop: -1 })),
    ...others.flatMap((key) => [ask({ type: 'GET', key }), ask({ type: 'HGETALL', key }), ask({ type: 'PTTL', key })]),
  ]
}

describe('What the core of Redis propagates', () => {
  it('makes the same of an empty replica, though not how often an owner has looked at its entries again', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const [master, replica] = [makeCore(), makeCore()]
        replica.role = 'replica'
        let now = start
        let hasLookedAgain = false
        for (const { client, command } of plan) {
          now += 7
          if (master.isBlocked(client)) continue
          const { propagations, events } = master.execute(client, command, now)
          hasLookedAgain ||= events.some((event) => event.kind === 'delivered' && event.how === 'history')
          for (const { commands } of propagations) replica.apply(commands, now)
        }
        // A consumer that has nothing pending is not known to a replica.
        const shown = (core: ServerCore): string =>
          JSON.stringify(stateOf(core, now, !hasLookedAgain)).replaceAll(/"consumers",\d+/g, '')
        expect(shown(replica)).toBe(shown(master))
      }),
      { numRuns: 300 },
    )
  })

  it('makes the same again when the file is loaded later by a server whose clock is behind', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const [server, restarted] = [makeCore(), makeCore()]
        const file: (readonly Command[])[] = []
        for (const { client, command } of plan) {
          if (server.isBlocked(client)) continue
          for (const { commands, to } of server.execute(client, command, start).propagations)
            if (to === 'file-and-replicas') file.push(commands)
        }
        for (const commands of file) restarted.apply(commands, start - 500_000)
        expect(idsOf(restarted)).toBe(idsOf(server))
      }),
      { numRuns: 100 },
    )
  })
})

describe('A snapshot', () => {
  it('holds everything, and does not change when the server goes on', () => {
    fc.assert(
      fc.property(plans, fc.nat({ max: 30 }), (plan, place) => {
        const [server, copy] = [makeCore(), makeCore()]
        const play = (from: number, to: number): void => {
          for (const { client, command } of plan.slice(from, to))
            if (!server.isBlocked(client)) server.execute(client, command, start)
        }
        play(0, place)
        const expected = JSON.stringify(stateOf(server, start))
        const snapshot = server.snapshot()
        play(place, plan.length)
        copy.restore(snapshot, start)
        expect(JSON.stringify(stateOf(copy, start))).toBe(expected)
        copy.execute(1, { type: 'FLUSHALL' }, start)
        copy.restore(snapshot, start)
        expect(JSON.stringify(stateOf(copy, start))).toBe(expected)
      }),
      { numRuns: 100 },
    )
  })

  it('lets nobody go on with a transaction that watched a key', () => {
    const core = makeCore()
    const empty = core.snapshot()
    core.execute(1, { type: 'SET', key: 'x', value: 'a' }, start)
    core.execute(1, { type: 'WATCH', keys: ['x'] }, start)
    core.restore(empty, start)
    core.execute(1, { type: 'MULTI' }, start)
    expect(answerOf(core.execute(1, { type: 'EXEC' }, start))).toBeUndefined()
  })
})

function idsOf(core: ServerCore): string {
  const ask = (command: Command): Wire => answerOf(core.execute(clientCount, command, start), clientCount)
  return JSON.stringify([
    ...streams.map((key) => ask({ type: 'XRANGE', key, from: '-', to: '+' })),
    ...lists.map((key) => ask({ type: 'LRANGE', key, start: 0, stop: -1 })),
  ])
}
