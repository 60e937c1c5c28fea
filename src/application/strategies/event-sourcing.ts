import type { OptionTable } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import type { Program } from '../program.ts'
import type { DatabaseClient } from '../stores/database/database-client.ts'
import { where } from '../stores/database/expression.ts'
import type { DatabaseError, Insert, TableDefinition } from '../stores/database/statement.ts'
import type { Handling, HandlingOutcome, Strategy } from './strategy.ts'
import { done, failed, skipped } from './strategy.ts'
import { databaseOf, isError, outcomeOf } from './transaction.ts'

const options = {
  'expects-revision': {
    type: 'flag',
    fallback: true,
    summary: 'Whether an event is refused when somebody appended another one since the stream was read.',
  },
  'checks-command': {
    type: 'flag',
    fallback: true,
    summary: 'Whether the events of the stream say which commands they came from, and are looked through for this one.',
  },
} as const satisfies OptionTable

/** How often a stream is read again that somebody else appended to. */
const attempts = 5

export const eventSourcing: Strategy = {
  name: 'event-sourcing',
  summary:
    'Read the stream of the key, and append an event at the revision that was read, unless one of this command is there.',
  why: 'Who appends has seen all that came before: the command is found if it was applied, and the revision is taken if somebody was faster.',
  options,
  stores: { store: ['database'] },
  writes: 'delta',
  start(context, settings) {
    const values = valuesOf(options, settings)
    const database = databaseOf(context)
    const table = values['expects-revision'] ? eventTable : looseEventTable
    database.migrate([table])
    return function* handle(handling) {
      const worked = yield* handling.work()
      if (worked.kind !== 'done') return worked
      for (let attempt = 0; attempt < attempts; attempt++) {
        const revision = yield* nextRevision(database, table, handling, values['checks-command'])
        if (typeof revision !== 'number') return outcomeOf(revision)
        const appended = yield* database.execute(append(table, handling, revision))
        if (appended.kind === 'done') return done
        if (appended.sqlState !== uniqueViolation) return outcomeOf(appended)
      }
      return failed('others are always faster')
    }
  },
}

const uniqueViolation = '23505'

const eventTable: TableDefinition = {
  name: 'events',
  columns: [
    { name: 'stream', type: 'text' },
    { name: 'revision', type: 'integer' },
    { name: 'command', type: 'text' },
  ],
  primaryKey: ['stream', 'revision'],
  uniqueKeys: [],
}

const looseEventTable: TableDefinition = { ...eventTable, name: 'loose_events', primaryKey: [] }

/** The revision behind the last event of the stream, unless the command is among its events. */
function* nextRevision(
  database: DatabaseClient,
  { name }: TableDefinition,
  handling: Handling,
  checks: boolean,
): Program<number | HandlingOutcome | DatabaseError> {
  // One statement: read apart, the revision could be newer than the commands that were looked through.
  const stream = where('stream', '=', streamOf(handling))
  const read = yield* database.execute({ kind: 'select', from: name, where: stream })
  if (isError(read)) return read
  if (checks && read.rows.some(({ command }) => command === handling.ids.operation)) return skipped('done already')
  return Math.max(0, ...read.rows.map(({ revision }) => Number(revision))) + 1
}

function append({ name }: TableDefinition, handling: Handling, revision: number): Insert {
  const { ids, effect } = handling
  const row = { stream: streamOf(handling), revision, command: ids.operation }
  return { kind: 'insert', into: name, rows: [row], ...(effect === undefined ? {} : { effect }) }
}

function streamOf({ ids, effect }: Handling): string {
  return `${effect?.effect ?? ''}/${ids.key === '' ? ids.operation : ids.key}`
}
