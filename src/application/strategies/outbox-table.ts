import type { Expression } from '../stores/database/expression.ts'
import { and, literal, where } from '../stores/database/expression.ts'
import type { Insert, Row, Select, TableDefinition, Update } from '../stores/database/statement.ts'
import type { Envelope } from '../../systems/system.ts'
import type { Handling, OutputMessage, StrategyContext } from './strategy.ts'

/** Messages that are to be sent because of what was committed with them. */
export const outboxTable: TableDefinition = {
  name: 'outbox',
  columns: [
    { name: 'number', type: 'integer', default: 'serial' },
    { name: 'service', type: 'text' },
    { name: 'output', type: 'text' },
    { name: 'message', type: 'text' },
    { name: 'parent', type: 'text' },
    { name: 'key', type: 'text' },
    { name: 'version', type: 'integer' },
    { name: 'content', type: 'text' },
    { name: 'sent', type: 'boolean', default: false },
  ],
  primaryKey: ['number'],
  uniqueKeys: [],
}

type Naming = Pick<StrategyContext, 'service' | 'text' | 'intern'>

/** Puts all that the service is to send because of a delivery into the outbox; nothing where there is nothing. */
export function insertIntoOutbox(naming: Naming, handling: Handling): Insert | undefined {
  const rows = handling.takeOutputs().map((output) => rowOf(naming, output))
  return rows.length === 0 ? undefined : { kind: 'insert', into: outboxTable.name, rows }
}

/** The oldest that were not sent; with `claims`, only those that no other relay has in hand, and locked from here on. */
export function selectUnsent({ service }: Naming, limit: number, claims: boolean): Select {
  return {
    kind: 'select',
    from: outboxTable.name,
    where: and(where('service', '=', service), where('sent', '=', false)),
    orderBy: [{ column: 'number', direction: 'ascending' }],
    limit,
    ...(claims ? { lock: { strength: 'update', otherwise: 'skip locked' } } : {}),
  }
}

export function markSent(row: Row): Update {
  const sent: Expression = literal(true)
  return { kind: 'update', table: outboxTable.name, set: { sent }, where: where('number', '=', row['number'] ?? null) }
}

function rowOf({ service, text }: Naming, { output, envelope, parent }: OutputMessage): Row {
  const { message, key, version, ...rest } = envelope
  const content = JSON.stringify({ ...rest, operation: text(envelope.operation) })
  return { service, output, message: text(message), parent: text(parent), key, version, content }
}

/** The message of a row, as it was put in. */
export function outputOf({ intern }: Naming, row: Row): OutputMessage {
  const text = (name: string): string => String(row[name])
  const content: Content = JSON.parse(text('content'))
  const envelope: Envelope = {
    ...content,
    operation: intern(content.operation),
    message: intern(text('message')),
    key: text('key'),
    version: Number(row['version']),
  }
  return { output: text('output'), envelope, parent: intern(text('parent')) }
}

/** What of an envelope has no column of its own. */
type Content = Pick<Envelope, 'sequence' | 'size' | 'type' | 'headers' | 'body'> & { readonly operation: string }
