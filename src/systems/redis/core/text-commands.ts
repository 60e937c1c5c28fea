import type { Bulk } from './bulk.ts'
import type { Call, Outcome } from './call.ts'
import { failure, notAnInteger } from './errors.ts'
import type { KeyCommandOf } from './key-command.ts'
import type { Reply } from './reply.ts'

/** `SET`. https://redis.io/docs/latest/commands/set/ */
export function setText(call: Call, command: KeyCommandOf<'SET'>): Outcome {
  const { key: name, value, only, get = false, expiry } = command
  const expiresAt = expiryOf(call, name, expiry)
  if (expiresAt === 'invalid') return failure("invalid expire time in 'set' command")
  const before = get ? getText(call, { type: 'GET', key: name }) : undefined
  if (before?.type === 'error') return before
  const found = call.key(name) !== undefined
  if ((only === 'NX' && found) || (only === 'XX' && !found)) return before ?? { type: 'nil' }
  call.put(name, { type: 'string', text: value }, expiresAt)
  if (expiry !== undefined && expiry !== 'KEEPTTL' && expiresAt !== undefined)
    call.propagate({ type: 'SET', key: name, value, expiry: { pxat: expiresAt } })
  else call.propagate(withoutGet(command))
  return before ?? { type: 'status', text: 'OK' }
}

export function getText(call: Call, command: KeyCommandOf<'GET'>): Outcome {
  const value = call.find(command.key, 'string')
  if (value === undefined) return { type: 'nil' }
  return value.type === 'error' ? value : { type: 'bulk', value: value.text }
}

export function getAndDelete(call: Call, command: KeyCommandOf<'GETDEL'>): Outcome {
  const reply = getText(call, command)
  if (reply.type !== 'bulk') return reply
  call.remove(command.key, 'deleted')
  call.propagate({ type: 'DEL', keys: [command.key] })
  return reply
}

/** `INCRBY`. https://redis.io/docs/latest/commands/incrby/ */
export function increment(call: Call, command: KeyCommandOf<'INCRBY'>): Outcome {
  const found = call.find(command.key, 'string')
  if (found?.type === 'error') return found
  const sum = incremented(found?.text ?? '0', command.increment)
  if (typeof sum !== 'number') return sum
  const expiresAt = call.keys.get(command.key)?.expiresAt
  call.put(command.key, { type: 'string', text: String(sum) }, expiresAt)
  call.propagate(command)
  return { type: 'integer', value: sum }
}

export function incremented(text: Bulk, by: number): number | Reply {
  if (!Number.isSafeInteger(by) || typeof text !== 'string' || !/^(0|-?[1-9]\d{0,15})$/.test(text)) return notAnInteger
  const sum = Number(text) + by
  return Number.isSafeInteger(sum) ? sum : failure('increment or decrement would overflow')
}

function expiryOf(call: Call, name: string, expiry: KeyCommandOf<'SET'>['expiry']): number | undefined | 'invalid' {
  if (expiry === undefined) return undefined
  if (expiry === 'KEEPTTL') return call.key(name)?.expiresAt
  const given = 'px' in expiry ? expiry.px : expiry.pxat
  if (given <= 0) return 'invalid'
  return 'px' in expiry ? call.now + given : given
}

function withoutGet({ type, key, value, only, expiry }: KeyCommandOf<'SET'>): KeyCommandOf<'SET'> {
  return { type, key, value, ...(only === undefined ? {} : { only }), ...(expiry === undefined ? {} : { expiry }) }
}
