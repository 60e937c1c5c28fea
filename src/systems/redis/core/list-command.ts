import type { Bulk } from './bulk.ts'
import type { CommandOf } from './command-of.ts'

export type End = 'LEFT' | 'RIGHT'

/** https://redis.io/docs/latest/commands/?group=list. Timeouts are seconds, as Redis takes them; 0 waits for ever. */
export type ListCommand =
  | { readonly type: 'LPUSH' | 'RPUSH' | 'LPUSHX' | 'RPUSHX'; readonly key: string; readonly values: readonly Bulk[] }
  | { readonly type: 'LPOP' | 'RPOP'; readonly key: string; readonly count?: number }
  | { readonly type: 'LLEN'; readonly key: string }
  | { readonly type: 'LRANGE' | 'LTRIM'; readonly key: string; readonly start: number; readonly stop: number }
  | { readonly type: 'LINDEX'; readonly key: string; readonly index: number }
  | { readonly type: 'LREM'; readonly key: string; readonly count: number; readonly value: Bulk }
  | {
      readonly type: 'LMOVE'
      readonly source: string
      readonly destination: string
      readonly from: End
      readonly to: End
    }
  | { readonly type: 'RPOPLPUSH'; readonly source: string; readonly destination: string }
  | { readonly type: 'LMPOP'; readonly keys: readonly string[]; readonly end: End; readonly count?: number }
  | { readonly type: 'BLPOP' | 'BRPOP'; readonly keys: readonly string[]; readonly timeout: number }
  | {
      readonly type: 'BLMOVE'
      readonly source: string
      readonly destination: string
      readonly from: End
      readonly to: End
      readonly timeout: number
    }
  | { readonly type: 'BRPOPLPUSH'; readonly source: string; readonly destination: string; readonly timeout: number }
  | {
      readonly type: 'BLMPOP'
      readonly keys: readonly string[]
      readonly end: End
      readonly count?: number
      readonly timeout: number
    }

export type ListCommandOf<T extends ListCommand['type']> = CommandOf<ListCommand, T>
