import type { Command } from './command.ts'

/** Commands that take memory: refused when there is none left. https://redis.io/docs/latest/commands/command/ */
const takesMemory: ReadonlySet<Command['type']> = new Set([
  ...([
    'SET',
    'INCRBY',
    'HSET',
    'HSETNX',
    'HINCRBY',
    'LPUSH',
    'RPUSH',
    'LPUSHX',
    'RPUSHX',
    'LMOVE',
    'RPOPLPUSH',
  ] as const),
  ...(['BLMOVE', 'BRPOPLPUSH', 'XADD', 'XGROUP CREATE', 'XGROUP CREATECONSUMER', 'XSETID'] as const),
])

const reads: ReadonlySet<Command['type']> = new Set([
  ...([
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
  ] as const),
  ...(['XLEN', 'XRANGE', 'XREVRANGE', 'XREAD', 'XPENDING', 'XINFO STREAM', 'XINFO GROUPS', 'XINFO CONSUMERS'] as const),
])

const elsewhere: ReadonlySet<Command['type']> = new Set([
  ...(['SUBSCRIBE', 'UNSUBSCRIBE', 'PSUBSCRIBE', 'PUNSUBSCRIBE', 'SSUBSCRIBE', 'SUNSUBSCRIBE'] as const),
  ...(['PUBLISH', 'SPUBLISH', 'MULTI', 'EXEC', 'DISCARD', 'WATCH', 'UNWATCH', 'PING'] as const),
])

export function mayTakeMemory({ type }: Command): boolean {
  return takesMemory.has(type)
}

/** Whether a command may change keys. Scripts are taken to do so. */
export function isWrite({ type }: Command): boolean {
  return !reads.has(type) && !elsewhere.has(type)
}

/** Commands that a client may give while it is subscribed to something, in version 2 of the protocol. */
export function isForSubscribers({ type }: Command): boolean {
  return type === 'PING' || type.endsWith('SUBSCRIBE')
}
