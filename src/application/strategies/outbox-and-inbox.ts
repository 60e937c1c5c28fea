import type { OptionTable } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import { deltaTable } from './delta-table.ts'
import { identityOf, identityOptions } from './identity.ts'
import { inboxTable, receiveOnce } from './inbox-table.ts'
import { outboxTable } from './outbox-table.ts'
import { effectAndOutputs, outboxOptions, startRelays } from './outbox.ts'
import type { Strategy } from './strategy.ts'
import { skipped } from './strategy.ts'
import { databaseOf, inTransaction, isError } from './transaction.ts'

const options = {
  ...identityOptions,
  key: { ...identityOptions.key, fallback: 'operation' },
  ...outboxOptions,
} as const satisfies OptionTable

export const outboxAndInbox: Strategy = {
  name: 'outbox-and-inbox',
  summary:
    'In one transaction: note what was received, have the effect, and write down what is to be sent; a relay sends it.',
  why: 'What came twice is done once, and what is sent because of it is under the same ids each time, so that the next inbox recognises it.',
  options,
  stores: { store: ['database'] },
  writes: 'delta',
  start(context, settings) {
    const { key } = valuesOf(options, settings)
    const database = databaseOf(context)
    database.migrate([inboxTable, deltaTable, outboxTable])
    const relays = startRelays(context, database, settings)
    return function* handle(handling) {
      const outcome = yield* inTransaction(database, function* steps(session) {
        const received = yield* receiveOnce(session, context, identityOf(handling.ids, key), null)
        if (isError(received)) return received
        if (received === 0) return skipped('done already')
        const worked = yield* handling.work()
        return worked.kind === 'done' ? yield* effectAndOutputs(context, session, handling) : worked
      })
      relays.notice()
      return outcome
    }
  },
}
