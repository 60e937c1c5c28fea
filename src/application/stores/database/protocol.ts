import type { CommitRecord } from './core/commit-record.ts'
import type { SqlState, Statement, StatementResult } from './statement.ts'

/** What a client sends to a server. */
export interface Request {
  readonly number: number
  readonly statement: Statement
}

/** What a server sends to a client. `ready`: the session is open; `ended`: there is none, or no more. */
export type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'ended'; readonly sqlState: SqlState; readonly message: string }
  | { readonly kind: 'result'; readonly number: number; readonly result: StatementResult }

/** A commit in the log. Its number tells it from one that another server wrote in the same place. */
export interface LogEntry {
  readonly number: number
  readonly record: CommitRecord
}

/** The line of descent of a log: each time that a standby takes over, a new one begins at a place of the log. */
export interface Timeline {
  readonly number: number
  readonly begins: number
}

/** What a server remembers of its part. */
export interface Control {
  readonly role: Role
  /** Every timeline up to its own. */
  readonly timelines: readonly Timeline[]
}

export type Role = 'primary' | 'standby'

/** What one server sends to the other, on a connection that the standby has opened, or a primary that wants to be known. */
export type FromPeer =
  /** Asks for the log from a place on. */
  | { readonly kind: 'stream'; readonly timeline: number; readonly from: number }
  /** The log is on the disk up to here. */
  | { readonly kind: 'flushed'; readonly length: number }
  /** There is a newer primary. */
  | { readonly kind: 'superseded'; readonly timeline: number }

export type ToPeer =
  | { readonly kind: 'entries'; readonly from: number; readonly entries: readonly LogEntry[] }
  /** What the standby has beyond this place is not in the log of the primary. */
  | { readonly kind: 'rewind'; readonly length: number; readonly timelines: readonly Timeline[] }
  | { readonly kind: 'alive' }
  | { readonly kind: 'not-primary' }
