import type { Bulk } from './bulk.ts'
import type { CommandOf } from './command-of.ts'

/** What becomes of the references that consumer groups hold to entries which are removed (8.2). The default is `KEEPREF`. */
export type References = 'KEEPREF' | 'DELREF' | 'ACKED'

/** `MAXLEN|MINID [=|~] threshold [LIMIT count]`. */
export interface Trimming {
  readonly strategy: { readonly maxLength: number } | { readonly minId: string }
  /** `~`: whole macro nodes only. */
  readonly approximate: boolean
  /** Entries looked at in one command; only with `~`. 0 is no limit, without it 100 times the entries of a macro node. */
  readonly limit?: number
  readonly references?: References
}

/** `IDMP producer id` or `IDMPAUTO producer`, whose id is a hash of the fields (8.6). */
export interface Idempotency {
  readonly producer: string
  /** Without one `IDMPAUTO`. */
  readonly id?: string
}

/** https://redis.io/docs/latest/commands/?group=stream. Ids are written as Redis writes them: `ms-seq`, or `ms` alone. */
export type StreamCommand =
  | {
      readonly type: 'XADD'
      readonly key: string
      /** `*`, `ms-*` or an id. */
      readonly id: string
      /** Names and values in turn. */
      readonly fields: readonly Bulk[]
      readonly noMakeStream?: boolean
      readonly trimming?: Trimming
      readonly idempotency?: Idempotency
    }
  | { readonly type: 'XTRIM'; readonly key: string; readonly trimming: Trimming }
  | { readonly type: 'XLEN'; readonly key: string }
  | { readonly type: 'XDEL'; readonly key: string; readonly ids: readonly string[] }
  /** 8.2. */
  | { readonly type: 'XDELEX'; readonly key: string; readonly ids: readonly string[]; readonly references?: References }
  | {
      readonly type: 'XRANGE' | 'XREVRANGE'
      readonly key: string
      /** The lower end first for XRANGE and last for XREVRANGE, as in the command; `(` before an id excludes it. */
      readonly from: string
      readonly to: string
      readonly count?: number
    }
  | {
      readonly type: 'XREAD'
      readonly streams: readonly StreamPosition[]
      readonly count?: number
      /** Milliseconds; 0 waits for ever. Without it the command does not wait. */
      readonly block?: number
    }
  | {
      readonly type: 'XREADGROUP'
      readonly group: string
      readonly consumer: string
      readonly streams: readonly StreamPosition[]
      readonly count?: number
      readonly block?: number
      readonly noAck?: boolean
      /** Milliseconds that an entry has been pending for this to take it over before it reads new ones (8.4). */
      readonly claim?: number
    }
  | { readonly type: 'XACK'; readonly key: string; readonly group: string; readonly ids: readonly string[] }
  /** 8.2. */
  | {
      readonly type: 'XACKDEL'
      readonly key: string
      readonly group: string
      readonly ids: readonly string[]
      readonly references?: References
    }
  /** 8.8. */
  | {
      readonly type: 'XNACK'
      readonly key: string
      readonly group: string
      readonly mode: 'SILENT' | 'FAIL' | 'FATAL'
      readonly ids: readonly string[]
      readonly retryCount?: number
      readonly force?: boolean
    }
  | {
      readonly type: 'XCLAIM'
      readonly key: string
      readonly group: string
      readonly consumer: string
      /** Milliseconds. */
      readonly minIdle: number
      readonly ids: readonly string[]
      /** Milliseconds that the entry is said to have been idle. */
      readonly idle?: number
      /** The time of its last delivery, milliseconds. */
      readonly time?: number
      readonly retryCount?: number
      readonly force?: boolean
      readonly justId?: boolean
      readonly lastId?: string
    }
  | {
      readonly type: 'XAUTOCLAIM'
      readonly key: string
      readonly group: string
      readonly consumer: string
      readonly minIdle: number
      readonly start: string
      /** 100 unless it says otherwise. */
      readonly count?: number
      readonly justId?: boolean
    }
  | {
      readonly type: 'XPENDING'
      readonly key: string
      readonly group: string
      /** Without it the answer is a summary. */
      readonly range?: {
        readonly minIdle?: number
        readonly from: string
        readonly to: string
        readonly count: number
        readonly consumer?: string
      }
    }
  | {
      readonly type: 'XGROUP CREATE'
      readonly key: string
      readonly group: string
      readonly id: string
      readonly makeStream?: boolean
      readonly entriesRead?: number
    }
  | {
      readonly type: 'XGROUP SETID'
      readonly key: string
      readonly group: string
      readonly id: string
      readonly entriesRead?: number
    }
  | { readonly type: 'XGROUP DESTROY'; readonly key: string; readonly group: string }
  | {
      readonly type: 'XGROUP CREATECONSUMER' | 'XGROUP DELCONSUMER'
      readonly key: string
      readonly group: string
      readonly consumer: string
    }
  | {
      readonly type: 'XSETID'
      readonly key: string
      readonly id: string
      readonly entriesAdded?: number
      readonly maxDeletedId?: string
    }
  /** 8.6: seconds and ids; what is not given stays. */
  | { readonly type: 'XCFGSET'; readonly key: string; readonly duration?: number; readonly maxSize?: number }
  | { readonly type: 'XINFO STREAM' | 'XINFO GROUPS'; readonly key: string }
  | { readonly type: 'XINFO CONSUMERS'; readonly key: string; readonly group: string }

/** A stream and the id after which it is read: `$` for what comes from now on, `>` for what no consumer of the group was given. */
export interface StreamPosition {
  readonly key: string
  readonly id: string
}

export type StreamCommandOf<T extends StreamCommand['type']> = CommandOf<StreamCommand, T>
