import type { Call, Outcome } from './call.ts'
import type { Consumer, ConsumerGroup, PendingEntry } from './consumer-group.ts'
import { poisonDeliveries } from './consumer-group.ts'
import { failure, noGroup } from './errors.ts'
import { propagateGroupId, propagatePending } from './group-propagation.ts'
import { forget } from './references.ts'
import type { EntryReply, ErrorReply } from './reply.ts'
import type { StreamCommandOf } from './stream-command.ts'
import { compareIds, formatId, invalidId, lowestId, parseId, parseInterval } from './stream-id.ts'
import type { StreamEntry } from './stream-node.ts'
import { parseIds } from './stream-writing.ts'
import type { Stream } from './stream.ts'
import { isAtLeast } from './version.ts'

/** `XCLAIM`. https://redis.io/docs/latest/commands/xclaim/ */
export function claim(call: Call, command: StreamCommandOf<'XCLAIM'>): Outcome {
  const { key } = command
  const found = findGroup(call, key, command.group)
  if ('type' in found) return found
  const { stream, group } = found
  const ids = parseIds(command.ids)
  // What is no id is taken for an option.
  if (ids === undefined) return failure(`Unrecognized XCLAIM option '${command.ids.find((id) => !isId(id)) ?? ''}'`)
  const lastId = command.lastId === undefined ? lowestId : parseId(command.lastId)
  if (lastId === undefined) return failure(invalidId)
  let isLastIdOwed = compareIds(lastId, group.lastDelivered) > 0
  if (isLastIdOwed) group.lastDelivered = lastId
  if (isAtLeast(call.version, '7.2')) consumerOf(call, group, command.consumer)
  const claimed: EntryReply[] = []
  for (const [place, id] of ids.entries()) {
    const name = command.ids[place]
    const entry = stream.find(id)
    const pending = group.find(id)
    if (entry === undefined) {
      if (pending === undefined) continue
      forgetMissing(call, key, group, pending, name)
      isLastIdOwed = false
    } else {
      const taken = takeUp(call, command, group, pending, entry)
      if (taken === undefined) continue
      claimed.push({ id: entry.name, fields: entry.fields })
      propagatePending(call, key, group, taken, name)
      isLastIdOwed = false
    }
  }
  if (isLastIdOwed) propagateGroupId(call, key, group)
  if (command.justId === true) return { type: 'ids', ids: claimed.map(({ id }) => id) }
  return { type: 'entries', entries: claimed }
}

/** `XAUTOCLAIM`: looks at no more than ten times as many entries as it may take. https://redis.io/docs/latest/commands/xautoclaim/ */
export function claimAutomatically(call: Call, command: StreamCommandOf<'XAUTOCLAIM'>): Outcome {
  const { key, count = 100, justId = false } = command
  const interval = parseInterval(command.start, '+')
  if (typeof interval === 'string') return failure(interval)
  if (count < 1) return failure('COUNT must be > 0')
  const found = findGroup(call, key, command.group)
  if ('type' in found) return found
  const { stream, group } = found
  if (isAtLeast(call.version, '7.2')) consumerOf(call, group, command.consumer)
  const candidates = [...group.pending(interval.from)]
  const claimed: EntryReply[] = []
  const deleted: string[] = []
  let looked = 0
  for (const pending of candidates) {
    if (looked === count * 10 || claimed.length + deleted.length === count) break
    looked++
    const entry = stream.find(pending.id)
    if (entry === undefined) {
      forgetMissing(call, key, group, pending)
      deleted.push(pending.name)
    } else if (isIdle(call, pending, command.minIdle)) {
      const consumer = consumerOf(call, group, command.consumer)
      takeOver(call, { key, group, entry, pending, consumer, isSilent: justId })
      propagatePending(call, key, group, pending)
      claimed.push({ id: entry.name, fields: entry.fields })
    }
  }
  const next = candidates[looked]?.name ?? formatId(lowestId)
  const entries = justId ? claimed.map(({ id }) => ({ id, fields: undefined })) : claimed
  return { type: 'auto-claimed', next, entries, deleted, justId }
}

