import type { DatabaseError, SqlState } from '../statement.ts'

/** Thrown inside the core to end a statement, and caught there: clients get it as a value. */
export class Failure extends Error {
  readonly sqlState: SqlState

  constructor(sqlState: SqlState, message: string) {
    super(message)
    this.sqlState = sqlState
  }

  get asError(): DatabaseError {
    return { kind: 'error', sqlState: this.sqlState, message: this.message, outcome: 'failed' }
  }
}

export function concurrentUpdate(): Failure {
  return new Failure('40001', 'could not serialize access due to concurrent update')
}

export function concurrentDelete(): Failure {
  return new Failure('40001', 'could not serialize access due to concurrent delete')
}
