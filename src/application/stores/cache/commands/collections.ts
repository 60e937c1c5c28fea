import { dataOf } from '../data.ts'
import type { Reply } from '../reply.ts'
import { CommandError } from '../reply.ts'
import type { KeyCommand, Keys } from './key-command.ts'
import { added, count, define, float, floatText, integer, put, range } from './key-command.ts'

const any = Infinity

function hash(keys: Keys, key: string): Map<string, string> {
  return new Map(dataOf(keys.read(key), 'hash')?.fields)
}

function members(keys: Keys, key: string): Set<string> {
  return new Set(dataOf(keys.read(key), 'set')?.members)
}

function list(keys: Keys, key: string): readonly string[] {
  return dataOf(keys.read(key), 'list')?.items ?? []
}

function hset([key = '', ...given]: readonly string[], keys: Keys, name: string): number {
  if (given.length % 2 !== 0) throw new CommandError(`ERR wrong number of arguments for '${name}' command`)
  const fields = hash(keys, key)
  const before = fields.size
  for (let place = 0; place < given.length; place += 2) fields.set(given[place] ?? '', given[place + 1] ?? '')
  put(keys, key, { type: 'hash', fields })
  return fields.size - before
}

export const hashCommands: readonly KeyCommand[] = [
  define('hset', 3, any, (given, keys) => hset(given, keys, 'hset')),
  define('hmset', 3, any, (given, keys) => {
    hset(given, keys, 'hmset')
    return { status: 'OK' }
  }),
  define('hsetnx', 3, 3, ([key = '', field = '', value = ''], keys) =>
    hash(keys, key).has(field) ? 0 : hset([key, field, value], keys, 'hsetnx'),
  ),
  define('hget', 2, 2, ([key = '', field = ''], keys) => hash(keys, key).get(field) ?? null),
  define('hmget', 2, any, ([key = '', ...fields], keys) => fields.map((field) => hash(keys, key).get(field) ?? null)),
  define('hgetall', 1, 1, ([key = ''], keys) => [...hash(keys, key)].flat()),
  define('hkeys', 1, 1, ([key = ''], keys) => [...hash(keys, key).keys()]),
  define('hvals', 1, 1, ([key = ''], keys) => [...hash(keys, key).values()]),
  define('hlen', 1, 1, ([key = ''], keys) => hash(keys, key).size),
  define('hexists', 2, 2, ([key = '', field = ''], keys) => (hash(keys, key).has(field) ? 1 : 0)),
  define('hdel', 2, any, ([key = '', ...gone], keys) => {
    const fields = hash(keys, key)
    const removed = gone.filter((field) => fields.delete(field)).length
    if (removed > 0) put(keys, key, { type: 'hash', fields })
    return removed
  }),
  define('hincrby', 3, 3, ([key = '', field = '', by], keys) => {
    const increment = integer(by)
    const fields = hash(keys, key)
    const text = fields.get(field) ?? '0'
    if (!/^(0|-?[1-9]\d*)$/.test(text)) throw new CommandError('ERR hash value is not an integer')
    const value = added(integer(text), increment)
    put(keys, key, { type: 'hash', fields: fields.set(field, String(value)) })
    return value
  }),
]

export const setCommands: readonly KeyCommand[] = [
  define('sadd', 2, any, ([key = '', ...more], keys) => {
    const all = members(keys, key)
    const before = all.size
    for (const member of more) all.add(member)
    if (all.size > before) put(keys, key, { type: 'set', members: all })
    return all.size - before
  }),
  define('srem', 2, any, ([key = '', ...gone], keys) => {
    const all = members(keys, key)
    const removed = gone.filter((member) => all.delete(member)).length
    if (removed > 0) put(keys, key, { type: 'set', members: all })
    return removed
  }),
  define('sismember', 2, 2, ([key = '', member = ''], keys) => (members(keys, key).has(member) ? 1 : 0)),
  define('smismember', 2, any, ([key = '', ...asked], keys) =>
    asked.map((each) => (members(keys, key).has(each) ? 1 : 0)),
  ),
  define('smembers', 1, 1, ([key = ''], keys) => [...members(keys, key)]),
  define('scard', 1, 1, ([key = ''], keys) => members(keys, key).size),
]

function scores(keys: Keys, key: string): Map<string, number> {
  return new Map(dataOf(keys.read(key), 'zset')?.scores)
}

