import type { DatabaseError, ErrorDetails, SqlState } from '../statement.ts'

/** Thrown inside the core to end a statement, and caught there: clients get it as a value. */
export class Failure extends Error {
  readonly sqlState: SqlState
  readonly about: ErrorDetails | undefined

  constructor(sqlState: SqlState, message: string, about?: ErrorDetails) {
    super(message)
    this.sqlState = sqlState
    this.about = about
  }

  get asError(): DatabaseError {
    const { sqlState, message, about } = this
    return { kind: 'error', sqlState, message, outcome: 'failed', ...(about === undefined ? {} : { about }) }
  }
}

export function concurrentUpdate(): Failure {
  return new Failure('40001', 'could not serialize access due to concurrent update')
}

export function concurrentDelete(): Failure {
  return new Failure('40001', 'could not serialize access due to concurrent delete')
}
