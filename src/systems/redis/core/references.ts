import type { Call } from './call.ts'
import type { ConsumerGroup, PendingEntry } from './consumer-group.ts'
import type { StreamId } from './stream-id.ts'
import { compareIds } from './stream-id.ts'
import type { Stream } from './stream.ts'

/** Whether a group has still to be given an entry or to acknowledge it. Without groups nobody has. */
export function isReferenced(stream: Stream, id: StreamId): boolean {
  for (const group of stream.groups.values()) {
    if (compareIds(group.lastDelivered, id) < 0 || group.find(id) !== undefined) return true
  }
  return false
}

/** Makes every group forget that the entry is pending; returns whether there was one for which it was. */
export function dropReferences(call: Call, key: string, stream: Stream, id: StreamId): boolean {
  let dropped = false
  for (const group of stream.groups.values()) {
    const entry = group.find(id)
    if (entry === undefined) continue
    forget(call, key, group, entry, 'entry-gone')
    dropped = true
  }
  return dropped
}

/** Takes an entry out of what is pending though nobody has acknowledged it. */
export function forget(
  call: Call,
  key: string,
  group: ConsumerGroup,
  entry: PendingEntry,
  reason: 'entry-gone' | 'consumer-deleted' | 'group-destroyed',
): void {
  group.remove(entry)
  const consumer = entry.consumer?.name ?? ''
  call.emit({ kind: 'forgotten', key, group: group.name, id: entry.name, consumer, reason })
}
