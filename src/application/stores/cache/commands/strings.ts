import { addDecimals, decimalOf, decimalText } from '../../database/core/functions/decimal.ts'
import { dataOf } from '../data.ts'
import type { Reply } from '../reply.ts'
import { CommandError, ok } from '../reply.ts'
import type { KeyCommand, Keys } from './key-command.ts'
import { added, count, define, float, floatText, integer, put, syntaxError } from './key-command.ts'
import { lifetime } from './lifetimes.ts'

const any = Infinity

function valueOf(keys: Keys, key: string): string | null {
  return dataOf(keys.read(key), 'string')?.value ?? null
}

function store(keys: Keys, key: string, value: string, until?: number): void {
  keys.write(key, { type: 'string', value }, until)
}

function set([key = '', value = '', ...words]: readonly string[], keys: Keys): Reply {
  let time: { readonly unit: string; readonly text: string } | undefined
  let [isNew, isOld, gets, keeps] = [false, false, false, false]
  for (let place = 0; place < words.length; place++) {
    const word = (words[place] ?? '').toUpperCase()
    const text = words[place + 1]
    if (word === 'NX' && !isOld) isNew = true
    else if (word === 'XX' && !isNew) isOld = true
    else if (word === 'GET') gets = true
    else if (word === 'KEEPTTL' && time === undefined) keeps = true
    else if (units.includes(word) && text !== undefined && !keeps && (time === undefined || time.unit === word)) {
      time = { unit: word, text }
      place++
    } else throw syntaxError()
  }
  const until = time === undefined ? undefined : lifetime(time.unit, time.text, keys.now, 'set')
  const before = gets ? valueOf(keys, key) : null
  const exists = keys.read(key) !== undefined
  const isSet = !(isNew && exists) && !(isOld && !exists)
  if (isSet) store(keys, key, value, keeps ? keys.untilOf(key) : until)
  if (gets) return before
  return isSet ? ok : null
}

const units = ['EX', 'PX', 'EXAT', 'PXAT']

function increment(keys: Keys, key: string, by: bigint): Reply {
  const value = added(integer(valueOf(keys, key) ?? '0'), by)
  put(keys, key, { type: 'string', value: String(value) })
  return value
}

/** Exact, as the server counts with more digits than a double has. */
function floatSum(one: string, other: string | undefined): string {
  const sum = float(one) + float(other)
  const [left, right] = [decimalOf(one), decimalOf(other ?? '')]
  if (!Number.isFinite(sum)) throw new CommandError('ERR increment would produce NaN or Infinity')
  if (left === undefined || right === undefined) return floatText(sum)
  const text = decimalText(addDecimals(left, right))
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text
}

function pairs(given: readonly string[], name: string): readonly (readonly [string, string])[] {
  if (given.length % 2 !== 0) throw new CommandError(`ERR wrong number of arguments for '${name}' command`)
  return given.flatMap((key, place) => (place % 2 === 0 ? [[key, given[place + 1] ?? ''] as const] : []))
}

export const stringCommands: readonly KeyCommand[] = [
  define('get', 1, 1, ([key = ''], keys) => valueOf(keys, key)),
  define('set', 2, any, set),
  define('setnx', 2, 2, ([key = '', value = ''], keys) => {
    if (keys.read(key) !== undefined) return 0
    store(keys, key, value)
    return 1
  }),
  define('setex', 3, 3, ([key = '', seconds, value = ''], keys) => {
    store(keys, key, value, lifetime('EX', seconds, keys.now, 'setex'))
    return ok
  }),
  define('psetex', 3, 3, ([key = '', millis, value = ''], keys) => {
    store(keys, key, value, lifetime('PX', millis, keys.now, 'psetex'))
    return ok
  }),
  define('getset', 2, 2, ([key = '', value = ''], keys) => {
    const before = valueOf(keys, key)
    store(keys, key, value)
    return before
  }),
  define('getdel', 1, 1, ([key = ''], keys) => {
    const before = valueOf(keys, key)
    if (before !== null) keys.write(key, undefined, undefined)
    return before
  }),
  define('mget', 1, any, (given, keys) =>
    given.map((key) => {
      const data = keys.read(key)
      return data?.type === 'string' ? data.value : null
    }),
  ),
  define('mset', 2, any, (given, keys) => {
    for (const [key, value] of pairs(given, 'mset')) store(keys, key, value)
    return ok
  }),
  define('msetnx', 2, any, (given, keys) => {
    const all = pairs(given, 'msetnx')
    if (all.some(([key]) => keys.read(key) !== undefined)) return 0
    for (const [key, value] of all) store(keys, key, value)
    return 1
  }),
  define('incr', 1, 1, ([key = ''], keys) => increment(keys, key, 1n)),
  define('decr', 1, 1, ([key = ''], keys) => increment(keys, key, -1n)),
  define('incrby', 2, 2, ([key = '', by], keys) => increment(keys, key, integer(by))),
  define('decrby', 2, 2, ([key = '', by], keys) => increment(keys, key, -integer(by))),
  define('incrbyfloat', 2, 2, ([key = '', by], keys) => {
    const sum = floatSum(valueOf(keys, key) ?? '0', by)
    put(keys, key, { type: 'string', value: sum })
    return sum
  }),
  define('append', 2, 2, ([key = '', more = ''], keys) => {
    const value = (valueOf(keys, key) ?? '') + more
    put(keys, key, { type: 'string', value })
    return value.length
  }),
  define('strlen', 1, 1, ([key = ''], keys) => (valueOf(keys, key) ?? '').length),
  define('getrange', 3, 3, ([key = '', from, to], keys) => {
    const [first, last] = [count(from), count(to)]
    const value = valueOf(keys, key) ?? ''
    return value.slice(
      first < 0 ? Math.max(0, value.length + first) : first,
      (last < 0 ? value.length + last : last) + 1,
    )
  }),
]
