import type { ErrorDetails, SqlState } from '../../../application/stores/database/statement.ts'

/** What the server finds wrong with a text. */
export class SqlFailure extends Error {
  readonly sqlState: SqlState
  readonly about: ErrorDetails

  constructor(sqlState: SqlState, message: string, about: ErrorDetails = {}) {
    super(message)
    this.sqlState = sqlState
    this.about = about
  }
}
