import type { CloseReason, Connection } from '../../../../simulation/connection.ts'
import type { Process } from '../../../../simulation/process.ts'
import type { Timer } from '../../../../simulation/timer.ts'
import type { DatabaseValues } from '../options.ts'
import type { Reply, Request } from '../protocol.ts'
import type { DatabaseError, SqlState, Statement, StatementResult } from '../statement.ts'
import { nameOf } from '../statement.ts'

interface Waiting {
  readonly request: Request
  readonly resume: (result: StatementResult) => void
  /** Whether the server may have done it although nobody said so. */
  readonly mayCommit: boolean
  timer: Timer | undefined
}

/**
 * A client's connection to whichever server takes statements: it asks one after the other. Statements wait until it is open; when it is over, each
 * fails.
 */
export class ServerConnection {
  readonly #process: Process
  readonly #servers: readonly string[]
  readonly #values: DatabaseValues
  #connection: Connection<Request> | undefined
  #ready = false
  #failure: DatabaseError | undefined
  #waiting: Waiting | undefined
  #requests = 0
  #inTransaction = false
  #opened: ((error: DatabaseError | undefined) => void) | undefined
  #ended: (error: DatabaseError) => void = () => {}

  constructor(process: Process, servers: readonly string[], values: DatabaseValues) {
    this.#process = process
    this.#servers = servers
    this.#values = values
    this.#open(0)
  }

  get isOver(): boolean {
    return this.#failure !== undefined
  }

  /** Sends a statement; the one before has been answered. */
  execute(statement: Statement, resume: (result: StatementResult) => void): void {
    if (this.#failure !== undefined) {
      resume(this.#failure)
      return
    }
    const { query_timeout: timeout } = this.#values
    const request = { number: ++this.#requests, statement }
    const timer =
      timeout === 0 ? undefined : this.#process.setTimer(timeout, () => this.#giveUp(), this.#connection?.peerName)
    this.#waiting = { request, resume, mayCommit: mayCommit(statement, this.#inTransaction), timer }
    if (statement.kind === 'begin') this.#inTransaction = true
    if (this.#ready) this.#send(request)
  }

  close(): void {
    this.#ended = () => {}
    this.#connection?.close()
    this.#end('08006', 'the connection was closed', 'given-up')
  }

  /** Calls back when statements are taken, or with the reason why they never will be. */
  whenOpen(opened: (error: DatabaseError | undefined) => void): void {
    if (this.#ready || this.#failure !== undefined) opened(this.#failure)
    else this.#opened = opened
  }

  /** Calls back when the connection is over, and not by this side. */
  whenOver(ended: (error: DatabaseError) => void): void {
    this.#ended = ended
  }

  #open(index: number, lost?: DatabaseError['lost']): void {
    const server = this.#servers[index]
    if (server === undefined) {
      this.#end('08001', 'no server takes statements', lost)
      return
    }
    const { connect_timeout: connectTimeout } = this.#values
    let over = false
    const next = (sqlState: SqlState, message: string, how?: CloseReason): void => {
      if (over) return
      over = true
      if (this.#ready || sqlState === '53300') this.#end(sqlState, message, how)
      else this.#open(index + 1, how)
    }
    this.#connection = this.#process.connect<Request, Reply>(
      server,
      'database',
      {
        received: (reply) => {
          if (reply.kind === 'ended') next(reply.sqlState, reply.message)
          else this.#receive(reply)
        },
        closed: (reason) => next('08006', `the connection ended: ${reason}`, reason),
      },
      connectTimeout === 0 ? {} : { connectTimeout },
    )
  }

  #receive(reply: Extract<Reply, { readonly kind: 'ready' | 'result' }>): void {
    if (reply.kind === 'ready') {
      this.#ready = true
      this.#opened?.(undefined)
      if (this.#waiting !== undefined) this.#send(this.#waiting.request)
      return
    }
    const waiting = this.#waiting
    if (waiting?.request.number !== reply.number) return
    const { kind } = waiting.request.statement
    if (kind === 'commit' || kind === 'rollback') this.#inTransaction = false
    this.#answer(reply.result)
  }

  #send(request: Request): void {
    this.#connection?.send(request, { bytes: 128, about: nameOf(request.statement) })
  }

  #giveUp(): void {
    this.#connection?.close()
    this.#end('08006', 'the answer did not come in time', 'given-up')
  }

  #end(sqlState: SqlState, message: string, lost?: DatabaseError['lost']): void {
    if (this.#failure !== undefined) return
    this.#failure = { kind: 'error', sqlState, message, outcome: 'failed', ...(lost === undefined ? {} : { lost }) }
    const failure = this.#failure
    const wasOpen = this.#ready
    // What never left cannot have been done.
    const isUnknown = this.#ready && this.#waiting?.mayCommit === true
    this.#answer({ ...failure, outcome: isUnknown ? 'unknown' : 'failed' })
    if (wasOpen) this.#ended(failure)
    else this.#opened?.(failure)
  }

  #answer(result: StatementResult): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.timer?.clear()
    waiting?.resume(result)
  }
}

/** Whether the statement makes something last: a commit, or a write that is a transaction of its own. */
function mayCommit({ kind }: Statement, inTransaction: boolean): boolean {
  return inTransaction ? kind === 'commit' : kind === 'insert' || kind === 'update' || kind === 'delete'
}
