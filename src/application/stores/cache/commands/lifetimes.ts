import type { Micros } from '../../../../simulation/duration.ts'
import { CommandError } from '../reply.ts'
import type { Reply } from '../reply.ts'
import type { KeyCommand, Keys } from './key-command.ts'
import { count, define, syntaxError } from './key-command.ts'

const micros = { second: 1_000_000, millisecond: 1000 } as const

/** When a key goes that is given so long, or a point in time, in seconds or milliseconds. */
export function lifetime(unit: string, text: string | undefined, now: Micros, command: string): Micros {
  if (text === undefined) throw syntaxError()
  const value = count(text)
  if (value <= 0) throw new CommandError(`ERR invalid expire time in '${command}' command`)
  return instant(unit, value, now)
}

function instant(unit: string, value: number, now: Micros): Micros {
  const size = unit.startsWith('P') ? micros.millisecond : micros.second
  return unit.endsWith('AT') ? value * size : now + value * size
}

function expire(unit: string): KeyCommand['run'] {
  return ([key = '', value, condition], keys): Reply => {
    // Options are looked at before the time, and that before the key.
    isAllowed(condition, undefined, 0)
    const until = instant(unit, count(value), keys.now)
    const data = keys.read(key)
    const before = keys.untilOf(key)
    if (data === undefined || !isAllowed(condition, before, until)) return 0
    keys.write(key, until <= keys.now ? undefined : data, until)
    return 1
  }
}

function isAllowed(condition: string | undefined, before: Micros | undefined, until: Micros): boolean {
  switch (condition?.toUpperCase()) {
    case undefined:
      return true
    case 'NX':
      return before === undefined
    case 'XX':
      return before !== undefined
    case 'GT':
      return before !== undefined && until > before
    case 'LT':
      return before === undefined || until < before
    default:
      throw new CommandError(`ERR Unsupported option ${condition}`)
  }
}

/** -2 where there is no key, -1 where it stays for ever. */
function left(keys: Keys, key: string, size: number): number {
  if (keys.read(key) === undefined) return -2
  const until = keys.untilOf(key)
  return until === undefined ? -1 : Math.round((until - keys.now) / size)
}

export const lifetimeCommands: readonly KeyCommand[] = [
  define('expire', 2, 3, expire('EX')),
  define('pexpire', 2, 3, expire('PX')),
  define('expireat', 2, 3, expire('EXAT')),
  define('pexpireat', 2, 3, expire('PXAT')),
  define('ttl', 1, 1, ([key = ''], keys) => left(keys, key, micros.second)),
  define('pttl', 1, 1, ([key = ''], keys) => left(keys, key, micros.millisecond)),
  define('persist', 1, 1, ([key = ''], keys) => {
    const data = keys.read(key)
    if (data === undefined || keys.untilOf(key) === undefined) return 0
    keys.write(key, data, undefined)
    return 1
  }),
]
