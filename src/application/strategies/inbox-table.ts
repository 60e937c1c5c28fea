import type { Micros } from '../../simulation/duration.ts'
import type { Program } from '../program.ts'
import type { Session } from '../stores/database/database-client.ts'
import { and, where } from '../stores/database/expression.ts'
import type { DatabaseError, Insert, TableDefinition } from '../stores/database/statement.ts'
import type { StrategyContext } from './strategy.ts'
import { countOf } from './transaction.ts'

const columns: TableDefinition['columns'] = [
  { name: 'service', type: 'text' },
  { name: 'id', type: 'text' },
  { name: 'since', type: 'integer' },
]

/** What each service has processed. The key is what makes the second of two writers wait for the first, and then see it. */
export const inboxTable: TableDefinition = { name: 'inbox', columns, primaryKey: ['service', 'id'], uniqueKeys: [] }

/** The same without the key: two writers at a time see nothing of each other. */
export const looseInboxTable: TableDefinition = { ...inboxTable, name: 'loose_inbox', primaryKey: [] }

type Writer = Pick<StrategyContext, 'service' | 'process'>

export function insertIntoInbox({ service, process }: Writer, id: string, table = inboxTable): Insert {
  const insert: Insert = { kind: 'insert', into: table.name, rows: [{ service, id, since: process.wallClock }] }
  return table.primaryKey.length === 0 ? insert : { ...insert, onConflict: { action: 'nothing' } }
}

/** Takes the message into the inbox: 1 where it was not there, 0 where it was. What is older than `lives` is forgotten first. */
export function* receiveOnce(
  session: Session,
  writer: Writer,
  id: string,
  lives: Micros | null,
): Program<number | DatabaseError> {
  if (lives !== null) {
    const old = and(where('service', '=', writer.service), where('since', '<=', writer.process.wallClock - lives))
    const purged = yield* session.execute({ kind: 'delete', from: inboxTable.name, where: old })
    if (purged.kind === 'error') return purged
  }
  return yield* countOf(session, insertIntoInbox(writer, id))
}
