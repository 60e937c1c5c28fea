import { second } from '../../simulation/duration.ts'
import type { OptionTable, OptionValues, Settings } from '../../systems/option.ts'
import { valuesOf } from '../../systems/option.ts'
import type { Program } from '../program.ts'
import type { DatabaseClient, Session } from '../stores/database/database-client.ts'
import type { DatabaseError } from '../stores/database/statement.ts'
import { deltaTable, insertDelta } from './delta-table.ts'
import { insertIntoOutbox, outboxTable } from './outbox-table.ts'
import { Relay } from './relay.ts'
import type { Handling, HandlingOutcome, Strategy, StrategyContext } from './strategy.ts'
import { done } from './strategy.ts'
import { databaseOf, inTransaction } from './transaction.ts'

/** The options of a strategy with an outbox. */
export const outboxOptions = {
  relays: {
    type: 'count',
    fallback: 1,
    minimum: 1,
    maximum: 100,
    summary: 'How many programs send what is in the outbox, spread over the members.',
  },
  'relay-every': {
    type: 'duration',
    fallback: second,
    minimum: 1,
    summary: 'How often a relay looks by itself; it also looks when the process that it runs in has put something in.',
  },
  'relay-claims': {
    type: 'flag',
    fallback: true,
    summary: 'Whether a relay locks the rows that it has in hand, and leaves out those that another one has.',
  },
} as const satisfies OptionTable

export const outbox: Strategy = {
  name: 'outbox',
  summary: 'In one transaction: have the effect, and write down what is to be sent because of it; a relay sends it.',
  why: 'What is sent and what was done cannot part: neither is there without the other. But the relay sends again what it could not mark, and the effect is had every time.',
  options: outboxOptions,
  stores: { store: ['database'] },
  writes: 'delta',
  start(context, settings) {
    const database = databaseOf(context)
    database.migrate([deltaTable, outboxTable])
    const relays = startRelays(context, database, settings)
    return function* handle(handling) {
      const outcome = yield* inTransaction(database, function* steps(session) {
        const worked = yield* handling.work()
        return worked.kind === 'done' ? yield* effectAndOutputs(context, session, handling) : worked
      })
      relays.notice()
      return outcome
    }
  },
}

/** The effect of a handling, and what the service is to send because of it. */
export function* effectAndOutputs(
  context: StrategyContext,
  session: Session,
  handling: Handling,
): Program<HandlingOutcome | DatabaseError> {
  const applied = yield* session.execute(insertDelta(handling))
  if (applied.kind === 'error') return applied
  const insert = insertIntoOutbox(context, handling)
  const written = insert === undefined ? applied : yield* session.execute(insert)
  return written.kind === 'error' ? written : done
}

/** The relays that run in this process: one in each of the first members, more where there are fewer members than relays. */
export function startRelays(
  context: StrategyContext,
  database: DatabaseClient,
  settings: Settings,
): { notice(): void } {
  const values: OptionValues<typeof outboxOptions> = valuesOf(outboxOptions, settings)
  const { member, members, source } = context
  const own = Array.from({ length: values.relays }, (_, index) => index).filter((index) => index % members === member)
  // A service with several sources has one outbox.
  const relays = (source === 0 ? own : []).map(
    () => new Relay(context, database, { every: values['relay-every'], claims: values['relay-claims'] }),
  )
  for (const relay of relays) relay.start()
  return {
    notice: () => {
      context.owed.noted++
      for (const relay of relays) relay.notice()
    },
  }
}
