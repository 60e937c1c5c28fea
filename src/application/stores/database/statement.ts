import type { Effect } from '../store.ts'
import type { Condition, Expression, Value } from './expression.ts'

/*
 * What a client asks of the database, as plain data: what an SQL text says once it is parsed.
 */

/** Read uncommitted does not exist here: who asks for it gets read committed. */
export type Isolation = 'read committed' | 'repeatable read' | 'serializable'

/** A row as clients see it: its columns in the order of the table or of `returning`. */
export type Row = Readonly<Record<string, Value>>

export interface ColumnDefinition {
  readonly name: string
  readonly type: 'integer' | 'text' | 'boolean'
  readonly notNull?: boolean
  /** Where an insert names no value; null without one. `serial`: the next number of a sequence, which no rollback gives back. */
  readonly default?: Value | 'serial'
}

export interface TableDefinition {
  readonly name: string
  readonly columns: readonly ColumnDefinition[]
  /** Columns of the primary key: unique and not null. Empty for none. */
  readonly primaryKey: readonly string[]
  /** Further unique keys. Rows with a null in a key are equal to none. */
  readonly uniqueKeys: readonly (readonly string[])[]
}

/** What is done where a row with the same unique key exists. `key`: its columns; `undefined` means any unique key (`do nothing` only). */
export type OnConflict =
  | { readonly action: 'nothing'; readonly key?: readonly string[] }
  | {
      readonly action: 'update'
      readonly key: readonly string[]
      readonly set: Assignments
      /** Rows of which it is not true are locked and left as they are. */
      readonly where?: Condition
    }

export type Assignments = Readonly<Record<string, Expression>>

/** Columns of what a statement gives back. */
export type Returning = 'nothing' | 'everything' | readonly string[]

/** What a `select` gives: columns of each row, or one row of aggregates over all of them. */
export type Selection = 'everything' | readonly string[] | { readonly aggregates: Readonly<Record<string, Aggregate>> }

/** Over no rows `count` is 0, the others are null. */
export type Aggregate = { readonly kind: 'count' } | { readonly kind: 'sum' | 'max' | 'min'; readonly of: Expression }

/** Which lock a `select` takes on its rows, strongest first, and what it does about rows that others have locked. */
export interface RowLocking {
  readonly strength: 'update' | 'no key update' | 'share' | 'key share'
  readonly otherwise: 'wait' | 'nowait' | 'skip locked'
}

export interface Select {
  readonly kind: 'select'
  readonly from: string
  readonly columns?: Selection
  readonly where?: Condition
  readonly orderBy?: readonly { readonly column: string; readonly direction: 'ascending' | 'descending' }[]
  readonly limit?: number
  readonly lock?: RowLocking
}

/**
 * What a write that carries an effect says of it: `effect-applied` when the transaction that changed a row by it commits, `effect-skipped` if it
 * changed none and the transaction commits, `effect-undone` if the commit is lost later; nothing where the transaction does not commit.
 */
interface Effective {
  readonly effect?: Effect
}

export interface Insert extends Effective {
  readonly kind: 'insert'
  readonly into: string
  readonly rows: readonly Row[]
  readonly onConflict?: OnConflict
  readonly returning?: Returning
}

export interface Update extends Effective {
  readonly kind: 'update'
  readonly table: string
  readonly set: Assignments
  readonly where?: Condition
  readonly returning?: Returning
}

export interface Delete extends Effective {
  readonly kind: 'delete'
  readonly from: string
  readonly where?: Condition
  readonly returning?: Returning
}

/** Settings of a session that statements may change; µs, 0 for no limit. */
export type SessionSetting =
  | {
      readonly name: 'lock_timeout' | 'statement_timeout' | 'idle_in_transaction_session_timeout'
      readonly value: number
    }
  | { readonly name: 'synchronous_commit'; readonly value: SynchronousCommit }
  | { readonly name: 'default_transaction_isolation'; readonly value: Isolation }

/** How far a commit has to have got before the client is answered. */
export type SynchronousCommit = 'on' | 'off' | 'local' | 'remote_write' | 'remote_apply'

/** Statements that do not read or write rows. */
export type Control =
  | { readonly kind: 'create-table'; readonly table: TableDefinition; readonly ifNotExists?: boolean }
  /** Without an isolation level, the default of the session. */
  | { readonly kind: 'begin'; readonly isolation?: Isolation; readonly readOnly?: boolean }
  | { readonly kind: 'commit' | 'rollback' }
  | { readonly kind: 'savepoint' | 'release-savepoint' | 'rollback-to-savepoint'; readonly name: string }
  /** `pg_advisory_xact_lock`: a lock on a number, until the end of the transaction. `try` answers with a row `{ locked }` instead of waiting. */
  | { readonly kind: 'advisory-lock'; readonly key: number; readonly shared?: boolean; readonly try?: boolean }
  | { readonly kind: 'set'; readonly setting: SessionSetting }

/** Outside of `begin` and `commit` each statement is a transaction of its own. */
export type Statement = Select | Insert | Update | Delete | Control

/** What a statement did. `count`: rows inserted, updated, deleted or selected; 0 for the others. */
export interface Done {
  readonly kind: 'done'
  readonly rows: readonly Row[]
  readonly count: number
  /** A `commit` of a transaction in which a statement had failed rolls back, and says so only here. */
  readonly rolledBack: boolean
}

/** Why a statement failed: the code of the standard, or the vendor's. */
export type SqlState =
  /** sqlclient unable to establish sqlconnection */
  | '08001'
  /** connection failure */
  | '08006'
  /** cardinality violation */
  | '21000'
  /** numeric value out of range */
  | '22003'
  /** not null violation */
  | '23502'
  /** unique violation */
  | '23505'
  /** active sql transaction */
  | '25001'
  /** read only sql transaction */
  | '25006'
  /** no active sql transaction */
  | '25P01'
  /** in failed sql transaction */
  | '25P02'
  /** idle in transaction session timeout */
  | '25P03'
  /** invalid savepoint specification */
  | '3B001'
  /** serialization failure */
  | '40001'
  /** deadlock detected */
  | '40P01'
  /** undefined column */
  | '42703'
  /** datatype mismatch */
  | '42804'
  /** undefined table */
  | '42P01'
  /** duplicate table */
  | '42P07'
  /** invalid column reference */
  | '42P10'
  /** too many connections */
  | '53300'
  /** lock not available */
  | '55P03'
  /** query canceled */
  | '57014'
  /** cannot connect now */
  | '57P03'

/**
 * A statement failed. `failed`: it has had no effect, and the transaction it belongs to will not commit. `unknown`: the connection ended, or the
 * client gave up, while a commit (or a write outside of a transaction) was under way; it may have been made.
 */
export interface DatabaseError {
  readonly kind: 'error'
  readonly sqlState: SqlState
  readonly message: string
  readonly outcome: 'failed' | 'unknown'
}

export type StatementResult = Done | DatabaseError
