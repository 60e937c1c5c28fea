import * as fc from 'fast-check'
import type { Command } from '../../../../src/systems/redis/core/command.ts'
import type { EntryReply } from '../../../../src/systems/redis/core/reply.ts'
import { compareIds, parseId } from '../../../../src/systems/redis/core/stream-id.ts'
import type { Executes } from './core.ts'
import { answerOf } from './core.ts'

/** Something that must hold whatever happens, on a server that stays alive. It returns what is wrong. */
export interface Control {
  readonly name: string
  readonly property: (make: () => Executes) => fc.IProperty<unknown>
}

const key = 's'
const group = 'g'
const consumers = ['a', 'b', 'c'] as const

/** A clock that goes on, and at times back. */
const clockStep = fc.oneof({ weight: 5, arbitrary: fc.nat({ max: 5 }) }, fc.integer({ min: -1000, max: 0 }))

const idsIncrease: Control = {
  name: 'the ids of a stream increase and never repeat, even if the clock goes back',
  property: (make) => {
    const change = fc.oneof(
      { weight: 6, arbitrary: fc.constant<Command>({ type: 'XADD', key, id: '*', fields: ['f', 'v'] }) },
      fc.constant<Command>({ type: 'XTRIM', key, trimming: { strategy: { maxLength: 1 }, approximate: false } }),
      fc.constant<Command>({ type: 'XTRIM', key, trimming: { strategy: { maxLength: 0 }, approximate: false } }),
    )
    return fc.property(fc.array(fc.tuple(change, clockStep), { maxLength: 40 }), (steps) => {
      const server = make()
      let now = 1_000_000
      let last = { ms: 0, seq: 0 }
      for (const [command, step] of steps) {
        now += step
        const answer = answerOf(server.execute(1, command, now))
        if (command.type !== 'XADD') continue
        const id = parseId(String(answer))
        if (id === undefined || compareIds(id, last) <= 0)
          throw new Error(`${String(answer)} comes after ${last.ms}-${last.seq}`)
        last = id
      }
    })
  },
}

const claimedOnce: Control = {
  name: 'of several who claim an entry with the same idle time one gets it',
  property: (make) => {
    const claimers = fc.array(
      fc.record({
        consumer: fc.constantFrom(...consumers),
        after: fc.nat({ max: 20 }),
        how: fc.constantFrom('XCLAIM', 'XAUTOCLAIM', 'XREADGROUP'),
      }),
      { minLength: 2, maxLength: 5 },
    )
    return fc.property(claimers, fc.integer({ min: 100, max: 500 }), (attempts, minIdle) => {
      const server = make()
      let now = 1_000_000
      server.execute(1, { type: 'XADD', key, id: '*', fields: ['f', 'v'] }, now)
      server.execute(1, { type: 'XGROUP CREATE', key, group, id: '0' }, now)
      const [id = ''] = idsIn(server, { type: 'XREADGROUP', group, consumer: 'dead', streams: [{ key, id: '>' }] }, now)
      now += minIdle
      let winners = 0
      for (const { consumer, after, how } of attempts) {
        now += after
        winners += idsIn(server, claimCommand(how, consumer, id, minIdle), now).length
      }
      if (winners !== 1) throw new Error(`${winners} consumers got the entry`)
    })
  },
}

