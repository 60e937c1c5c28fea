import type { Program } from '../../program.ts'
import type { StoreClient } from '../store.ts'
import type { DatabaseCore } from './core/database-core.ts'
import type { Schema } from './schema.ts'
import type { DatabaseError, Isolation, Statement, StatementResult, TableDefinition } from './statement.ts'

/** What a process uses of a database: connections from a pool of its own. */
export interface DatabaseClient extends StoreClient {
  readonly kind: 'database'

  /**
   * The tables exist from here on, as after a migration before the deployment: at once, and again without any effect. For the first step of a
   * process.
   */
  migrate(tables: readonly TableDefinition[]): void

  /** What the tables of the database are: it grows when a statement makes one. */
  readonly schema: Schema

  /** A connection of one's own, beside the pool. */
  open(): DirectSession

  /** What is in the database, as the server that takes statements has it on its disk. For when the run is over. */
  contents(): DatabaseCore

  /**
   * Takes a connection from the pool, waiting for one where all are in use. It never fails: where no connection can be had, every statement of
   * the session answers with the reason (`08001`, `53300`).
   */
  connect(): Program<Session>

  /** One statement on a connection of the pool: a transaction of its own. */
  execute(statement: Statement): Program<StatementResult>

  /** Takes a connection, runs {@link Session.transaction} on it and gives it back. */
  transaction<R>(isolation: Isolation, body: TransactionBody<R>): Program<R | DatabaseError>
}

/** A connection that tells when it is there and when it is over. */
export interface DirectSession {
  /** Comes back when statements are taken; or with the reason why there will be no connection. */
  opened(): Program<DatabaseError | undefined>
  execute(statement: Statement): Program<StatementResult>
  /** Calls `ended` when the connection is over, and not by `close`. */
  onEnd(ended: (error: DatabaseError) => void): void
  close(): void
}

/** A connection, and the transaction that is open on it. One statement at a time. */
export interface Session {
  execute(statement: Statement): Program<StatementResult>

  /**
   * `begin`, the body, `commit`. Where the body comes back with an error, or the commit fails, the transaction is rolled back and the error is
   * the result; its `outcome` is `unknown` only where the commit may have been made. A body that wants to give up executes `rollback` itself.
   */
  transaction<R>(isolation: Isolation, body: TransactionBody<R>): Program<R | DatabaseError>

  /** Gives the connection back to the pool as it is: a transaction that is still open stays open, with its locks. */
  release(): void

  /** Closes the connection; the server rolls back what is open as soon as it notices. */
  close(): void
}

export type TransactionBody<R> = (session: Session) => Program<R | DatabaseError>

/** Whether what a service was given to write to is a database. */
export function isDatabaseClient(client: StoreClient): client is DatabaseClient {
  return 'kind' in client && client.kind === 'database'
}
