import type { Bulk } from './bulk.ts'
import type { CommandOf } from './command-of.ts'

/** Keys, strings and hashes, as far as queues and idempotency need them. Times are milliseconds of the server's clock. */
export type KeyCommand =
  | { readonly type: 'DEL' | 'UNLINK' | 'EXISTS'; readonly keys: readonly string[] }
  | { readonly type: 'TYPE' | 'PTTL' | 'PERSIST'; readonly key: string }
  | { readonly type: 'PEXPIRE'; readonly key: string; readonly milliseconds: number }
  | { readonly type: 'PEXPIREAT'; readonly key: string; readonly time: number }
  | { readonly type: 'FLUSHALL' }
  | {
      readonly type: 'SET'
      readonly key: string
      readonly value: Bulk
      readonly only?: 'NX' | 'XX'
      /** Answers with what was there before. */
      readonly get?: boolean
      readonly expiry?: { readonly px: number } | { readonly pxat: number } | 'KEEPTTL'
    }
  | { readonly type: 'GET' | 'GETDEL'; readonly key: string }
  | { readonly type: 'INCRBY'; readonly key: string; readonly increment: number }
  | { readonly type: 'HSET'; readonly key: string; readonly fields: readonly Bulk[] }
  | { readonly type: 'HSETNX'; readonly key: string; readonly field: string; readonly value: Bulk }
  | { readonly type: 'HGET' | 'HEXISTS'; readonly key: string; readonly field: string }
  | { readonly type: 'HMGET' | 'HDEL'; readonly key: string; readonly fields: readonly string[] }
  | { readonly type: 'HGETALL' | 'HLEN'; readonly key: string }
  | { readonly type: 'HINCRBY'; readonly key: string; readonly field: string; readonly increment: number }

export type KeyCommandOf<T extends KeyCommand['type']> = CommandOf<KeyCommand, T>