const deliveredOnce: Control = {
  name: 'in a group an entry is handed out as new once, and what stays in the stream is',
  property: (make) => {
    const consumer = fc.constantFrom(...consumers)
    const step: fc.Arbitrary<Command> = fc.oneof(
      { weight: 4, arbitrary: fc.constant<Command>({ type: 'XADD', key, id: '*', fields: ['f', 'v'] }) },
      {
        weight: 5,
        arbitrary: fc.record({
          type: fc.constant<'XREADGROUP'>('XREADGROUP'),
          group: fc.constant(group),
          consumer,
          streams: fc.constant([{ key, id: '>' }]),
          count: fc.constantFrom(1, 2, 10),
        }),
      },
      fc.record({
        type: fc.constant<'XAUTOCLAIM'>('XAUTOCLAIM'),
        key: fc.constant(key),
        group: fc.constant(group),
        consumer,
        minIdle: fc.constantFrom(0, 3),
        start: fc.constant('0'),
      }),
      fc.constant<Command>({ type: 'XTRIM', key, trimming: { strategy: { maxLength: 2 }, approximate: false } }),
      fc.constant<Command>({ type: 'XREADGROUP', group, consumer: 'a', streams: [{ key, id: '0' }] }),
    )
    return fc.property(fc.array(fc.tuple(step, fc.nat({ max: 4 })), { maxLength: 40 }), (steps) => {
      const server = make()
      let now = 1_000_000
      server.execute(1, { type: 'XGROUP CREATE', key, group, id: '0', makeStream: true }, now)
      const handed = new Set<string>()
      const take = (command: Command): void => {
        for (const id of idsIn(server, command, now)) {
          if (handed.has(id)) throw new Error(`${id} was handed out twice`)
          handed.add(id)
        }
      }
      for (const [command, passed] of steps) {
        now += passed
        if (command.type === 'XREADGROUP' && command.streams[0]?.id === '>') take(command)
        else server.execute(1, command, now)
      }
      take({ type: 'XREADGROUP', group, consumer: 'a', streams: [{ key, id: '>' }] })
      for (const id of idsIn(server, { type: 'XRANGE', key, from: '-', to: '+' }, now))
        if (!handed.has(id)) throw new Error(`${id} was never handed out`)
    })
  },
}

const inOneList: Control = {
  name: 'an element that is moved is in exactly one list',
  property: (make) => {
    const list = fc.constantFrom('pending', 'processing', 'done')
    const end = fc.constantFrom<'LEFT' | 'RIGHT'>('LEFT', 'RIGHT')
    const move = { source: list, destination: list, from: end, to: end }
    const step: fc.Arbitrary<Command | 'push'> = fc.oneof(
      { weight: 2, arbitrary: fc.constant<'push'>('push') },
      fc.record({ type: fc.constant<'LMOVE'>('LMOVE'), ...move }),
      { weight: 3, arbitrary: fc.record({ type: fc.constant<'BLMOVE'>('BLMOVE'), ...move, timeout: fc.constant(0) }) },
    )
    return fc.property(fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), step), { maxLength: 30 }), (steps) => {
      const server = make()
      const waiting = new Set<number>()
      let pushed = 0
      for (const [client, what] of steps) {
        if (waiting.has(client)) continue
        const command: Command = what === 'push' ? { type: 'LPUSH', key: 'pending', values: [`job ${pushed++}`] } : what
        const execution = server.execute(client, command, 0)
        if (execution.waits !== undefined) waiting.add(client)
        for (const answer of execution.answers) waiting.delete(answer.client)
        const found = ['pending', 'processing', 'done'].flatMap((name) => elementsOf(server, name)).sort()
        const expected = Array.from({ length: pushed }, (_, number) => `job ${number}`).sort()
        if (JSON.stringify(found) !== JSON.stringify(expected)) throw new Error(`there are ${found.join()}`)
      }
    })
  },
}

const [windowMillis, windowIds] = [10_000, 3] as const

const addedOnce: Control = {
  name: 'what a producer adds again inside both windows is not added, and has the id that it had',
  property: (make) => {
    const step = fc.record({
      producer: fc.constantFrom('p', 'q'),
      id: fc.constantFrom('1', '2', '3', '4', '5'),
      passed: fc.constantFrom(0, 100, 4000, 9999),
    })
    return fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const server = make()
      let now = 1_000_000
      const add = (producer: string, id: string): string =>
        String(
          answerOf(
            server.execute(1, { type: 'XADD', key, id: '*', fields: ['f', id], idempotency: { producer, id } }, now),
          ),
        )
      add('nobody', '0')
      server.execute(1, { type: 'XCFGSET', key, duration: windowMillis / 1000, maxSize: windowIds }, now)
      // By producer, the newest last.
      const added = new Map<string, { id: string; at: number; entry: string }[]>()
      for (const { producer, id, passed } of steps) {
        now += passed
        const own = added.get(producer) ?? []
        const known = own.slice(-windowIds).find((each) => each.id === id && now - each.at < windowMillis)
        const length = Number(answerOf(server.execute(1, { type: 'XLEN', key }, now)))
        const entry = add(producer, id)
        const grown = Number(answerOf(server.execute(1, { type: 'XLEN', key }, now))) - length
        if (known !== undefined && (entry !== known.entry || grown !== 0))
          throw new Error(`${id} of ${producer} was ${known.entry} and is ${entry}`)
        if (known === undefined) added.set(producer, [...own.filter((each) => each.id !== id), { id, at: now, entry }])
      }
    })
  },
}

