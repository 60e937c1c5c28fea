import type { Command } from './core/command.ts'
import type { Reply } from './core/reply.ts'
import type { Snapshot } from './core/snapshot.ts'

/** The ports that servers and Sentinels listen on. */
export const serverPort = 'redis'
export const sentinelPort = 'sentinel'

/** What a client asks of a server: a command on its data, or one about the server itself. */
export type Request =
  | Command
  | { readonly type: 'WAIT'; readonly replicas: number; readonly timeout: number }
  | { readonly type: 'WAITAOF'; readonly local: number; readonly replicas: number; readonly timeout: number }
  /** Who it is, and as whose replica. A Sentinel's question, and a client's that was told by one. */
  | { readonly type: 'INFO' }
  /** By a Sentinel: follow another server, or nobody; whoever is connected is disconnected. */
  | { readonly type: 'REPLICAOF'; readonly master: string | undefined }
  | ReplicaRequest

/** What a replica says to its master. */
export type ReplicaRequest =
  | { readonly type: 'PSYNC'; readonly history: string; readonly offset: number }
  /** `rests`: the next ones are left out until something happens. */
  | { readonly type: 'ACK'; readonly offset: number; readonly synced: number; readonly rests: boolean }

export interface ServerInformation {
  readonly type: 'info'
  readonly role: 'master' | 'replica'
  readonly master: string | undefined
  /** Whether its connection to the master is in order; µs since when it is not. */
  readonly linkUp: boolean
  readonly linkDownFor: number
  readonly offset: number
  readonly priority: number
  readonly runId: string
}

/** What a server writes to whoever is connected to it. */
export type Answer =
  | Reply
  | ServerInformation
  /** To a replica: its place in the history is known, and the rest follows. */
  | { readonly type: 'CONTINUE'; readonly history: string; readonly offset: number }
  | { readonly type: 'FULLRESYNC'; readonly history: string; readonly offset: number; readonly snapshot: Snapshot }
  /** Writes; `offset` is the place in the history behind them. */
  | {
      readonly type: 'STREAM'
      readonly commands: readonly Command[]
      readonly bytes: number
      readonly offset: number
      readonly getAck: boolean
    }

/** What Sentinels ask of one another, and clients of them. */
export type SentinelRequest =
  | { readonly type: 'PING' }
  | { readonly type: 'GET-MASTER' }
  /** Whether the master of that configuration is down; with a candidate, also to vote for it in that epoch. */
  | {
      readonly type: 'IS-MASTER-DOWN'
      readonly master: string
      readonly epoch: number
      readonly candidate: string | undefined
    }
  /** The newest configuration that it knows. */
  | { readonly type: 'HELLO'; readonly epoch: number; readonly configurationEpoch: number; readonly master: string }

export type SentinelAnswer =
  | { readonly type: 'PONG' }
  | { readonly type: 'master'; readonly master: string }
  | {
      readonly type: 'vote'
      readonly down: boolean
      readonly leader: string | undefined
      readonly leaderEpoch: number
      readonly epoch: number
    }
  | { readonly type: 'hello'; readonly epoch: number; readonly configurationEpoch: number; readonly master: string }

/** Bytes of everything on the wire besides what is carried. */
export const frameBytes = 32
