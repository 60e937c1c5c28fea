import type { Call } from './call.ts'
import type { ConsumerGroup, PendingEntry } from './consumer-group.ts'
import { formatId } from './stream-id.ts'

/**
 * Replicas and the append-only file do not read: they are told what is pending afterwards, as `XCLAIM`s that depend on nothing.
 *
 * @param name the id as it was given.
 */
export function propagatePending(
  call: Call,
  key: string,
  group: ConsumerGroup,
  pending: PendingEntry,
  name = pending.name,
): void {
  if (pending.consumer === undefined) return
  call.propagate({
    type: 'XCLAIM',
    key,
    group: group.name,
    consumer: pending.consumer.name,
    minIdle: 0,
    ids: [name],
    time: pending.deliveredAt,
    retryCount: pending.deliveries,
    force: true,
    justId: true,
    lastId: formatId(group.lastDelivered),
  })
}

/** They are told how far the group has read. */
export function propagateGroupId(call: Call, key: string, group: ConsumerGroup): void {
  const id = formatId(group.lastDelivered)
  call.propagate({ type: 'XGROUP SETID', key, group: group.name, id, entriesRead: group.entriesRead ?? -1 })
}