/** By score, then by member. */
function inOrder(all: ReadonlyMap<string, number>): readonly (readonly [string, number])[] {
  return [...all].sort(([one, score], [other, otherScore]) => score - otherScore || (one < other ? -1 : 1))
}

function bound(text: string | undefined): Bound {
  const isOpen = text?.startsWith('(') === true
  return { value: float(isOpen ? text?.slice(1) : text, 'ERR min or max is not a float'), isOpen }
}

interface Bound {
  readonly value: number
  readonly isOpen: boolean
}

/** Bounds are looked at before the key is. */
function bounds(from: string | undefined, to: string | undefined): readonly [Bound, Bound] {
  return [bound(from), bound(to)]
}

function between(
  all: ReadonlyMap<string, number>,
  [low, high]: readonly [Bound, Bound],
): readonly (readonly [string, number])[] {
  return inOrder(all).filter(
    ([, score]) =>
      (low.isOpen ? score > low.value : score >= low.value) && (high.isOpen ? score < high.value : score <= high.value),
  )
}

function shown(pairs: readonly (readonly [string, number])[], withScores: boolean): Reply {
  return pairs.flatMap(([member, score]) => (withScores ? [member, floatText(score)] : [member]))
}

function remove(keys: Keys, key: string, gone: readonly string[]): number {
  const all = scores(keys, key)
  const removed = gone.filter((member) => all.delete(member)).length
  if (removed > 0) put(keys, key, { type: 'zset', scores: all })
  return removed
}

function zadd([key = '', ...words]: readonly string[], keys: Keys): Reply {
  const first = words.findIndex((word) => !['NX', 'XX', 'GT', 'LT', 'CH'].includes(word.toUpperCase()))
  const options = new Set(words.slice(0, Math.max(0, first)).map((word) => word.toUpperCase()))
  const given = words.slice(Math.max(0, first))
  if (given.length === 0 || given.length % 2 !== 0) throw new CommandError('ERR syntax error')
  if (options.has('NX') && (options.has('XX') || options.has('GT') || options.has('LT')))
    throw new CommandError(
      options.has('XX')
        ? 'ERR XX and NX options at the same time are not compatible'
        : 'ERR GT, LT, and/or NX options at the same time are not compatible',
    )
  const values = given.flatMap((text, place) => (place % 2 === 0 ? [float(text)] : []))
  const all = scores(keys, key)
  let [come, changed] = [0, 0]
  for (const [place, score] of values.entries()) {
    const member = given[place * 2 + 1] ?? ''
    const before = all.get(member)
    const isLeftOut =
      before === undefined
        ? options.has('XX')
        : options.has('NX') || (options.has('GT') && score <= before) || (options.has('LT') && score >= before)
    if (isLeftOut) continue
    if (before === undefined) come++
    else if (before !== score) changed++
    all.set(member, score)
  }
  if (come + changed > 0) put(keys, key, { type: 'zset', scores: all })
  return options.has('CH') ? come + changed : come
}

