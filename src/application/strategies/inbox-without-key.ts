import type { OptionTable } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import { and, where } from '../stores/database/expression.ts'
import { deltaTable, insertDelta } from './delta-table.ts'
import { identityOf, identityOptions } from './identity.ts'
import { insertIntoInbox, looseInboxTable } from './inbox-table.ts'
import type { Strategy } from './strategy.ts'
import { done, skipped } from './strategy.ts'
import { countOf, databaseOf, inTransaction, isError } from './transaction.ts'

const options = {
  ...identityOptions,
  isolation: {
    type: 'choice',
    choices: ['read committed', 'repeatable read', 'serializable'],
    fallback: 'read committed',
    summary: 'How far transactions are kept apart.',
    page: 'https://www.postgresql.org/docs/current/transaction-iso.html',
  },
} as const satisfies OptionTable

export const inboxWithoutKey: Strategy = {
  name: 'inbox-without-key',
  summary: 'In one transaction: select what was received, insert it where it is not there, and have the effect.',
  why: 'It survives every crash as the inbox does; but two at a time both find nothing, and only serializable transactions notice.',
  options,
  stores: { store: ['database'] },
  writes: 'delta',
  start(context, settings) {
    const { key, isolation } = valuesOf(options, settings)
    const database = databaseOf(context)
    database.migrate([looseInboxTable, deltaTable])
    return (handling) =>
      inTransaction(
        database,
        function* steps(session) {
          const id = identityOf(handling.ids, key)
          const row = and(where('service', '=', context.service), where('id', '=', id))
          const found = yield* countOf(session, { kind: 'select', from: looseInboxTable.name, where: row })
          if (isError(found)) return found
          if (found > 0) return skipped('done already')
          const worked = yield* handling.work()
          if (worked.kind !== 'done') return worked
          for (const statement of [insertIntoInbox(context, id, looseInboxTable), insertDelta(handling)]) {
            const result = yield* session.execute(statement)
            if (result.kind === 'error') return result
          }
          return done
        },
        isolation,
      )
  },
}
