import { second } from '../../simulation/duration.ts'
import type { OptionTable } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import type { Program } from '../program.ts'
import { always, column, compare, excluded, plus } from '../stores/database/expression.ts'
import { isLockClient } from '../stores/lock/lock-client.ts'
import { stateRow, stateTable, upsertState } from './state-table.ts'
import type { Handling, HandlingOutcome, Strategy } from './strategy.ts'
import { done, failed } from './strategy.ts'
import { countOf, databaseOf, isError, outcomeOf } from './transaction.ts'

const options = {
  lock: { type: 'text', fallback: null, summary: 'The lock service; the only one, by default.' },
  lease: {
    type: 'duration',
    fallback: 10 * second,
    minimum: 1,
    summary: 'How long the lock is held unless it is given back before.',
  },
  checks: {
    type: 'flag',
    fallback: true,
    summary: 'Whether the write is refused where a higher token has written; without it the lock alone has to do.',
  },
} as const satisfies OptionTable

export const fencing: Strategy = {
  name: 'fencing',
  summary: 'Hold a lock on the key while working, and let the store refuse a token that is lower than one it has seen.',
  why: 'Who lost the lock unawares cannot write over the next holder; but tokens order holders, not messages, and know nothing of what was done before.',
  options,
  stores: { store: ['database'], lock: ['lock'] },
  writes: 'delta',
  start(context, settings) {
    const { lease, checks } = valuesOf(options, settings)
    const database = databaseOf(context)
    const locks = context.store('lock')
    if (!isLockClient(locks)) throw new Error('Leases come from a lock service; the scenario should have been refused.')
    database.migrate([stateTable])
    function* write(handling: Handling, token: number): Program<HandlingOutcome> {
      const current = checks ? compare(column('token'), '<=', excluded('token')) : always
      const added = { value: plus(column('value'), excluded('value')) }
      const row = { ...stateRow(handling), value: 1, token }
      const changed = yield* countOf(database, upsertState(handling, row, current, added))
      if (isError(changed)) return outcomeOf(changed)
      return changed > 0 ? done : failed('a higher token has written')
    }
    return function* handle(handling) {
      const row = stateRow(handling)
      const lock = `${String(row['effect'])}/${String(row['key'])}`
      const grant = yield* locks.acquire(lock, lease)
      if (grant.kind !== 'granted') return failed(`no lock: ${grant.reason}`)
      const worked = yield* handling.work()
      const outcome = worked.kind === 'done' ? yield* write(handling, grant.token) : worked
      // A holder that fails gives the lock back all the same; only a dead one keeps it until the lease is over.
      yield* locks.release(lock, grant.token)
      return outcome
    }
  },
}
