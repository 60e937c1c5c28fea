import type { Change, CommandResult } from './command.ts'
import type { Reply } from './reply.ts'

/** `not-primary`: the command was not executed; somebody else takes writes. */
export type CacheReply = CommandResult | { readonly kind: 'not-primary' }

/** What the two servers say to each other. */
export type ReplicationMessage =
  /** A replica wants to follow. */
  | { readonly kind: 'follow' }
  /** A server says that it is the primary of this epoch; an older one has to step back. */
  | { readonly kind: 'claim'; readonly epoch: number }
  /** Everything that the primary has. */
  | { readonly kind: 'snapshot'; readonly changes: readonly Change[]; readonly epoch: number }
  | { readonly kind: 'change'; readonly change: Change; readonly number: number; readonly tell: boolean }
  | { readonly kind: 'ping' }
  /** The replica, which was asked to tell, has everything up to this change. */
  | { readonly kind: 'has'; readonly number: number }

/** Commands of a client that speaks the protocol, and what a server says to them. */
export interface CommandBatch {
  readonly number: number
  readonly commands: readonly (readonly string[])[]
}

export type BatchReply =
  | { readonly kind: 'ready' | 'not-primary' }
  | { readonly kind: 'replies'; readonly number: number; readonly replies: readonly Reply[] }
