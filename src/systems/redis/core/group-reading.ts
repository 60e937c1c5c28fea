import type { Call, Outcome } from './call.ts'
import { claimIdle, consumerOf } from './claiming.ts'
import type { Consumer, ConsumerGroup } from './consumer-group.ts'
import { failure, noGroup } from './errors.ts'
import { propagateGroupId, propagatePending } from './group-propagation.ts'
import type { Keyspace } from './keyspace.ts'
import { countRead } from './read-counter.ts'
import type { EntryReply } from './reply.ts'
import type { StreamCommandOf } from './stream-command.ts'
import type { StreamId } from './stream-id.ts'
import { compareIds, highestId, invalidId, next, parseId } from './stream-id.ts'
import type { StreamEntry } from './stream-node.ts'
import { waitForStreams } from './stream-reading.ts'
import type { Stream } from './stream.ts'
import { isAtLeast } from './version.ts'

type ReadGroup = StreamCommandOf<'XREADGROUP'>

interface Position {
  readonly key: string
  readonly stream: Stream
  readonly group: ConsumerGroup
  /** Of the consumer's own pending entries those after this id; without one, what nobody was given. */
  readonly after: StreamId | undefined
}

/** `XREADGROUP`: a delivery counts when it is executed, whether or not the answer arrives. https://redis.io/docs/latest/commands/xreadgroup/ */
export function readGroup(call: Call, command: ReadGroup): Outcome {
  const { block, claim, count = 0 } = command
  if (block !== undefined && block < 0) return failure('timeout is negative')
  if (claim !== undefined && claim < 0) return failure('min-idle-time must be a positive integer')
  const positions: Position[] = []
  for (const { key, id } of command.streams) {
    const stream = call.find(key, 'stream')
    if (stream?.type === 'error') return stream
    const group = stream?.groups.get(command.group)
    if (stream === undefined || group === undefined)
      return noGroup(key, command.group, ' in XREADGROUP with GROUP option')
    if (id === '$' || (id === '+' && isAtLeast(call.version, '7.4'))) return meaningless(id)
    const after = id === '>' ? undefined : parseId(id)
    if (after === undefined && id !== '>') return failure(invalidId)
    positions.push({ key, stream, group, after })
  }
  const streams: { key: string; entries: readonly EntryReply[] }[] = []
  for (const position of positions) {
    const entries = readOne(call, command, position, Math.max(0, count))
    if (entries !== undefined) streams.push({ key: position.key, entries })
  }
  if (streams.length > 0) return { type: 'streams', streams }
  return waitForStreams(call, command, command.streams, block)
}

/** The earliest time at which a waiting reader may claim something that is pending now, milliseconds; Infinity for never. */
export function nextClaim(keys: Keyspace, command: ReadGroup): number {
  let first = Infinity
  const { claim } = command
  if (claim === undefined) return first
  for (const { key, id } of command.streams) {
    const value = keys.get(key)?.value
    const group = value?.type === 'stream' && id === '>' ? value.groups.get(command.group) : undefined
    for (const { deliveredAt } of group?.pending() ?? []) first = Math.min(first, deliveredAt + claim)
  }
  return first
}

/** What the consumer gets of one stream; undefined if there is nothing for it. */
function readOne(call: Call, command: ReadGroup, position: Position, count: number): readonly EntryReply[] | undefined {
  const { key, stream, group, after } = position
  const isAlwaysSeen = isAtLeast(call.version, '7.2')
  const propagated = call.propagated.length
  const isNew = group.consumer(command.consumer) === undefined
  if (isAlwaysSeen) createConsumer(call, command, key, group)
  if (after !== undefined)
    return history(call, key, stream, group, createConsumer(call, command, key, group), after, count)
  const last = stream.last()
  const hasNew = last !== undefined && compareIds(last.id, group.lastDelivered) > 0
  const entries: EntryReply[] = []
  if (command.claim !== undefined) {
    const consumer = createConsumer(call, command, key, group)
    entries.push(...claimIdle(call, key, stream, group, consumer, command.claim, count === 0 ? Infinity : count))
  }
  if (hasNew && (count === 0 || entries.length < count)) {
    const consumer = createConsumer(call, command, key, group)
    const fresh = deliverNew(call, command, position, consumer, count === 0 ? 0 : count - entries.length)
    entries.push(...fresh)
  }
  if (isNew && isAtLeast(call.version, '8.8') && call.propagated.length === propagated)
    propagateConsumer(call, command, key)
  return entries.length === 0 ? undefined : entries
}

