import type { Bulk } from './bulk.ts'
import type { KeyCommand } from './key-command.ts'
import type { ListCommand } from './list-command.ts'
import type { StreamCommand } from './stream-command.ts'

/** A command on the keys of a server, as a client sends it and as it is written to the append-only file. */
export type DataCommand = KeyCommand | ListCommand | StreamCommand

/** https://redis.io/docs/latest/develop/pubsub/. Without channels everything is unsubscribed. */
export type PubSubCommand =
  | {
      readonly type: 'SUBSCRIBE' | 'UNSUBSCRIBE' | 'PSUBSCRIBE' | 'PUNSUBSCRIBE' | 'SSUBSCRIBE' | 'SUNSUBSCRIBE'
      /** Channels, or patterns. */
      readonly channels: readonly string[]
    }
  | { readonly type: 'PUBLISH' | 'SPUBLISH'; readonly channel: string; readonly message: Bulk }

/** https://redis.io/docs/latest/develop/interact/transactions/. */
export type TransactionCommand =
  | { readonly type: 'MULTI' | 'DISCARD' | 'UNWATCH' }
  | { readonly type: 'EXEC' }
  | { readonly type: 'WATCH'; readonly keys: readonly string[] }

/** Runs a script that the server was given by name: nothing comes between its commands. */
export interface ScriptCommand {
  readonly type: 'EVAL'
  readonly script: string
  readonly keys: readonly string[]
  readonly arguments: readonly Bulk[]
}

export type Command = DataCommand | PubSubCommand | TransactionCommand | ScriptCommand | { readonly type: 'PING' }
