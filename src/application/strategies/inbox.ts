import type { OptionTable } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import { deltaTable, insertDelta } from './delta-table.ts'
import { identityOf, identityOptions, memoryOptions } from './identity.ts'
import { inboxTable, receiveOnce } from './inbox-table.ts'
import type { Strategy } from './strategy.ts'
import { done, skipped } from './strategy.ts'
import { databaseOf, inTransaction, isError } from './transaction.ts'

const options = {
  ...identityOptions,
  ...memoryOptions,
  'acknowledges-inside': {
    type: 'flag',
    fallback: false,
    summary:
      'Whether the message is acknowledged before the transaction commits, as frameworks do that bind the two together.',
  },
} as const satisfies OptionTable

export const inbox: Strategy = {
  name: 'inbox',
  summary: 'In one transaction: note what was received under a unique key, and have the effect.',
  why: 'The note and the effect are there together or not at all, and the unique key lets one of several through; what it cannot know is a message under a new id.',
  options,
  stores: { store: ['database'] },
  writes: 'delta',
  start(context, settings) {
    const { key, 'time-to-live': lives, 'acknowledges-inside': inside } = valuesOf(options, settings)
    const database = databaseOf(context)
    database.migrate([inboxTable, deltaTable])
    return (handling) =>
      inTransaction(database, function* steps(session) {
        const received = yield* receiveOnce(session, context, identityOf(handling.ids, key), lives)
        if (isError(received)) return received
        if (received === 0) return skipped('done already')
        const worked = yield* handling.work()
        if (worked.kind !== 'done') return worked
        const applied = yield* session.execute(insertDelta(handling))
        if (applied.kind === 'error') return applied
        if (inside) yield* handling.acknowledge()
        return done
      })
  },
}
