import type { Program } from '../program.ts'
import type { DatabaseClient, Session } from '../stores/database/database-client.ts'
import { isDatabaseClient } from '../stores/database/database-client.ts'
import type { DatabaseError, Isolation, Statement } from '../stores/database/statement.ts'
import type { HandlingOutcome, StrategyContext } from './strategy.ts'
import { failed } from './strategy.ts'

/** The database that a strategy writes its effects to. */
export function databaseOf(context: StrategyContext): DatabaseClient {
  const client = context.store('store')
  if (isDatabaseClient(client)) return client
  throw new Error('This strategy needs a database; the scenario should have been refused.')
}

/** What is to be done inside of a transaction: it commits where the handling is done, and rolls back otherwise. */
export type TransactionSteps = (session: Session) => Program<HandlingOutcome | DatabaseError>

/** Handles inside of one transaction: either all that it writes is there in the end, or nothing. */
export function* inTransaction(
  database: DatabaseClient,
  steps: TransactionSteps,
  isolation: Isolation = 'read committed',
): Program<HandlingOutcome> {
  const result = yield* database.transaction<HandlingOutcome>(isolation, function* body(session) {
    const outcome = yield* steps(session)
    if (outcome.kind !== 'done' && outcome.kind !== 'error') yield* session.execute({ kind: 'rollback' })
    return outcome
  })
  return outcomeOf(result)
}

/** Executes one statement; comes back with the error, or with how many rows it changed or found. */
export function* countOf(where: Pick<Session, 'execute'>, statement: Statement): Program<number | DatabaseError> {
  const result = yield* where.execute(statement)
  return result.kind === 'error' ? result : result.count
}

/** What is left to say of a handling that ended in the database. */
export function outcomeOf(result: HandlingOutcome | DatabaseError): HandlingOutcome {
  return result.kind === 'error' ? failed(`the database answered: ${result.message}`) : result
}

export function isError(result: unknown): result is DatabaseError {
  return typeof result === 'object' && result !== null && 'kind' in result && result.kind === 'error'
}
