import { inboxTable, receiveOnce } from './inbox-table.ts'
import { writeIfNewer } from './newer-state.ts'
import { stateTable } from './state-table.ts'
import type { Strategy } from './strategy.ts'
import { done, skipped } from './strategy.ts'
import { databaseOf, inTransaction, isError } from './transaction.ts'

export const inboxAndVersion: Strategy = {
  name: 'inbox-and-version',
  summary: 'In one transaction: note the operation under a unique key, and write the state if its version is newer.',
  why: 'The inbox keeps out what was done, under whatever id it comes, and the version what is out of date; both are there with the state or not at all.',
  options: {},
  stores: { store: ['database'] },
  writes: 'state',
  start(context) {
    const database = databaseOf(context)
    database.migrate([inboxTable, stateTable])
    return function* handle(handling) {
      let kept = done
      const outcome = yield* inTransaction(database, function* steps(session) {
        const received = yield* receiveOnce(session, context, handling.ids.operation, null)
        if (isError(received)) return received
        if (received === 0) return skipped('done already')
        const worked = yield* handling.work()
        if (worked.kind !== 'done') return worked
        const written = yield* writeIfNewer(session, handling)
        if (isError(written)) return written
        // The note is to be kept, whatever became of the state.
        kept = written
        return done
      })
      return outcome.kind === 'done' ? kept : outcome
    }
  },
}
