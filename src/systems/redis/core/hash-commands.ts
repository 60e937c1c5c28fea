import type { Bulk } from './bulk.ts'
import type { Call, Outcome } from './call.ts'
import { failure } from './errors.ts'
import type { KeyCommandOf } from './key-command.ts'
import type { ErrorReply, Reply } from './reply.ts'
import { incremented } from './text-commands.ts'
import type { HashValue } from './value.ts'

/** `HSET`: the answer is how many fields are new. https://redis.io/docs/latest/commands/hset/ */
export function setFields(call: Call, command: KeyCommandOf<'HSET'>): Outcome {
  const { key, fields } = command
  if (fields.length === 0 || fields.length % 2 === 1) return failure("wrong number of arguments for 'hset' command")
  const hash = hashFor(call, key)
  if (hash.type === 'error') return hash
  const before = hash.fields.size
  for (let index = 0; index < fields.length; index += 2) {
    const [name, value] = [fields[index], fields[index + 1]]
    if (typeof name === 'string' && value !== undefined) hash.fields.set(name, value)
  }
  call.touch(key)
  call.propagate(command)
  return { type: 'integer', value: hash.fields.size - before }
}

export function setNewField(call: Call, command: KeyCommandOf<'HSETNX'>): Outcome {
  const { key, field, value } = command
  const found = call.find(key, 'hash')
  if (found?.type === 'error') return found
  if (found?.fields.has(field) === true) return { type: 'integer', value: 0 }
  const hash = hashFor(call, key)
  if (hash.type === 'error') return hash
  hash.fields.set(field, value)
  call.touch(key)
  call.propagate(command)
  return { type: 'integer', value: 1 }
}

export function getField(call: Call, command: KeyCommandOf<'HGET'>): Outcome {
  const hash = call.find(command.key, 'hash')
  if (hash?.type === 'error') return hash
  const value = hash?.fields.get(command.field)
  if (command.type === 'HEXISTS') return { type: 'integer', value: value === undefined ? 0 : 1 }
  return value === undefined ? { type: 'nil' } : { type: 'bulk', value }
}

export function getFields(call: Call, command: KeyCommandOf<'HMGET'>): Outcome {
  const hash = call.find(command.key, 'hash')
  if (hash?.type === 'error') return hash
  return { type: 'bulks', values: command.fields.map((field) => hash?.fields.get(field)) }
}

export function getAllFields(call: Call, command: KeyCommandOf<'HGETALL'>): Outcome {
  const hash = call.find(command.key, 'hash')
  if (hash?.type === 'error') return hash
  if (command.type === 'HLEN') return { type: 'integer', value: hash?.fields.size ?? 0 }
  return { type: 'bulks', values: [...(hash?.fields ?? [])].flat() }
}

export function deleteFields(call: Call, command: KeyCommandOf<'HDEL'>): Outcome {
  const { key } = command
  const hash = call.find(key, 'hash')
  if (hash === undefined) return { type: 'integer', value: 0 }
  if (hash.type === 'error') return hash
  const deleted = command.fields.filter((field) => hash.fields.delete(field)).length
  if (deleted > 0) {
    call.touch(key)
    call.propagate(command)
  }
  if (hash.fields.size === 0) call.remove(key, 'emptied')
  return { type: 'integer', value: deleted }
}

export function incrementField(call: Call, command: KeyCommandOf<'HINCRBY'>): Outcome {
  const { key, field } = command
  const found = call.find(key, 'hash')
  if (found?.type === 'error') return found
  const before: Bulk = found?.fields.get(field) ?? '0'
  const sum = incremented(before, command.increment)
  if (typeof sum !== 'number') return wordsOfHash(sum)
  const hash = hashFor(call, key)
  if (hash.type === 'error') return hash
  hash.fields.set(field, String(sum))
  call.touch(key)
  call.propagate(command)
  return { type: 'integer', value: sum }
}

function hashFor(call: Call, key: string): HashValue | ErrorReply {
  const found = call.find(key, 'hash')
  if (found !== undefined) return found
  const hash: HashValue = { type: 'hash', fields: new Map() }
  call.put(key, hash)
  return hash
}

/** For a field the server says it in other words. */
function wordsOfHash(reply: Reply): Reply {
  return reply.type === 'error' && reply.text.startsWith('value') ? failure('hash value is not an integer') : reply
}
