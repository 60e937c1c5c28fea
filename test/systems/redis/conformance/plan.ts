import * as fc from 'fast-check'
import type { Command } from '../../../../src/systems/redis/core/command.ts'

/** What one of a few clients does. */
export interface Step {
  readonly client: number
  readonly command: Command
}

export const clientCount = 3
export const streams = ['s', 't'] as const
export const lists = ['l', 'm'] as const
export const others = ['x', 'n'] as const
export const groups = ['g', 'h'] as const

const stream = fc.oneof({ weight: 12, arbitrary: fc.constantFrom('s', 's', 't') }, fc.constantFrom('x', 'l'))
const list = fc.oneof({ weight: 12, arbitrary: fc.constantFrom('l', 'l', 'm') }, fc.constantFrom('x', 's'))
const other = fc.constantFrom('x', 'n', 'x', 'n', 'l', 's')
const group = fc.constantFrom('g', 'g', 'g', 'h')
const consumer = fc.constantFrom('a', 'b', 'c')
const value = fc.constantFrom('u', 'v', 'w', '1', '', '-12', '4000000000', 'a longer one')
const milliseconds = fc.constantFrom(0, 0, 30_000, 100_000)
const id = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat({ max: 3 })).map(([ms, seq]) => `${ms}-${seq}`),
  },
  fc.constantFrom('0-0', '7-1', '9-2', '30-1'),
)
const anyId = fc.oneof({ weight: 20, arbitrary: id }, fc.constantFrom('0', '3', '7', 'x', '1-y'))
const newId = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 40 }).map((ms) => `${ms}-1`) },
  { weight: 8, arbitrary: fc.constantFrom('1-*', '2-*', '2-*', '3-*', '3-*', '7-*', '20-*') },
  { weight: 1, arbitrary: anyId },
)
const lowEnd = fc.oneof(
  fc.constant('-'),
  fc.constant('-'),
  id,
  id.map((each) => `(${each}`),
  fc.constantFrom('(x', '+'),
)
const highEnd = fc.oneof(
  fc.constant('+'),
  fc.constant('+'),
  id,
  id.map((each) => `(${each}`),
  fc.constantFrom('9', '-'),
)
const count = fc.constantFrom(1, 2, 3, 10)
const ids = fc.array(anyId, { minLength: 1, maxLength: 3 })
const small = fc.integer({ min: -3, max: 6 })
const end = fc.constantFrom('LEFT', 'RIGHT')
const fields = fc
  .array(fc.tuple(fc.constantFrom('f', 'f', 'k'), value), { minLength: 1, maxLength: 2 })
  .map((pairs) => pairs.flat())

const trimming = fc.record(
  {
    strategy: fc.oneof(fc.record({ maxLength: fc.integer({ min: 0, max: 8 }) }), fc.record({ minId: anyId })),
    approximate: fc.constantFrom(false, false, true),
    limit: fc.constantFrom(0, 2, 4, 100),
  },
  { requiredKeys: ['strategy', 'approximate'] },
)

/** Puts the name of a command beside what belongs to it. */
function of<T extends Command['type'], R>(type: T, rest: fc.Arbitrary<R>): fc.Arbitrary<R & { readonly type: T }> {
  return rest.map((given) => ({ ...given, type }))
}

function weighted(weight: number, arbitrary: fc.Arbitrary<Command>): fc.WeightedArbitrary<Command> {
  return { weight, arbitrary }
}

const readPosition = fc.record({ key: stream, id: fc.oneof(anyId, fc.constantFrom('$', '$', '0')) })
const groupPosition = fc.record({
  key: stream,
  id: fc.oneof({ weight: 4, arbitrary: fc.constant('>') }, fc.constantFrom('0', '0', '0', '2-1', '$')),
})

