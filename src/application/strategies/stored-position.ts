import { deltaTable, insertDelta } from './delta-table.ts'
import { movePosition, noPosition, positionTable } from './position-table.ts'
import type { Strategy } from './strategy.ts'
import { done, skipped } from './strategy.ts'
import { countOf, databaseOf, inTransaction, isError } from './transaction.ts'

export const storedPosition: Strategy = {
  name: 'stored-position',
  summary: 'In one transaction: have the effect, and store the position in the log up to which everything was done.',
  why: 'The effect and the position are there together or not at all, and never forgotten; it needs a log, and it knows nothing of a copy that lies at another place of it.',
  options: {},
  stores: { store: ['database'] },
  needsPositions: true,
  writes: 'delta',
  start(context) {
    const database = databaseOf(context)
    database.migrate([positionTable, deltaTable])
    return function* handle(handling) {
      if (handling.delivery.position < 0) return noPosition
      return yield* inTransaction(database, function* steps(session) {
        const moved = yield* countOf(session, movePosition(context, handling))
        if (isError(moved)) return moved
        if (moved === 0) return skipped('done already')
        const worked = yield* handling.work()
        if (worked.kind !== 'done') return worked
        const applied = yield* session.execute(insertDelta(handling))
        return applied.kind === 'error' ? applied : done
      })
    }
  },
}
