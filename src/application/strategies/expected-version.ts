import type { OptionTable } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import type { Program } from '../program.ts'
import type { DatabaseClient } from '../stores/database/database-client.ts'
import { and, column, literal, plus, where } from '../stores/database/expression.ts'
import type { DatabaseError, Statement } from '../stores/database/statement.ts'
import { stateRow, stateTable } from './state-table.ts'
import type { Handling, HandlingOutcome, Strategy } from './strategy.ts'
import { done, failed, skipped } from './strategy.ts'
import { countOf, databaseOf, isError, outcomeOf } from './transaction.ts'

const options = {
  'on-gap': {
    type: 'choice',
    choices: ['retry', 'park'],
    fallback: 'retry',
    summary: 'What becomes of a message whose predecessor has not been applied yet.',
  },
} as const satisfies OptionTable

export const expectedVersion: Strategy = {
  name: 'expected-version',
  summary: 'Change the row only if it has the version that the message expects, the one before its own.',
  why: 'Every version is applied once and in order, whoever tries it; a message that comes early has to wait, and one that never comes stops all after it.',
  options,
  stores: { store: ['database'] },
  writes: 'delta',
  start(context, settings) {
    const onGap = valuesOf(options, settings)['on-gap']
    const database = databaseOf(context)
    database.migrate([stateTable])
    return function* handle(handling) {
      const worked = yield* handling.work()
      if (worked.kind !== 'done') return worked
      const changed = yield* countOf(database, change(handling))
      if (isError(changed)) return outcomeOf(changed)
      return changed > 0 ? done : outcomeOf(yield* whyNot(database, handling, onGap))
    }
  },
}

/** The first version makes the row; each other one changes the row that the one before left. */
function change(handling: Handling): Statement {
  const row = stateRow(handling)
  const { ids, effect } = handling
  const tag = effect === undefined ? {} : { effect }
  if (ids.version === 1)
    return {
      kind: 'insert',
      into: stateTable.name,
      rows: [{ ...row, value: 1 }],
      onConflict: { action: 'nothing' },
      ...tag,
    }
  const set = {
    operation: literal(ids.operation),
    value: plus(column('value'), literal(1)),
    version: literal(ids.version),
  }
  return {
    kind: 'update',
    table: stateTable.name,
    set,
    where: and(own(handling), where('version', '=', ids.version - 1)),
    ...tag,
  }
}

function* whyNot(
  database: DatabaseClient,
  handling: Handling,
  onGap: 'retry' | 'park',
): Program<HandlingOutcome | DatabaseError> {
  const reached = and(own(handling), where('version', '>=', handling.ids.version))
  const found = yield* countOf(database, { kind: 'select', from: stateTable.name, where: reached })
  if (isError(found)) return found
  if (found > 0) return skipped('done already')
  const reason = 'the version before it has not been applied'
  return onGap === 'retry' ? failed(reason) : { kind: 'park', reason }
}

function own(handling: Handling): ReturnType<typeof and> {
  const { effect = null, key = null } = stateRow(handling)
  return and(where('effect', '=', effect), where('key', '=', key))
}
