import type { Program } from '../program.ts'
import type { Session } from '../stores/database/database-client.ts'
import { and, where } from '../stores/database/expression.ts'
import type { DatabaseError, Row } from '../stores/database/statement.ts'
import { isOlder, stateRow, stateTable, upsertState } from './state-table.ts'
import type { Handling, HandlingOutcome } from './strategy.ts'
import { done, skipped } from './strategy.ts'
import { countOf, isError } from './transaction.ts'

/** Writes the state of a message if it is newer than the one that is there. */
export function* writeIfNewer(
  session: Pick<Session, 'execute'>,
  handling: Handling,
): Program<HandlingOutcome | DatabaseError> {
  const row = stateRow(handling)
  const written = yield* countOf(session, upsertState(handling, row, isOlder))
  if (isError(written)) return written
  return written > 0 ? done : yield* whyNot(session, row)
}

/** The same version means that it was written before; a newer one, that nobody needs this one any more. */
function* whyNot(session: Pick<Session, 'execute'>, row: Row): Program<HandlingOutcome | DatabaseError> {
  const { effect = null, key = null, operation = null, version = null } = row
  const same = yield* countOf(session, {
    kind: 'select',
    from: stateTable.name,
    where: and(
      where('effect', '=', effect),
      where('key', '=', key),
      where('version', '=', version),
      where('operation', '=', operation),
    ),
  })
  if (isError(same)) return same
  return skipped(same > 0 ? 'done already' : 'superseded')
}
