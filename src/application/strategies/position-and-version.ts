import { writeIfNewer } from './newer-state.ts'
import { movePosition, noPosition, positionTable } from './position-table.ts'
import { stateTable } from './state-table.ts'
import type { Strategy } from './strategy.ts'
import { done, skipped } from './strategy.ts'
import { countOf, databaseOf, inTransaction, isError } from './transaction.ts'

export const positionAndVersion: Strategy = {
  name: 'position-and-version',
  summary: 'In one transaction: store the position in the log, and write the state if its version is newer.',
  why: 'The position keeps out what was read before, the version what lies elsewhere in the log and is out of date.',
  options: {},
  stores: { store: ['database'] },
  needsPositions: true,
  writes: 'state',
  start(context) {
    const database = databaseOf(context)
    database.migrate([positionTable, stateTable])
    return function* handle(handling) {
      if (handling.delivery.position < 0) return noPosition
      let kept = done
      const outcome = yield* inTransaction(database, function* steps(session) {
        const moved = yield* countOf(session, movePosition(context, handling))
        if (isError(moved)) return moved
        if (moved === 0) return skipped('done already')
        const worked = yield* handling.work()
        if (worked.kind !== 'done') return worked
        const written = yield* writeIfNewer(session, handling)
        if (isError(written)) return written
        // The position is to be kept, whatever became of the state.
        kept = written
        return done
      })
      return outcome.kind === 'done' ? kept : outcome
    }
  },
}
