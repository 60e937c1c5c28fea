import type { Micros } from '../../../../simulation/duration.ts'
import type { Data } from '../data.ts'
import type { Reply } from '../reply.ts'
import { CommandError } from '../reply.ts'

/** What a command works on: the keys of one server, at one moment. */
export interface Keys {
  /** µs. */
  readonly now: Micros
  read(key: string): Data | undefined
  /** When the key goes; nothing for never. */
  untilOf(key: string): Micros | undefined
  /** Nothing deletes the key. */
  write(key: string, data: Data | undefined, until: Micros | undefined): void
}

export interface KeyCommand {
  readonly name: string
  /** The fewest and the most arguments. */
  readonly arity: readonly [least: number, most: number]
  run(given: readonly string[], keys: Keys): Reply
}

export function define(name: string, least: number, most: number, run: KeyCommand['run']): KeyCommand {
  return { name, arity: [least, most], run }
}

/** Writes what a key holds now; what holds nothing any more is gone. */
export function put(keys: Keys, key: string, data: Data): void {
  keys.write(key, isEmpty(data) ? undefined : data, keys.untilOf(key))
}

function isEmpty(data: Data): boolean {
  switch (data.type) {
    case 'string':
      return false
    case 'hash':
      return data.fields.size === 0
    case 'set':
      return data.members.size === 0
    case 'zset':
      return data.scores.size === 0
    case 'list':
      return data.items.length === 0
  }
}

/** A whole number of 64 bits. */
export function integer(text: string | undefined): bigint {
  if (text === undefined || !/^(0|-?[1-9]\d{0,18})$/.test(text) || BigInt.asIntN(64, BigInt(text)) !== BigInt(text))
    throw new CommandError('ERR value is not an integer or out of range')
  return BigInt(text)
}

export function count(text: string | undefined): number {
  return Number(integer(text))
}

export function float(text: string | undefined, problem = 'ERR value is not a valid float'): number {
  if (text !== undefined && /^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (text === undefined || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) throw new CommandError(problem)
  return Number(text)
}

export function floatText(value: number): string {
  if (value === Infinity || value === -Infinity) return value > 0 ? 'inf' : '-inf'
  return String(value === 0 ? 0 : value)
}

export function added(one: bigint, other: bigint): bigint {
  const sum = one + other
  if (BigInt.asIntN(64, sum) !== sum) throw new CommandError('ERR increment or decrement would overflow')
  return sum
}

export function syntaxError(): CommandError {
  return new CommandError('ERR syntax error')
}

/** Places from the end are negative; both ends are included. */
export function range<T>(items: readonly T[], from: number, to: number): readonly T[] {
  const first = from < 0 ? Math.max(0, items.length + from) : from
  const last = to < 0 ? items.length + to : to
  return items.slice(first, last + 1)
}