const streamCommand: fc.Arbitrary<Command> = fc.oneof(
  weighted(
    22,
    of(
      'XADD',
      fc.record(
        { key: stream, id: newId, fields, noMakeStream: fc.constant(true), trimming },
        { requiredKeys: ['key', 'id', 'fields'] },
      ),
    ),
  ),
  weighted(22, of('XADD', fc.record({ key: stream, id: newId, fields }))),
  weighted(1, of('XADD', fc.record({ key: fc.constant('t'), id: fc.constant('*'), fields }))),
  weighted(3, of('XTRIM', fc.record({ key: stream, trimming }))),
  weighted(4, of('XDEL', fc.record({ key: stream, ids }))),
  weighted(1, of('XLEN', fc.record({ key: stream }))),
  weighted(
    2,
    of(
      'XRANGE',
      fc.record(
        { key: stream, from: lowEnd, to: highEnd, count: fc.constantFrom(0, 1, 2, 3) },
        { requiredKeys: ['key', 'from', 'to'] },
      ),
    ),
  ),
  weighted(
    2,
    of(
      'XREVRANGE',
      fc.record({ key: stream, from: highEnd, to: lowEnd, count }, { requiredKeys: ['key', 'from', 'to'] }),
    ),
  ),
  weighted(
    5,
    of(
      'XREAD',
      fc.record(
        {
          streams: fc.array(readPosition, { minLength: 1, maxLength: 2 }),
          count,
          block: fc.constantFrom(0, 0, 100_000, -1),
        },
        { requiredKeys: ['streams'] },
      ),
    ),
  ),
  weighted(
    20,
    of(
      'XREADGROUP',
      fc.record(
        {
          group,
          consumer,
          streams: fc.oneof(
            { weight: 4, arbitrary: fc.tuple(groupPosition) },
            fc.array(groupPosition, { minLength: 2, maxLength: 2 }),
          ),
          count,
          block: fc.constantFrom(0, 100_000),
          noAck: fc.constant(true),
        },
        { requiredKeys: ['group', 'consumer', 'streams'] },
      ),
    ),
  ),
  weighted(8, of('XACK', fc.record({ key: stream, group, ids }))),
  weighted(
    9,
    of(
      'XCLAIM',
      fc.record(
        {
          key: stream,
          group,
          consumer,
          minIdle: milliseconds,
          ids,
          idle: fc.constantFrom(50_000, 200_000),
          time: fc.constantFrom(1, 4_000_000_000_000),
          retryCount: fc.constantFrom(0, 5),
          force: fc.constant(true),
          justId: fc.constant(true),
          lastId: id,
        },
        { requiredKeys: ['key', 'group', 'consumer', 'minIdle', 'ids'] },
      ),
    ),
  ),
  weighted(
    6,
    of(
      'XAUTOCLAIM',
      fc.record(
        {
          key: stream,
          group,
          consumer,
          minIdle: milliseconds,
          start: lowEnd,
          count: fc.constantFrom(0, 1, 2, 10),
          justId: fc.constant(true),
        },
        { requiredKeys: ['key', 'group', 'consumer', 'minIdle', 'start'] },
      ),
    ),
  ),
  weighted(1, of('XPENDING', fc.record({ key: stream, group }))),
  weighted(
    3,
    of(
      'XPENDING',
      fc.record({
        key: stream,
        group,
        range: fc.record(
          { minIdle: fc.constantFrom(30_000), from: lowEnd, to: highEnd, count, consumer },
          { requiredKeys: ['from', 'to', 'count'] },
        ),
      }),
    ),
  ),
  weighted(
    10,
    of(
      'XGROUP CREATE',
      fc.record(
        {
          key: stream,
          group,
          id: fc.constantFrom('0', '0', '$', '2-1', 'x'),
          makeStream: fc.constant(true),
          entriesRead: fc.constantFrom(-1, 2, -2),
        },
        { requiredKeys: ['key', 'group', 'id'] },
      ),
    ),
  ),
  weighted(2, of('XGROUP SETID', fc.record({ key: stream, group, id: fc.constantFrom('0', '$', '2-1', '-', 'x') }))),
  weighted(1, of('XGROUP DESTROY', fc.record({ key: stream, group }))),
  weighted(1, of('XGROUP CREATECONSUMER', fc.record({ key: stream, group, consumer }))),
  weighted(2, of('XGROUP DELCONSUMER', fc.record({ key: stream, group, consumer }))),
  weighted(
    1,
    of(
      'XSETID',
      fc.record({ key: stream, id: anyId, entriesAdded: small, maxDeletedId: id }, { requiredKeys: ['key', 'id'] }),
    ),
  ),
  weighted(1, of('XINFO STREAM', fc.record({ key: stream }))),
  weighted(1, of('XINFO GROUPS', fc.record({ key: stream }))),
  weighted(1, of('XINFO CONSUMERS', fc.record({ key: stream, group }))),
)

