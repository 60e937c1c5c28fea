import * as fc from 'fast-check'
import type { Redis } from 'ioredis'
import { coreRedis } from './core-cache.ts'

const key = fc.constantFrom('a', 'a', 'b', 'c')
const text = fc.constantFrom('', 'x', 'ä', '1', '-5', '10', '3.5', '9223372036854775807', '007')
const member = fc.constantFrom('x', 'y', 'z', '1')
const number = fc.constantFrom('0', '1', '-1', '2', '5', 'x', '1.5')
const score = fc.constantFrom('1', '2', '2', '-3', '0.5', 'inf', 'x')
const bound = fc.constantFrom('1', '(1', '-inf', '+inf', '2', 'x')
const seconds = fc.constantFrom('100', '1000', '0', '-1', 'x')

type Words = readonly string[]

const of = (name: string, ...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<Words> =>
  fc.tuple(...parts).map((given) => [name, ...given])

/** A command with arguments, some of which are wrong. */
const command: fc.Arbitrary<Words> = fc.oneof(
  ...['get', 'getdel', 'incr', 'decr', 'strlen', 'ttl', 'persist', 'hgetall', 'hkeys', 'hvals', 'hlen', 'scard'].map(
    (name) => of(name, key),
  ),
  ...['zcard', 'lpop', 'rpop', 'llen', 'exists', 'del', 'unlink', 'type', 'zpopmin', 'smembers'].map((name) =>
    of(name, key),
  ),
  ...['set', 'set', 'setnx', 'getset', 'append'].map((name) => of(name, key, text)),
  ...['incrby', 'decrby', 'lindex'].map((name) => of(name, key, number)),
  ...['expire', 'pexpire'].map((name) => of(name, key, seconds)),
  of('expire', key, seconds, fc.constantFrom('NX', 'XX', 'no')),
  of('expire', key, seconds, fc.constant('LT')),
  // GT needs a point in time: the same time to live once more is later by the milliseconds that pass on a real server, and no later in no time.
  of('expireat', key, fc.constantFrom('4000000000', '4000000001'), fc.constantFrom('GT', 'LT', 'NX', 'XX')),
  // With more digits than the server keeps it rounds in a way of its own.
  of('incrbyfloat', fc.constant('f'), fc.constantFrom('0.5', '0.25', '-3', '1e2', 'x')),
  of('set', fc.constant('f'), fc.constantFrom('3.0', '10.75', 'x', '0.7')),
  of('setex', key, seconds, text),
  of('psetex', key, seconds, text),
  fc
    .tuple(
      key,
      text,
      fc.subarray(['NX', 'XX', 'GET', 'KEEPTTL', 'EX 100', 'PX 9000', 'EX 0', 'wrong'], { maxLength: 3 }),
    )
    .map(([to, value, words]) => ['set', to, value, ...words.flatMap((word) => word.split(' '))]),
  of('mget', key, key),
  of('mset', key, text, key, text),
  of('getrange', key, number, number),
  ...['hget', 'hexists', 'hdel', 'sismember', 'sadd', 'srem', 'zscore', 'zrem', 'zrank'].map((name) =>
    of(name, key, member),
  ),
  of('hset', key, member, text),
  of('hset', key, member, text, member),
  of('hsetnx', key, member, text),
  of('hmget', key, member, member),
  of('hincrby', key, member, number),
  of('sadd', key, member, member),
  of('zadd', key, score, member),
  of('zadd', key, fc.constantFrom('NX', 'XX', 'GT', 'CH', 'LT'), score, member),
  of('zadd', key, score, member, score, member),
  of('zincrby', key, fc.constantFrom('1', '2', '-3'), member),
  ...['zrangebyscore', 'zremrangebyscore', 'zcount'].map((name) => of(name, key, bound, bound)),
  of('zrangebyscore', key, bound, bound, fc.constant('WITHSCORES'), fc.constant('LIMIT'), number, number),
  of('zrange', key, number, number, fc.constantFrom('WITHSCORES', 'wrong')),
  ...['lpush', 'rpush', 'lpushx'].map((name) => of(name, key, member, member)),
  of('lrange', key, number, number),
  of('lrem', key, number, member),
  of('lpop', key, number),
  fc.constantFrom(
    ['multi'],
    ['exec'],
    ['exec'],
    ['discard'],
    ['watch', 'a'],
    ['unwatch'],
    ['get'],
    ['nonsense', 'a'],
    ['ping'],
    ['echo', 'x'],
  ),
)

/** Commands whose answers the server gives in an order of its own. */
const unordered = ['smembers', 'hgetall', 'hkeys', 'hvals']

async function seen(client: Redis, [name = '', ...given]: Words): Promise<string> {
  try {
    const reply: unknown = await client.call(name, ...given)
    return JSON.stringify(unordered.includes(name) && Array.isArray(reply) ? reply.toSorted() : reply)
  } catch (error) {
    // What a server says of a command that it does not know lists what it was given.
    return String(error).replace(/, with args beginning with:.*/, '')
  }
}

/** Executes many random sequences of commands on both; what differs is thrown. */
export async function compareCommands(real: Redis, sequences: number, seed: number): Promise<number> {
  let compared = 0
  const ours = coreRedis()
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 10, maxLength: 40 }), async (words) => {
      await seen(real, ['discard'])
      await seen(ours, ['discard'])
      await real.call('flushall')
      for (const each of ['a', 'b', 'c', 'f']) await seen(ours, ['del', each])
      for (const [place, each] of words.entries()) {
        const [one, other] = [await seen(ours, each), await seen(real, each)]
        if (one !== other)
          throw new Error(
            `${words
              .slice(0, place + 1)
              .map((line) => line.join(' '))
              .join('\n')}\n real ${other}\n ours ${one}`,
          )
        compared++
      }
    }),
    { numRuns: sequences, seed },
  )
  return compared
}
