import type { ConsumerGroup } from './consumer-group.ts'
import type { Stream } from './stream.ts'
import type { StreamId } from './stream-id.ts'
import { compareIds, isLowest } from './stream-id.ts'
import type { Version } from './version.ts'
import { isAtLeast } from './version.ts'

/**
 * How many entries a group has read and how many it has not, as far as deletions let Redis know.
 * https://redis.io/docs/latest/commands/xinfo-groups/
 */

/** Counts an entry that a group is about to be given. */
export function countRead(group: ConsumerGroup, stream: Stream, id: StreamId, version: Version): void {
  const from = isAtLeast(version, '8.0') ? group.lastDelivered : id
  if (group.entriesRead !== undefined && !hasTombstones(stream, from, version)) group.entriesRead++
  else if (stream.entriesAdded > 0) group.entriesRead = distanceFromFirst(stream, id, version)
}

/** Entries that a group has still to read; undefined where nobody can say. */
export function lagOf(group: ConsumerGroup, stream: Stream, version: Version): number | undefined {
  if (stream.entriesAdded === 0) return 0
  if (isAtLeast(version, '8.0')) {
    if (stream.length === 0) return 0
    const { firstId } = stream
    if (compareIds(group.lastDelivered, firstId) < 0 && compareIds(stream.maxDeletedId, firstId) < 0)
      return stream.length
  }
  if (group.entriesRead !== undefined && !hasTombstones(stream, group.lastDelivered, version))
    return stream.entriesAdded - group.entriesRead
  const read = distanceFromFirst(stream, group.lastDelivered, version)
  return read === undefined ? undefined : stream.entriesAdded - read
}

/** Whether entries have been deleted, not trimmed, from here on. */
function hasTombstones(stream: Stream, from: StreamId, version: Version): boolean {
  if (stream.length === 0 || isLowest(stream.maxDeletedId)) return false
  if (!isAtLeast(version, '8.0') && compareIds(stream.firstId, stream.maxDeletedId) > 0) return false
  return compareIds(from, stream.maxDeletedId) <= 0
}

/** How many entries were ever added up to this id; undefined where nobody can say. */
function distanceFromFirst(stream: Stream, id: StreamId, version: Version): number | undefined {
  const { entriesAdded, length, lastId, firstId, maxDeletedId } = stream
  if (entriesAdded === 0) return 0
  if (length === 0 && compareIds(id, lastId) <= 0) return entriesAdded
  if (isAtLeast(version, '8.0') && !isLowest(id) && compareIds(id, maxDeletedId) < 0) return undefined
  const fromLast = compareIds(id, lastId)
  if (fromLast === 0) return entriesAdded
  if (fromLast > 0) return undefined
  if (!isLowest(maxDeletedId) && compareIds(maxDeletedId, firstId) >= 0) return undefined
  const fromFirst = compareIds(id, firstId)
  if (fromFirst < 0) return entriesAdded - length
  return fromFirst === 0 ? entriesAdded - length + 1 : undefined
}
