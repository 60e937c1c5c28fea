import type { EntryReply, Reply } from '../core/reply.ts'
import type { ConsumerValues } from '../options/client-table.ts'
import type { Contents } from './contents.ts'

/** Who a consumer is in its group, and how it goes about it. */
export interface GroupMembership {
  readonly key: string
  readonly group: string
  readonly consumer: string
  readonly values: ConsumerValues
  readonly contents: Contents
  placeOf(key: string): number
}

/** The entries that an answer brings. */
export function entriesIn(reply: Reply): readonly EntryReply[] {
  if (reply.type === 'streams') return reply.streams.flatMap(({ entries }) => entries)
  return reply.type === 'entries' || reply.type === 'auto-claimed' ? reply.entries : []
}
