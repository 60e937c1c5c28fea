import type { Command } from './command.ts'
import type { Execution } from './execution.ts'
import type { Snapshot } from './snapshot.ts'
import type { Version } from './version.ts'

export interface ServerCoreOptions {
  readonly version: Version
  /** Bytes; 0 for no limit. */
  readonly maxMemory: number
  readonly maxMemoryPolicy: 'noeviction' | 'allkeys-lru' | 'allkeys-random' | 'volatile-lru' | 'volatile-ttl'
  readonly streamNodeMaxEntries: number
  readonly streamNodeMaxBytes: number
  /** A number from 0 to below `below`; only evictions at random ask for one. */
  readonly draw: (below: number) => number
}

/**
 * One Redis server without its network, files and replicas: keys, blocked clients, subscriptions and transactions; one command at a time, time
 * passed in. Times are milliseconds of the server's own clock, which may be wrong and go back.
 */
export interface ServerCore {
  /** Executes a command of a client; clients are numbered by whoever uses this. */
  execute(client: number, command: Command, now: number): Execution
  /** Applies what came from the append-only file or from the master. Nobody is answered but subscribers and, after a promotion, nobody blocked. */
  apply(commands: readonly Command[], now: number): Execution
  /** The client is gone: its waiting, subscriptions and transaction with it. */
  disconnect(client: number): void
  /** The time that a blocked client wanted to wait is over. */
  timeOut(client: number): Execution
  /** Answers every blocked client `-UNBLOCKED`: the server has become a replica. Returns who it was in the answers. */
  unblockAll(): Execution
  /** Deletes keys whose time is over, as the server does from time to time; a replica does not. */
  expire(now: number): Execution
  /** Everything that a snapshot file or a full resynchronisation carries. */
  snapshot(): Snapshot
  /** Replaces everything. */
  restore(snapshot: Snapshot, now: number): Execution
  /** When the first key will expire. */
  readonly nextExpiry: number
  readonly usedMemory: number
}