/** The consumer's own pending entries once more: it counts as a delivery here, and nobody else is told. */
function history(
  call: Call,
  key: string,
  stream: Stream,
  group: ConsumerGroup,
  consumer: Consumer,
  after: StreamId,
  count: number,
): readonly EntryReply[] {
  const entries: EntryReply[] = []
  for (const pending of group.pending(next(after) ?? highestId)) {
    if (pending.consumer !== consumer) continue
    if (count > 0 && entries.length === count) break
    const fields = stream.find(pending.id)?.fields
    entries.push({ id: pending.name, fields })
    if (fields === undefined) continue
    pending.deliveredAt = call.now
    pending.deliveries++
    const [of, to, { name: id, deliveries }] = [group.name, consumer.name, pending]
    call.emit({
      kind: 'delivered',
      how: 'history',
      key,
      group: of,
      consumer: to,
      id,
      fields,
      deliveries,
      pending: true,
    })
  }
  return entries
}

function deliverNew(
  call: Call,
  command: ReadGroup,
  { key, stream, group }: Position,
  consumer: Consumer,
  count: number,
): readonly EntryReply[] {
  const entries: EntryReply[] = []
  for (const entry of stream.range(next(group.lastDelivered) ?? highestId)) {
    countRead(group, stream, entry.id, call.version)
    group.lastDelivered = entry.id
    deliver(call, command, key, group, consumer, entry)
    const { name: id, fields } = entry
    entries.push(command.claim === undefined ? { id, fields } : { id, fields, idle: 0, deliveries: 0 })
    if (entries.length === count) break
  }
  if (command.noAck === true || isAtLeast(call.version, '7.4')) propagateGroupId(call, key, group)
  return entries
}

function deliver(
  call: Call,
  { noAck = false }: ReadGroup,
  key: string,
  group: ConsumerGroup,
  consumer: Consumer,
  { id, name, fields }: StreamEntry,
): void {
  if (!noAck) {
    // After an operator has set the group back, somebody may have it already: it begins anew.
    const known = group.find(id)
    const pending = known ?? group.add(id, consumer, call.now, 1)
    group.assign(pending, consumer)
    Object.assign(pending, { deliveredAt: call.now, deliveries: 1, released: 0 })
    consumer.activeAt = call.now
    propagatePending(call, key, group, pending)
  }
  const [of, to] = [group.name, consumer.name]
  call.emit({
    ...{ kind: 'delivered', how: 'new', key, group: of, consumer: to, id: name, fields },
    ...{ deliveries: 1, pending: !noAck },
  })
}

/** The consumer that reads; replicas learn of a new one from what it has pending, if it has. */
export function createConsumer(call: Call, command: ReadGroup, key: string, group: ConsumerGroup): Consumer {
  const isNew = group.consumer(command.consumer) === undefined
  const consumer = consumerOf(call, group, command.consumer)
  if (isNew && command.noAck === true) propagateConsumer(call, command, key)
  return consumer
}

function propagateConsumer(call: Call, { group, consumer }: ReadGroup, key: string): void {
  call.propagate({ type: 'XGROUP CREATECONSUMER', key, group, consumer })
}

function meaningless(id: string): Outcome {
  return failure(
    `The ${id} ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The ${id} ID would just return an empty result set.`,
  )
}
