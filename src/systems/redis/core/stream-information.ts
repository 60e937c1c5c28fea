import type { Call, Outcome } from './call.ts'
import { findGroup } from './claiming.ts'
import type { ConsumerGroup, PendingEntry } from './consumer-group.ts'
import { failure, noGroupForKey, noSuchKey } from './errors.ts'
import { lagOf } from './read-counter.ts'
import type { EntryReply, InformationValue, PendingReply, Reply } from './reply.ts'
import type { StreamCommandOf } from './stream-command.ts'
import { formatId, parseInterval } from './stream-id.ts'
import type { StreamEntry } from './stream-node.ts'
import { isAtLeast } from './version.ts'

/** `XPENDING`. https://redis.io/docs/latest/commands/xpending/ */
export function pending(call: Call, command: StreamCommandOf<'XPENDING'>): Outcome {
  const { key, range } = command
  const interval = range === undefined ? undefined : parseInterval(range.from, range.to)
  if (typeof interval === 'string') return failure(interval)
  const found = findGroup(call, key, command.group)
  if ('type' in found) return found
  const { group } = found
  if (range === undefined || interval === undefined) return summary(group)
  const { minIdle = 0 } = range
  const consumer = range.consumer === undefined ? undefined : group.consumer(range.consumer)
  if (range.consumer !== undefined && consumer === undefined) return { type: 'pending', entries: [] }
  const entries: PendingReply[] = []
  for (const entry of group.pending(interval.from, interval.to)) {
    if (entries.length >= range.count) break
    if (consumer !== undefined && entry.consumer !== consumer) continue
    if (minIdle > 0 && call.now - entry.deliveredAt < minIdle) continue
    entries.push(pendingReply(call, entry))
  }
  return { type: 'pending', entries }
}

/** `XINFO STREAM`. https://redis.io/docs/latest/commands/xinfo-stream/ */
export function streamInformation(call: Call, command: StreamCommandOf<'XINFO STREAM'>): Outcome {
  const stream = call.find(command.key, 'stream')
  if (stream === undefined) return noSuchKey
  if (stream.type === 'error') return stream
  const { producers } = stream
  const items: [string, InformationValue][] = [
    ['length', stream.length],
    ['radix-tree-keys', stream.nodes.length],
    ['last-generated-id', formatId(stream.lastId)],
    ['max-deleted-entry-id', formatId(stream.maxDeletedId)],
    ['entries-added', stream.entriesAdded],
    ['recorded-first-entry-id', formatId(stream.firstId)],
    ['groups', stream.groups.size],
    ['first-entry', entryReply(stream.first())],
    ['last-entry', entryReply(stream.last())],
  ]
  if (isAtLeast(call.version, '8.6'))
    items.push(['idmp-duration', producers.duration], ['idmp-maxsize', producers.maxSize])
  return { type: 'information', items }
}

/** `XINFO GROUPS`. https://redis.io/docs/latest/commands/xinfo-groups/ */
export function groupsInformation(call: Call, command: StreamCommandOf<'XINFO GROUPS'>): Outcome {
  const stream = call.find(command.key, 'stream')
  if (stream === undefined) return noSuchKey
  if (stream.type === 'error') return stream
  const replies = stream.groupsByName.map((group): Reply => ({
    type: 'information',
    items: [
      ['name', group.name],
      ['consumers', group.consumerCount],
      ['pending', group.pendingCount],
      ['last-delivered-id', formatId(group.lastDelivered)],
      ['entries-read', group.entriesRead],
      ['lag', lagOf(group, stream, call.version)],
    ],
  }))
  return { type: 'replies', replies }
}

/** `XINFO CONSUMERS`. https://redis.io/docs/latest/commands/xinfo-consumers/ */
export function consumersInformation(call: Call, command: StreamCommandOf<'XINFO CONSUMERS'>): Outcome {
  const stream = call.find(command.key, 'stream')
  if (stream === undefined) return noSuchKey
  if (stream.type === 'error') return stream
  const group = stream.groups.get(command.group)
  if (group === undefined) return noGroupForKey(command.key, command.group)
  const replies = group.consumers.map(({ name, pending: count, seenAt, activeAt }): Reply => {
    const items: [string, InformationValue][] = [
      ['name', name],
      ['pending', count],
      ['idle', Math.max(0, call.now - seenAt)],
    ]
    if (isAtLeast(call.version, '7.2')) items.push(['inactive', activeAt === undefined ? -1 : call.now - activeAt])
    return { type: 'information', items }
  })
  return { type: 'replies', replies }
}

function summary(group: ConsumerGroup): Reply {
  const all = [...group.pending()]
  const consumers = group.consumers
    .filter(({ pending: count }) => count > 0)
    .map(({ name, pending: count }) => ({ consumer: name, count }))
  return { type: 'pending-summary', count: all.length, first: all[0]?.name, last: all.at(-1)?.name, consumers }
}

function pendingReply(call: Call, { name: id, consumer, deliveredAt, deliveries }: PendingEntry): PendingReply {
  const idle = consumer === undefined ? -1 : Math.max(0, call.now - deliveredAt)
  return { id, consumer: consumer?.name ?? '', idle, deliveries }
}

function entryReply(entry: StreamEntry | undefined): EntryReply | undefined {
  return entry === undefined ? undefined : { id: entry.name, fields: entry.fields }
}
