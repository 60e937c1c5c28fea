import type { Bulk } from './bulk.ts'
import { bytesOf } from './bulk.ts'
import type { Command } from './command.ts'
import type { KeyCommandOf } from './key-command.ts'
import type { Word } from './wire-stream-command.ts'
import { flag, given, streamArguments } from './wire-stream-command.ts'

/** A command as it is written on the wire and in the append-only file. https://redis.io/docs/latest/develop/reference/protocol-spec/ */
export function wordsOf(command: Command): readonly Bulk[] {
  const name = command.type.split(' ')
  return [...name, ...argumentsOf(command)].map((word) => (typeof word === 'number' ? String(word) : word))
}

/** Of the commands on the wire; several stand between `MULTI` and `EXEC`. */
export function wireBytes(commands: readonly Command[]): number {
  let bytes = commands.length > 1 ? transactionBytes : 0
  for (const command of commands) {
    const words = wordsOf(command)
    bytes += headBytes(words.length)
    for (const word of words) bytes += headBytes(bytesOf(word)) + bytesOf(word) + 2
  }
  return bytes
}

function argumentsOf(command: Command): readonly Word[] {
  switch (command.type) {
    case 'DEL':
    case 'UNLINK':
    case 'EXISTS':
    case 'WATCH':
      return command.keys
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
    case 'PSUBSCRIBE':
    case 'PUNSUBSCRIBE':
    case 'SSUBSCRIBE':
    case 'SUNSUBSCRIBE':
      return command.channels
    case 'PUBLISH':
    case 'SPUBLISH':
      return [command.channel, command.message]
    case 'EVAL':
      return [command.script, command.keys.length, ...command.keys, ...command.arguments]
    case 'SET':
      return [
        command.key,
        command.value,
        ...given(undefined, command.only),
        ...flag('GET', command.get),
        ...expiryWords(command.expiry),
      ]
    case 'PEXPIRE':
      return [command.key, command.milliseconds]
    case 'PEXPIREAT':
      return [command.key, command.time]
    case 'INCRBY':
      return [command.key, command.increment]
    case 'HSET':
    case 'HMGET':
    case 'HDEL':
      return [command.key, ...command.fields]
    case 'HSETNX':
      return [command.key, command.field, command.value]
    case 'HGET':
    case 'HEXISTS':
      return [command.key, command.field]
    case 'HINCRBY':
      return [command.key, command.field, command.increment]
    case 'LPUSH':
    case 'RPUSH':
    case 'LPUSHX':
    case 'RPUSHX':
      return [command.key, ...command.values]
    case 'LPOP':
    case 'RPOP':
      return [command.key, ...given(undefined, command.count)]
    case 'LRANGE':
    case 'LTRIM':
      return [command.key, command.start, command.stop]
    case 'LINDEX':
      return [command.key, command.index]
    case 'LREM':
      return [command.key, command.count, command.value]
    case 'LMOVE':
      return [command.source, command.destination, command.from, command.to]
    case 'RPOPLPUSH':
      return [command.source, command.destination]
    case 'LMPOP':
      return [command.keys.length, ...command.keys, command.end, ...given('COUNT', command.count)]
    case 'BLPOP':
    case 'BRPOP':
      return [...command.keys, command.timeout]
    case 'BLMOVE':
      return [command.source, command.destination, command.from, command.to, command.timeout]
    case 'BRPOPLPUSH':
      return [command.source, command.destination, command.timeout]
    case 'BLMPOP':
      return [command.timeout, command.keys.length, ...command.keys, command.end, ...given('COUNT', command.count)]
    case 'TYPE':
    case 'PTTL':
    case 'PERSIST':
    case 'GET':
    case 'GETDEL':
    case 'HGETALL':
    case 'HLEN':
    case 'LLEN':
      return [command.key]
    case 'FLUSHALL':
    case 'MULTI':
    case 'EXEC':
    case 'DISCARD':
    case 'UNWATCH':
    case 'PING':
      return []
    default:
      return streamArguments(command)
  }
}

function expiryWords(expiry: KeyCommandOf<'SET'>['expiry']): readonly Word[] {
  if (expiry === undefined || expiry === 'KEEPTTL') return given(undefined, expiry)
  return 'px' in expiry ? ['PX', expiry.px] : ['PXAT', expiry.pxat]
}

/** Of the line that says how long something is. */
function headBytes(length: number): number {
  return 3 + String(length).length
}

/** Of `MULTI` and `EXEC`. */
const transactionBytes = 29