export const sortedSetCommands: readonly KeyCommand[] = [
  define('zadd', 3, any, zadd),
  define('zrem', 2, any, ([key = '', ...gone], keys) => remove(keys, key, gone)),
  define('zcard', 1, 1, ([key = ''], keys) => scores(keys, key).size),
  define('zscore', 2, 2, ([key = '', member = ''], keys) => {
    const score = scores(keys, key).get(member)
    return score === undefined ? null : floatText(score)
  }),
  define('zincrby', 3, 3, ([key = '', by, member = ''], keys) => {
    const all = scores(keys, key)
    const score = (all.get(member) ?? 0) + float(by)
    put(keys, key, { type: 'zset', scores: all.set(member, score) })
    return floatText(score)
  }),
  define('zcount', 3, 3, ([key = '', from, to], keys) => {
    const wanted = bounds(from, to)
    return between(scores(keys, key), wanted).length
  }),
  define('zrank', 2, 2, ([key = '', member = ''], keys) => {
    const place = inOrder(scores(keys, key)).findIndex(([each]) => each === member)
    return place < 0 ? null : place
  }),
  define('zrange', 3, 4, ([key = '', from, to, word], keys) => {
    if (word !== undefined && word.toUpperCase() !== 'WITHSCORES') throw new CommandError('ERR syntax error')
    const [first, last] = [count(from), count(to)]
    return shown(range(inOrder(scores(keys, key)), first, last), word !== undefined)
  }),
  define('zrangebyscore', 3, 7, ([key = '', from, to, ...words], keys) => {
    const upper = words.map((word) => word.toUpperCase())
    const limit = upper.indexOf('LIMIT')
    const known = upper.filter(
      (word, place) => word === 'WITHSCORES' || (limit >= 0 && place >= limit && place <= limit + 2),
    )
    if (known.length !== words.length || (limit >= 0 && words.length < limit + 3))
      throw new CommandError('ERR syntax error')
    const [skip, most] = limit < 0 ? [0, -1] : [count(words[limit + 1]), count(words[limit + 2])]
    const wanted = bounds(from, to)
    const found = between(scores(keys, key), wanted)
    return shown(skip < 0 ? [] : found.slice(skip, most < 0 ? undefined : skip + most), upper.includes('WITHSCORES'))
  }),
  define('zremrangebyscore', 3, 3, ([key = '', from, to], keys) => {
    const wanted = bounds(from, to)
    const gone = between(scores(keys, key), wanted).map(([member]) => member)
    return remove(keys, key, gone)
  }),
  define('zpopmin', 1, 2, ([key = '', most = '1'], keys) => {
    const popped = inOrder(scores(keys, key)).slice(0, count(most))
    remove(
      keys,
      key,
      popped.map(([member]) => member),
    )
    return shown(popped, true)
  }),
]

function push(keys: Keys, key: string, values: readonly string[], side: 'left' | 'right', mustExist: boolean): number {
  const items = list(keys, key)
  if (mustExist && items.length === 0) return 0
  const all = side === 'left' ? [...values.toReversed(), ...items] : [...items, ...values]
  put(keys, key, { type: 'list', items: all })
  return all.length
}

/** A count that is not negative. */
function positive(text: string): number {
  const value = /^-?\d+$/.test(text) ? count(text) : -1
  if (value < 0) throw new CommandError('ERR value is out of range, must be positive')
  return value
}

function pop(keys: Keys, key: string, side: 'left' | 'right', most: string | undefined): Reply {
  const wanted = most === undefined ? 1 : positive(most)
  const items = list(keys, key)
  if (items.length === 0) return null
  const popped = side === 'left' ? items.slice(0, wanted) : items.slice(Math.max(0, items.length - wanted)).toReversed()
  const left = side === 'left' ? items.slice(wanted) : items.slice(0, Math.max(0, items.length - wanted))
  if (popped.length > 0) put(keys, key, { type: 'list', items: left })
  return most === undefined ? (popped[0] ?? null) : popped
}

export const listCommands: readonly KeyCommand[] = [
  define('lpush', 2, any, ([key = '', ...values], keys) => push(keys, key, values, 'left', false)),
  define('rpush', 2, any, ([key = '', ...values], keys) => push(keys, key, values, 'right', false)),
  define('lpushx', 2, any, ([key = '', ...values], keys) => push(keys, key, values, 'left', true)),
  define('rpushx', 2, any, ([key = '', ...values], keys) => push(keys, key, values, 'right', true)),
  define('lpop', 1, 2, ([key = '', most], keys) => pop(keys, key, 'left', most)),
  define('rpop', 1, 2, ([key = '', most], keys) => pop(keys, key, 'right', most)),
  define('llen', 1, 1, ([key = ''], keys) => list(keys, key).length),
  define('lrange', 3, 3, ([key = '', from, to], keys) => {
    const [first, last] = [count(from), count(to)]
    return range(list(keys, key), first, last)
  }),
  define('lindex', 2, 2, ([key = '', place], keys) => {
    const items = list(keys, key)
    return items.length === 0 ? null : (items.at(count(place)) ?? null)
  }),
  define('lrem', 3, 3, ([key = '', many, value = ''], keys) => {
    const wanted = count(many)
    const items = [...list(keys, key)]
    let removed = 0
    const places = wanted < 0 ? [...items.keys()].toReversed() : [...items.keys()]
    const gone = new Set(
      places.filter((place) => items[place] === value && (wanted === 0 || removed++ < Math.abs(wanted))),
    )
    if (gone.size > 0) put(keys, key, { type: 'list', items: items.filter((_, place) => !gone.has(place)) })
    return gone.size
  }),
]