/** Entries that have been pending for long, taken over by a reading consumer (8.4). */
export function claimIdle(
  call: Call,
  key: string,
  stream: Stream,
  group: ConsumerGroup,
  consumer: Consumer,
  minIdle: number,
  count: number,
): readonly EntryReply[] {
  const claimed: EntryReply[] = []
  for (const pending of group.idleFor(minIdle, call.now)) {
    if (claimed.length === count) break
    const entry = stream.find(pending.id)
    if (entry === undefined) {
      forgetMissing(call, key, group, pending)
      continue
    }
    const idle = pending.deliveredAt === 0 ? -1 : Math.max(0, call.now - pending.deliveredAt)
    const { deliveries } = pending
    takeOver(call, { key, group, entry, pending, consumer, isSilent: false })
    propagatePending(call, key, group, pending)
    claimed.push({ id: entry.name, fields: entry.fields, idle, deliveries })
  }
  return claimed
}

/** The consumer, made if it is not there; it has been seen. */
export function consumerOf(call: Call, group: ConsumerGroup, name: string): Consumer {
  const consumer = group.consumer(name) ?? group.createConsumer(name, call.now)
  consumer.seenAt = call.now
  return consumer
}

export function findGroup(
  call: Call,
  key: string,
  name: string,
): { readonly stream: Stream; readonly group: ConsumerGroup } | ErrorReply {
  const stream = call.find(key, 'stream')
  if (stream?.type === 'error') return stream
  const group = stream?.groups.get(name)
  return stream === undefined || group === undefined ? noGroup(key, name) : { stream, group }
}

function isId(text: string): boolean {
  return parseId(text) !== undefined
}

/** Claims one entry for `XCLAIM`, if it may be claimed. */
function takeUp(
  call: Call,
  command: StreamCommandOf<'XCLAIM'>,
  group: ConsumerGroup,
  known: PendingEntry | undefined,
  entry: StreamEntry,
): PendingEntry | undefined {
  if (known === undefined && command.force !== true) return undefined
  if (known !== undefined && !isIdle(call, known, command.minIdle)) return undefined
  const consumer = consumerOf(call, group, command.consumer)
  const pending = known ?? group.add(entry.id, undefined, call.now, 1)
  const { key, justId: isSilent = false, retryCount } = command
  takeOver(call, {
    key,
    group,
    entry,
    pending,
    consumer,
    isSilent,
    retryCount,
    deliveredAt: deliveryTime(call, command),
  })
  return pending
}

interface Takeover {
  readonly key: string
  readonly group: ConsumerGroup
  readonly entry: StreamEntry
  readonly pending: PendingEntry
  readonly consumer: Consumer
  /** The consumer does not get the content, and it does not count as a delivery. */
  readonly isSilent: boolean
  readonly retryCount?: number | undefined
  readonly deliveredAt?: number
}

function takeOver(call: Call, takeover: Takeover): void {
  const { key, group, entry, pending, consumer, isSilent, retryCount, deliveredAt = call.now } = takeover
  const from = pending.consumer?.name ?? ''
  group.assign(pending, consumer)
  pending.released = 0
  pending.deliveredAt = deliveredAt
  if (retryCount !== undefined && retryCount >= 0) pending.deliveries = retryCount
  else if (!isSilent) pending.deliveries = Math.min(pending.deliveries + 1, poisonDeliveries)
  consumer.activeAt = call.now
  const [to, id] = [consumer.name, entry.name]
  if (isSilent) return call.emit({ kind: 'taken-over', key, group: group.name, consumer: to, id, from })
  const { fields } = entry
  const { deliveries } = pending
  call.emit({
    ...{ kind: 'delivered', how: 'claimed', key, group: group.name, consumer: to, id, fields },
    ...{ deliveries, from, pending: true },
  })
}

function isIdle(call: Call, { consumer, deliveredAt }: PendingEntry, minIdle: number): boolean {
  return consumer === undefined || minIdle <= 0 || call.now - deliveredAt >= minIdle
}

/** With a time that makes no sense it is now: clients reckon with clocks of their own. */
function deliveryTime(call: Call, { idle, time }: StreamCommandOf<'XCLAIM'>): number {
  const wanted = time ?? (idle === undefined ? undefined : call.now - idle)
  return wanted === undefined || wanted < 0 || wanted > call.now ? call.now : wanted
}

/** An entry is pending that the stream has no more. */
function forgetMissing(
  call: Call,
  key: string,
  group: ConsumerGroup,
  pending: PendingEntry,
  name = pending.name,
): void {
  if (pending.consumer === undefined) call.propagate({ type: 'XACK', key, group: group.name, ids: [pending.name] })
  else propagatePending(call, key, group, pending, name)
  forget(call, key, group, pending, 'entry-gone')
}
