import type { Call, Outcome } from './call.ts'
import type { KeyCommandOf } from './key-command.ts'
import type { Reply } from './reply.ts'

export function deleteKeys(call: Call, command: KeyCommandOf<'DEL'>): Outcome {
  let deleted = 0
  for (const name of command.keys) if (call.key(name) !== undefined && call.remove(name, 'deleted')) deleted++
  if (deleted > 0) call.propagate(command)
  return { type: 'integer', value: deleted }
}

export function countKeys(call: Call, command: KeyCommandOf<'EXISTS'>): Outcome {
  return { type: 'integer', value: command.keys.filter((name) => call.key(name) !== undefined).length }
}

export function typeOf(call: Call, command: KeyCommandOf<'TYPE'>): Outcome {
  return { type: 'status', text: call.key(command.key)?.value.type ?? 'none' }
}

/** `FLUSHALL` is propagated even if there was nothing. */
export function deleteEverything(call: Call, command: KeyCommandOf<'FLUSHALL'>): Outcome {
  for (const name of call.keys.names) call.remove(name, 'deleted')
  call.propagate(command)
  return { type: 'status', text: 'OK' }
}

/** `PEXPIRE` and `PEXPIREAT`: a time that is over deletes the key at once. https://redis.io/docs/latest/commands/pexpire/ */
export function expireKey(call: Call, command: KeyCommandOf<'PEXPIRE' | 'PEXPIREAT'>): Outcome {
  const { key: name } = command
  const expiresAt = command.type === 'PEXPIRE' ? call.now + command.milliseconds : command.time
  const key = call.key(name)
  if (key === undefined) return none
  if (expiresAt <= call.now && call.origin !== 'master') {
    call.remove(name, 'expired')
    call.propagate({ type: 'DEL', keys: [name] })
    return { type: 'integer', value: 1 }
  }
  call.keys.setExpiry(name, expiresAt)
  call.touch(name)
  call.propagate({ type: 'PEXPIREAT', key: name, time: expiresAt })
  return { type: 'integer', value: 1 }
}

export function persistKey(call: Call, command: KeyCommandOf<'PERSIST'>): Outcome {
  const key = call.key(command.key)
  if (key?.expiresAt === undefined) return none
  call.keys.setExpiry(command.key, undefined)
  call.touch(command.key)
  call.propagate(command)
  return { type: 'integer', value: 1 }
}

/** `PTTL`: -2 without the key, -1 if it never expires. */
export function timeToLive(call: Call, command: KeyCommandOf<'PTTL'>): Outcome {
  const key = call.key(command.key)
  if (key === undefined) return { type: 'integer', value: -2 }
  return { type: 'integer', value: key.expiresAt === undefined ? -1 : Math.max(0, key.expiresAt - call.now) }
}

const none: Reply = { type: 'integer', value: 0 }
