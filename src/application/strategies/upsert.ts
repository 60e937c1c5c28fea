import type { OptionTable } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import { isOfAnotherOperation, stateRow, stateTable, upsertState } from './state-table.ts'
import type { Strategy } from './strategy.ts'
import { done } from './strategy.ts'
import { databaseOf, outcomeOf } from './transaction.ts'

const options = {
  row: {
    type: 'choice',
    choices: ['key', 'message'],
    fallback: 'key',
    summary: 'Which row a message writes: that of its key, or one of its own.',
  },
} as const satisfies OptionTable

export const upsert: Strategy = {
  name: 'upsert',
  summary: 'Write the state that the message says, over whatever is there.',
  why: 'The same state written twice is the same state, without any memory; but an older message that comes late writes over a newer one.',
  options,
  stores: { store: ['database'] },
  writes: 'state',
  start(context, settings) {
    const { row } = valuesOf(options, settings)
    const database = databaseOf(context)
    database.migrate([stateTable])
    return function* handle(handling) {
      const worked = yield* handling.work()
      if (worked.kind !== 'done') return worked
      const written = stateRow(handling)
      const key = row === 'message' ? handling.ids.message : String(written['key'])
      const effect = handling.effect === undefined ? undefined : { ...handling.effect, key }
      const result = yield* database.execute(upsertState({ effect }, { ...written, key }, isOfAnotherOperation))
      return outcomeOf(result.kind === 'error' ? result : done)
    }
  },
}
