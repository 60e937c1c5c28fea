import type { CloseReason } from '../../../simulation/connection.ts'
import type { Effect } from '../store.ts'
import type { DataType } from './datatype.ts'
import type { Condition, Expression, Value } from './expression.ts'
import type { CommonTable, From, Output, Query } from './query.ts'

/*
 * What a client asks of the database, as plain data: what an SQL text says once it is parsed.
 */

/** Read uncommitted does not exist here: who asks for it gets read committed. */
export type Isolation = 'read committed' | 'repeatable read' | 'serializable'

/** A row as clients see it: its columns in the order of the table or of `returning`. */
export type Row = Readonly<Record<string, Value>>

export interface ColumnDefinition {
  readonly name: string
  readonly type: DataType
  /** Of the type: a length, or a precision and a scale. */
  readonly modifiers?: readonly number[]
  readonly notNull?: boolean
  /** Where an insert names no value; null without one. `serial`: the next number of a sequence, which no rollback gives back. */
  readonly default?: Value | 'serial'
  /** Instead of `default`: what is computed for each row. */
  readonly computes?: Expression
  /** A sequence that belongs to the column: `always` refuses values of one's own. */
  readonly identity?: 'always' | 'by default'
}

export interface TableDefinition {
  readonly name: string
  readonly columns: readonly ColumnDefinition[]
  /** Columns of the primary key: unique and not null. Empty for none. */
  readonly primaryKey: readonly string[]
  /** Further unique keys. Rows with a null in a key are equal to none. */
  readonly uniqueKeys: readonly (readonly string[] | UniqueKey)[]
  /** Of the primary key; made of the name of the table by default. */
  readonly primaryKeyName?: string
  /** What must not be false of a row. */
  readonly checks?: readonly { readonly name: string; readonly condition: Condition }[]
  readonly foreignKeys?: readonly ForeignKey[]
}

export interface UniqueKey {
  readonly name: string
  readonly columns: readonly string[]
  /** Rows of which it is not true are not in it. */
  readonly where?: Condition
}

/** Rows whose `columns` are not null have a row in the other table. */
export interface ForeignKey {
  readonly name: string
  readonly columns: readonly string[]
  readonly table: string
  /** A unique key of the other table. */
  readonly key: readonly string[]
  /** What happens to rows whose row in the other table goes. */
  readonly onDelete: 'no action' | 'cascade' | 'set null'
}

/**
 * What is done where a row with the same unique key exists. `key`: its columns, or its name; `undefined` means any unique key (`do nothing`
 * only).
 */
export type OnConflict =
  | { readonly action: 'nothing'; readonly key?: readonly string[] | string }
  | {
      readonly action: 'update'
      readonly key: readonly string[] | string
      readonly set: Assignments
      /** Rows of which it is not true are locked and left as they are. */
      readonly where?: Condition
    }

export type Assignments = Readonly<Record<string, Expression>>

/** Columns of what a statement gives back, or what is computed of each row. */
export type Returning = 'nothing' | 'everything' | readonly string[] | { readonly outputs: readonly Output[] }

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

/** What is given with a statement that leaves places open. */
export interface Given {
  readonly parameters?: readonly Value[]
  /** On whose behalf it is executed: rows that count as effects of the store are effects of this message. */
  readonly by?: Effect
}

/** What a statement that changes rows may have before it. */
interface Prepared {
  readonly with?: readonly CommonTable[]
  /** Queries in it that say nothing of its rows: they are run once, before it. */
  readonly subqueries?: readonly Query[]
}

export interface Insert extends Effective, Prepared, Given {
  readonly kind: 'insert'
  readonly into: string
  /** How expressions name the row; `row` by default. */
  readonly as?: string
  readonly rows: readonly Row[]
  /** Instead of `rows`. */
  readonly source?: InsertSource
  readonly onConflict?: OnConflict
  readonly returning?: Returning
}

/** Rows to insert: columns that a row does not name get their default. */
export type InsertSource =
  | { readonly kind: 'values'; readonly rows: readonly Readonly<Record<string, Expression>>[] }
  | { readonly kind: 'query'; readonly columns: readonly string[]; readonly query: Query }

export interface Update extends Effective, Prepared, Given {
  readonly kind: 'update'
  readonly table: string
  readonly as?: string
  /** Other sources, joined by `where`; of several rows that fit, one is taken. */
  readonly using?: From
  readonly set: Assignments
  readonly where?: Condition
  readonly returning?: Returning
}

