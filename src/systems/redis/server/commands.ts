import type { Command } from '../core/command.ts'

const readsOnly: ReadonlySet<Command['type']> = new Set<Command['type']>([
  'EXISTS',
  'TYPE',
  'PTTL',
  'GET',
  'HGET',
  'HEXISTS',
  'HMGET',
  'HGETALL',
  'HLEN',
  'LLEN',
  'LRANGE',
  'LINDEX',
  'XLEN',
  'XRANGE',
  'XREVRANGE',
  'XREAD',
  'XPENDING',
  'XINFO STREAM',
  'XINFO GROUPS',
  'XINFO CONSUMERS',
  'PING',
  'SUBSCRIBE',
  'UNSUBSCRIBE',
  'PSUBSCRIBE',
  'PUNSUBSCRIBE',
  'SSUBSCRIBE',
  'SUNSUBSCRIBE',
  'PUBLISH',
  'SPUBLISH',
  'MULTI',
  'DISCARD',
  'WATCH',
  'UNWATCH',
])

/** Whether a command may change keys: a replica refuses it, and so does a master that may not write. Scripts are taken to do so. */
export function isWrite(command: Command): boolean {
  return !readsOnly.has(command.type)
}