const acknowledgedOnce: Control = {
  name: 'acknowledging again does nothing',
  property: (make) =>
    fc.property(fc.array(fc.tuple(fc.nat({ max: 5 }), fc.constantFrom(...consumers)), { maxLength: 12 }), (steps) => {
      const server = make()
      for (let number = 0; number < 6; number++)
        server.execute(1, { type: 'XADD', key, id: `${number + 1}-0`, fields: ['f', 'v'] }, 0)
      server.execute(1, { type: 'XGROUP CREATE', key, group, id: '0' }, 0)
      const acknowledged = new Set<number>()
      for (const [number, consumer] of steps) {
        server.execute(1, { type: 'XREADGROUP', group, consumer, streams: [{ key, id: '>' }], count: 1 }, 0)
        const isPending =
          idsIn(
            server,
            { type: 'XPENDING', key, group, range: { from: `${number + 1}-0`, to: `${number + 1}-0`, count: 1 } },
            0,
          ).length === 1
        const answer = answerOf(server.execute(1, { type: 'XACK', key, group, ids: [`${number + 1}-0`] }, 0))
        if (answer !== (isPending ? 1 : 0)) throw new Error(`the answer is ${String(answer)}`)
        if (acknowledged.has(number) && isPending) throw new Error(`${number + 1}-0 is pending again`)
        if (answer === 1) acknowledged.add(number)
      }
    }),
}

const heardInOrder: Control = {
  name: 'one subscriber of one channel hears everything in the order of publishing, once',
  property: (make) =>
    fc.property(fc.array(fc.constantFrom<'news' | 'weather'>('news', 'weather'), { maxLength: 20 }), (channels) => {
      const server = make()
      server.execute(2, { type: 'SUBSCRIBE', channels: ['news'] }, 0)
      const heard: string[] = []
      for (const [number, channel] of channels.entries()) {
        const { answers } = server.execute(1, { type: 'PUBLISH', channel, message: String(number) }, 0)
        for (const { client, reply } of answers)
          if (client === 2 && reply.type === 'message') heard.push(String(reply.message))
      }
      const expected = [...channels.entries()]
        .filter(([, channel]) => channel === 'news')
        .map(([number]) => String(number))
      if (heard.join() !== expected.join()) throw new Error(`heard ${heard.join()}`)
    }),
}

export const controls: Readonly<Record<string, Control>> = {
  idsIncrease,
  claimedOnce,
  deliveredOnce,
  inOneList,
  heardInOrder,
  addedOnce,
  acknowledgedOnce,
}

function claimCommand(how: string, consumer: string, id: string, minIdle: number): Command {
  if (how === 'XCLAIM') return { type: 'XCLAIM', key, group, consumer, minIdle, ids: [id] }
  if (how === 'XAUTOCLAIM') return { type: 'XAUTOCLAIM', key, group, consumer, minIdle, start: '0' }
  return { type: 'XREADGROUP', group, consumer, streams: [{ key, id: '>' }], claim: minIdle }
}

/** The ids of the entries in an answer. */
function idsIn(server: Executes, command: Command, now: number): readonly string[] {
  const reply = server.execute(1, command, now).answers[0]?.reply
  const idOf = ({ id }: EntryReply): string => id
  if (reply?.type === 'streams') return reply.streams.flatMap(({ entries }) => entries.map(idOf))
  if (reply?.type === 'entries' || reply?.type === 'auto-claimed') return reply.entries.map(idOf)
  return reply?.type === 'pending' ? reply.entries.map(({ id }) => id) : []
}

function elementsOf(server: Executes, name: string): readonly string[] {
  const reply = server.execute(9, { type: 'LRANGE', key: name, start: 0, stop: -1 }, 0).answers[0]?.reply
  return reply?.type === 'bulks' ? reply.values.map(String) : []
}