export interface Delete extends Effective, Prepared, Given {
  readonly kind: 'delete'
  readonly from: string
  readonly as?: string
  readonly using?: From
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
  | { readonly kind: 'create-index'; readonly table: string; readonly key: UniqueKey; readonly ifNotExists?: boolean }
  /** What the server finds wrong with a text before it does anything. */
  | { readonly kind: 'refuse'; readonly sqlState: SqlState; readonly message: string; readonly about?: ErrorDetails }
  /** What needs nothing done. */
  | { readonly kind: 'nothing' }
  /** Without an isolation level, the default of the session. */
  | { readonly kind: 'begin'; readonly isolation?: Isolation; readonly readOnly?: boolean }
  | { readonly kind: 'commit' | 'rollback' }
  | { readonly kind: 'savepoint' | 'release-savepoint' | 'rollback-to-savepoint'; readonly name: string }
  /** `pg_advisory_xact_lock`: a lock on a number, until the end of the transaction. `try` answers with a row `{ locked }` instead of waiting. */
  | AdvisoryLock
  /** `local`: until the end of the transaction. */
  | { readonly kind: 'set'; readonly setting: SessionSetting; readonly local?: boolean }
  /** Of the open transaction, before its first query. */
  | { readonly kind: 'set-transaction'; readonly isolation?: Isolation; readonly readOnly?: boolean }

export interface AdvisoryLock extends Given {
  readonly kind: 'advisory-lock'
  /** One number, or what is computed: one of 64 bits or two of 32. */
  readonly key: number | readonly Expression[]
  readonly shared?: boolean
  readonly try?: boolean
}

/** A query that is a statement. */
export interface QueryStatement extends Given {
  readonly kind: 'query-statement'
  readonly query: Query
}

/** What a statement is called. */
export function nameOf({ kind }: Statement): string {
  return kind === 'query-statement' ? 'select' : kind
}

/** Outside of `begin` and `commit` each statement is a transaction of its own. */
export type Statement = Select | QueryStatement | Insert | Update | Delete | Control

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
  /** protocol violation */
  | '08P01'
  /** feature not supported */
  | '0A000'
  /** cardinality violation */
  | '21000'
  /** string data right truncation */
  | '22001'
  /** numeric value out of range */
  | '22003'
  /** invalid datetime format */
  | '22007'
  /** datetime field overflow */
  | '22008'
  /** division by zero */
  | '22012'
  /** invalid row count in limit clause */
  | '2201W'
  /** invalid row count in result offset clause */
  | '2201X'
  /** substring error */
  | '22011'
  /** invalid escape sequence */
  | '22025'
  /** invalid parameter value */
  | '22023'
  /** invalid binary representation */
  | '22P03'
  /** invalid text representation */
  | '22P02'
  /** not null violation */
  | '23502'
  /** foreign key violation */
  | '23503'
  /** unique violation */
  | '23505'
  /** check violation */
  | '23514'
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
  /** syntax error */
  | '42601'
  /** ambiguous column */
  | '42702'
  /** undefined column */
  | '42703'
  /** wrong object type */
  | '42809'
  /** grouping error */
  | '42803'
  /** datatype mismatch */
  | '42804'
  /** undefined object */
  | '42704'
  /** duplicate object */
  | '42710'
  /** duplicate alias */
  | '42712'
  /** ambiguous function */
  | '42725'
  /** undefined function */
  | '42883'
  /** cannot coerce */
  | '42846'
  /** generated always */
  | '428C9'
  /** duplicate column */
  | '42701'
  /** undefined table */
  | '42P01'
  /** undefined parameter */
  | '42P02'
  /** duplicate table */
  | '42P07'
  /** invalid column reference */
  | '42P10'
  /** indeterminate datatype */
  | '42P18'
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
  readonly about?: ErrorDetails
  /** How the connection ended, where that is the error; `given-up`: by this side. */
  readonly lost?: CloseReason | 'given-up'
}

/** What an error says besides. */
export interface ErrorDetails {
  readonly detail?: string
  readonly hint?: string
  readonly table?: string
  readonly column?: string
  readonly constraint?: string
  readonly dataType?: string
  /** Of the character in the text, from 1. */
  readonly position?: number
  /** A server would do it; this one does not. */
  readonly isUnsupported?: boolean
}

export type StatementResult = Done | DatabaseError
