import type { Bulk } from './bulk.ts'

/** What Redis answers, in the shape of what it means; `wire.ts` knows how it is written. */
export type Reply =
  | {
      readonly type: 'status'
      readonly text: 'OK' | 'PONG' | 'QUEUED' | 'none' | 'string' | 'list' | 'hash' | 'stream'
    }
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'bulk'; readonly value: Bulk }
  | { readonly type: 'nil' }
  | ErrorReply
  | { readonly type: 'integers'; readonly values: readonly number[] }
  /** Several strings, some of which may not be there. */
  | { readonly type: 'bulks'; readonly values: readonly (Bulk | undefined)[] }
  /** `BLPOP`, and with several values `LMPOP`. */
  | { readonly type: 'popped'; readonly key: string; readonly value: Bulk }
  | { readonly type: 'popped-several'; readonly key: string; readonly values: readonly Bulk[] }
  | { readonly type: 'entries'; readonly entries: readonly EntryReply[] }
  /** `XREAD` and `XREADGROUP`: streams without entries are not there, and without any stream the answer is `nil`. */
  | {
      readonly type: 'streams'
      readonly streams: readonly { readonly key: string; readonly entries: readonly EntryReply[] }[]
    }
  | {
      readonly type: 'auto-claimed'
      /** Where the next one starts; `0-0` at the end. */
      readonly next: string
      /** Without fields where only ids were asked for. */
      readonly entries: readonly EntryReply[]
      /** Those that no longer exist and are not pending any more. */
      readonly deleted: readonly string[]
      readonly justId: boolean
    }
  | { readonly type: 'ids'; readonly ids: readonly string[] }
  | {
      readonly type: 'pending-summary'
      readonly count: number
      readonly first: string | undefined
      readonly last: string | undefined
      readonly consumers: readonly { readonly consumer: string; readonly count: number }[]
    }
  | { readonly type: 'pending'; readonly entries: readonly PendingReply[] }
  /** `XINFO`: names and values in turn. */
  | { readonly type: 'information'; readonly items: readonly (readonly [string, InformationValue])[] }
  /** The answers to the commands of a transaction, in their order; of `XINFO GROUPS`, one for each group. */
  | { readonly type: 'replies'; readonly replies: readonly Reply[] }
  | {
      readonly type: 'subscribed'
      readonly kind: 'subscribe' | 'unsubscribe' | 'psubscribe' | 'punsubscribe' | 'ssubscribe' | 'sunsubscribe'
      readonly channel: string | undefined
      /** Channels and patterns that the client is still subscribed to; for shard channels, those alone. */
      readonly count: number
    }
  | {
      readonly type: 'message'
      readonly kind: 'message' | 'pmessage' | 'smessage'
      /** Of `pmessage` alone. */
      readonly pattern?: string
      readonly channel: string
      readonly message: Bulk
    }

export type InformationValue = number | string | undefined | EntryReply

/** A stream entry. */
export interface EntryReply {
  readonly id: string
  /** Names and values in turn; none where the entry is pending and no longer exists. */
  readonly fields: readonly Bulk[] | undefined
  /** With `XREADGROUP ... CLAIM`: milliseconds since it was last delivered, and how often it had been. */
  readonly idle?: number
  readonly deliveries?: number
}

export interface PendingReply {
  readonly id: string
  /** Empty where nobody owns it (8.8). */
  readonly consumer: string
  /** Milliseconds since it was last delivered. */
  readonly idle: number
  readonly deliveries: number
}

/** `-PREFIX text`. */
export interface ErrorReply {
  readonly type: 'error'
  readonly prefix:
    | 'ERR'
    | 'WRONGTYPE'
    | 'NOGROUP'
    | 'BUSYGROUP'
    | 'OOM'
    | 'UNBLOCKED'
    | 'EXECABORT'
    | 'MISCONF'
    | 'READONLY'
    | 'NOREPLICAS'
  readonly text: string
}