const timeout = fc.constantFrom(0, 100, 1.5e3, -1)
const push = fc.record({ key: list, values: fc.array(value, { minLength: 1, maxLength: 3 }) })
const move = { source: list, destination: list }
const keys = fc.array(list, { minLength: 1, maxLength: 2 })

const listCommand: fc.Arbitrary<Command> = fc.oneof(
  weighted(8, of('LPUSH', push)),
  weighted(8, of('RPUSH', push)),
  weighted(1, of('RPUSHX', push)),
  weighted(3, of('LPOP', fc.record({ key: list, count: fc.constantFrom(0, 1, 2, -1) }, { requiredKeys: ['key'] }))),
  weighted(2, of('RPOP', fc.record({ key: list, count }, { requiredKeys: ['key'] }))),
  weighted(1, of('LLEN', fc.record({ key: list }))),
  weighted(2, of('LRANGE', fc.record({ key: list, start: small, stop: small }))),
  weighted(2, of('LTRIM', fc.record({ key: list, start: small, stop: small }))),
  weighted(1, of('LINDEX', fc.record({ key: list, index: small }))),
  weighted(3, of('LREM', fc.record({ key: list, count: fc.integer({ min: -2, max: 2 }), value }))),
  weighted(3, of('LMOVE', fc.record({ ...move, from: end, to: end }))),
  weighted(1, of('RPOPLPUSH', fc.record(move))),
  weighted(2, of('LMPOP', fc.record({ keys, end, count }, { requiredKeys: ['keys', 'end'] }))),
  weighted(5, of('BLPOP', fc.record({ keys, timeout }))),
  weighted(3, of('BRPOP', fc.record({ keys, timeout }))),
  weighted(5, of('BLMOVE', fc.record({ ...move, from: end, to: end, timeout }))),
  weighted(2, of('BRPOPLPUSH', fc.record({ ...move, timeout }))),
  weighted(3, of('BLMPOP', fc.record({ keys, end, count, timeout }, { requiredKeys: ['keys', 'end', 'timeout'] }))),
)

const field = fc.constantFrom('f', 'k')

const keyCommand: fc.Arbitrary<Command> = fc.oneof(
  weighted(4, of('DEL', fc.record({ keys: fc.array(fc.oneof(other, stream, list), { minLength: 1, maxLength: 2 }) }))),
  weighted(1, of('EXISTS', fc.record({ keys: fc.tuple(other, other) }))),
  weighted(1, of('TYPE', fc.record({ key: other }))),
  weighted(1, of('PTTL', fc.record({ key: other }))),
  weighted(1, of('PERSIST', fc.record({ key: other }))),
  weighted(2, of('PEXPIRE', fc.record({ key: other, milliseconds: fc.constantFrom(100_000, 0, -5) }))),
  weighted(1, of('PEXPIREAT', fc.record({ key: other, time: fc.constantFrom(4_000_000_000_000, 1) }))),
  weighted(
    6,
    of(
      'SET',
      fc.record(
        {
          key: other,
          value,
          only: fc.constantFrom('NX', 'NX', 'XX'),
          get: fc.constant(true),
          expiry: fc.oneof(
            fc.record({ px: fc.constantFrom(100_000, 0) }),
            fc.record({ pxat: fc.constant(4_000_000_000_000) }),
            fc.constant<'KEEPTTL'>('KEEPTTL'),
          ),
        },
        { requiredKeys: ['key', 'value'] },
      ),
    ),
  ),
  weighted(2, of('GET', fc.record({ key: other }))),
  weighted(1, of('GETDEL', fc.record({ key: other }))),
  weighted(2, of('INCRBY', fc.record({ key: other, increment: small }))),
  weighted(3, of('HSET', fc.record({ key: other, fields }))),
  weighted(1, of('HSETNX', fc.record({ key: other, field, value }))),
  weighted(1, of('HGET', fc.record({ key: other, field }))),
  weighted(1, of('HMGET', fc.record({ key: other, fields: fc.tuple(field, fc.constant('none')) }))),
  weighted(1, of('HDEL', fc.record({ key: other, fields: fc.tuple(field) }))),
  weighted(1, of('HGETALL', fc.record({ key: other }))),
  weighted(1, of('HINCRBY', fc.record({ key: other, field, increment: small }))),
)

