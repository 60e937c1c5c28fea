import type { Process } from '../../../../simulation/process.ts'
import type { Program } from '../../../program.ts'
import { perform } from '../../../program.ts'
import type { Effect, StoreOutcome } from '../../store.ts'
import type { DatabaseCore } from '../core/database-core.ts'
import type { DatabaseClient, DirectSession, Session, TransactionBody } from '../database-client.ts'
import { insertEffect } from '../effects-table.ts'
import type { DatabaseValues } from '../options.ts'
import type { Schema } from '../schema.ts'
import type { DatabaseError, Isolation, Statement, StatementResult, TableDefinition } from '../statement.ts'
import { nameOf } from '../statement.ts'
import { PooledSession } from './pooled-session.ts'
import { ServerConnection } from './server-connection.ts'

/** What a process uses of a database: up to so many connections, opened when they are needed and kept; who finds none free waits in turn. */
export class PooledClient implements DatabaseClient {
  readonly kind = 'database'
  readonly #process: Process
  readonly #servers: readonly string[]
  readonly schema: Schema
  readonly #values: DatabaseValues
  readonly #text: (name: number) => string
  readonly #contents: () => DatabaseCore
  readonly #idle: ServerConnection[] = []
  readonly #waiting: ((connection: ServerConnection) => void)[] = []
  #inUse = 0

  /** `text`: how a name of the history reads; `contents`: what is in the database. */
  constructor(
    process: Process,
    servers: readonly string[],
    schema: Schema,
    values: DatabaseValues,
    text: (name: number) => string,
    contents: () => DatabaseCore,
  ) {
    this.#process = process
    this.#servers = servers
    this.schema = schema
    this.#values = values
    this.#text = text
    this.#contents = contents
  }

  open(): DirectSession {
    const connection = new ServerConnection(this.#process, this.#servers, this.#values)
    return {
      opened: () => perform('connect', (resume) => connection.whenOpen(resume)),
      execute: (statement) => perform(nameOf(statement), (resume) => connection.execute(statement, resume)),
      onEnd: (ended) => connection.whenOver(ended),
      close: () => connection.close(),
    }
  }

  contents(): DatabaseCore {
    return this.#contents()
  }

  migrate(tables: readonly TableDefinition[]): void {
    for (const table of tables) this.schema.add(table)
  }

  *connect(): Program<Session> {
    const connection = yield* perform<ServerConnection>('connect', (resume) => this.#take(resume))
    return new PooledSession(connection, () => this.#giveBack(connection))
  }

  *execute(statement: Statement): Program<StatementResult> {
    const session = yield* this.connect()
    const result = yield* session.execute(statement)
    session.release()
    return result
  }

  *transaction<R>(isolation: Isolation, body: TransactionBody<R>): Program<R | DatabaseError> {
    const session = yield* this.connect()
    const result = yield* session.transaction(isolation, body)
    session.release()
    return result
  }

  *apply(effect: Effect): Program<StoreOutcome> {
    const result = yield* this.execute(insertEffect(effect, this.#values.unique, this.#text))
    if (result.kind === 'done') return { kind: 'applied' }
    return { kind: result.outcome === 'unknown' ? 'unknown' : 'refused', reason: result.message }
  }

  #take(resume: (connection: ServerConnection) => void): void {
    if (this.#inUse >= this.#values['pool.max']) {
      this.#waiting.push(resume)
      return
    }
    this.#inUse++
    resume(this.#usable())
  }

  #usable(): ServerConnection {
    const idle = this.#idle.pop()
    if (idle === undefined) return new ServerConnection(this.#process, this.#servers, this.#values)
    return idle.isOver ? this.#usable() : idle
  }

  #giveBack(connection: ServerConnection): void {
    if (!connection.isOver) this.#idle.push(connection)
    const next = this.#waiting.shift()
    if (next === undefined) this.#inUse--
    else next(this.#usable())
  }
}
