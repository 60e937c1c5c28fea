import { stateTable } from './state-table.ts'
import { writeIfNewer } from './newer-state.ts'
import type { Strategy } from './strategy.ts'
import { databaseOf, outcomeOf } from './transaction.ts'

export const newerVersion: Strategy = {
  name: 'newer-version',
  summary: 'Write the state that the message says if its version is newer than the one that is there.',
  why: 'The store itself refuses what it has and what is out of date, whoever writes it and however late; it needs messages with versions and whole states.',
  options: {},
  stores: { store: ['database'] },
  writes: 'state',
  start(context) {
    const database = databaseOf(context)
    database.migrate([stateTable])
    return function* handle(handling) {
      const worked = yield* handling.work()
      return worked.kind === 'done' ? outcomeOf(yield* writeIfNewer(database, handling)) : worked
    }
  },
}
