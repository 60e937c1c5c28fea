import type { Program } from '../../../program.ts'
import { perform } from '../../../program.ts'
import type { Session, TransactionBody } from '../database-client.ts'
import type { DatabaseError, Isolation, Statement, StatementResult } from '../statement.ts'
import { nameOf } from '../statement.ts'
import type { ServerConnection } from './server-connection.ts'

/** A connection that a program has taken from a pool. */
export class PooledSession implements Session {
  readonly #connection: ServerConnection
  readonly #release: () => void
  #released = false

  /** `release` gives the connection back. */
  constructor(connection: ServerConnection, release: () => void) {
    this.#connection = connection
    this.#release = release
  }

  execute(statement: Statement): Program<StatementResult> {
    return perform(nameOf(statement), (resume) => this.#connection.execute(statement, resume))
  }

  *transaction<R>(isolation: Isolation, body: TransactionBody<R>): Program<R | DatabaseError> {
    const begun = yield* this.execute({ kind: 'begin', isolation })
    if (begun.kind === 'error') return begun
    const result = yield* body(this)
    if (isDatabaseError(result)) {
      yield* this.execute({ kind: 'rollback' })
      return result
    }
    const committed = yield* this.execute({ kind: 'commit' })
    if (committed.kind === 'error') return committed
    return committed.rolledBack ? rolledBack : result
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    this.#release()
  }

  close(): void {
    this.#connection.close()
    this.release()
  }
}

const rolledBack: DatabaseError = {
  kind: 'error',
  sqlState: '25P02',
  message: 'the transaction was rolled back, because a statement of it had failed',
  outcome: 'failed',
}

function isDatabaseError(result: unknown): result is DatabaseError {
  return (
    typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'error' && 'sqlState' in result
  )
}