const channel = fc.constantFrom('news', 'new', 'old')
const pattern = fc.constantFrom('n*', 'ne[w-z]?', '?l[^e]', 'new\\s', '*', '[^a]ews')

const pubSubCommand: fc.Arbitrary<Command> = fc.oneof(
  weighted(8, of('PUBLISH', fc.record({ channel, message: value }))),
  weighted(2, of('SPUBLISH', fc.record({ channel, message: value }))),
  weighted(3, of('SUBSCRIBE', fc.record({ channels: fc.array(channel, { minLength: 1, maxLength: 2 }) }))),
  weighted(3, of('PSUBSCRIBE', fc.record({ channels: fc.array(pattern, { minLength: 1, maxLength: 1 }) }))),
  weighted(2, of('SSUBSCRIBE', fc.record({ channels: fc.array(channel, { minLength: 1, maxLength: 1 }) }))),
  // Without a channel the server ends subscriptions in an order of its own.
  weighted(4, of('UNSUBSCRIBE', fc.record({ channels: fc.tuple(channel) }))),
  weighted(3, of('PUNSUBSCRIBE', fc.record({ channels: fc.tuple(pattern) }))),
  weighted(1, of('SUNSUBSCRIBE', fc.record({ channels: fc.tuple(channel) }))),
)

const transactionCommand: fc.Arbitrary<Command> = fc.oneof(
  weighted(4, of('MULTI', fc.constant({}))),
  weighted(6, of('EXEC', fc.constant({}))),
  weighted(1, of('DISCARD', fc.constant({}))),
  weighted(2, of('WATCH', fc.record({ keys: fc.tuple(fc.oneof(other, stream, list)) }))),
  weighted(1, of('UNWATCH', fc.constant({}))),
)

function planOf(
  minLength: number,
  maxLength: number,
  ...commands: fc.WeightedArbitrary<Command>[]
): fc.Arbitrary<readonly Step[]> {
  const client = fc.nat({ max: clientCount - 1 })
  return fc.array(fc.record({ client, command: fc.oneof(...commands) }), { minLength, maxLength })
}

const addition: Command = { type: 'XADD', key: 's', id: '1-*', fields: ['f', 'u'] }

/** A stream with a few entries and a group that has read nothing. */
const someStream: readonly Step[] = [
  ...[addition, addition, addition].map((command) => ({ client: 0, command })),
  { client: 0, command: { type: 'XGROUP CREATE', key: 's', group: 'g', id: '0' } },
]

/** Random plans, each about one thing and a little of the others. */
export const plans: fc.Arbitrary<readonly Step[]> = fc.oneof(
  planOf(20, 60, weighted(30, streamCommand), weighted(1, keyCommand), weighted(2, transactionCommand)).map((steps) => [
    ...someStream,
    ...steps,
  ]),
  planOf(20, 60, weighted(30, streamCommand), weighted(1, keyCommand), weighted(2, transactionCommand)),
  planOf(15, 40, weighted(20, listCommand), weighted(2, keyCommand), weighted(2, transactionCommand)),
  planOf(15, 40, weighted(20, keyCommand), weighted(4, transactionCommand)),
  planOf(15, 30, weighted(20, pubSubCommand), weighted(1, keyCommand), weighted(1, transactionCommand)),
  planOf(
    20,
    50,
    weighted(8, streamCommand),
    weighted(8, listCommand),
    weighted(5, keyCommand),
    weighted(4, transactionCommand),
  ),
)
