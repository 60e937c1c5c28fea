import type { Call, Outcome } from './call.ts'
import type { ConsumerGroup, PendingEntry } from './consumer-group.ts'
import { poisonDeliveries } from './consumer-group.ts'
import { findGroup } from './claiming.ts'
import { failure } from './errors.ts'
import { dropReferences, isReferenced } from './references.ts'
import type { StreamCommandOf } from './stream-command.ts'
import type { StreamId } from './stream-id.ts'
import { invalidId } from './stream-id.ts'
import { deleteEntry, parseIds } from './stream-writing.ts'
import type { Stream } from './stream.ts'

/** `XACK`: nobody asks whose the entry is. https://redis.io/docs/latest/commands/xack/ */
export function acknowledge(call: Call, command: StreamCommandOf<'XACK'>): Outcome {
  const stream = call.find(command.key, 'stream')
  if (stream?.type === 'error') return stream
  const group = stream?.groups.get(command.group)
  if (group === undefined) return { type: 'integer', value: 0 }
  const ids = parseIds(command.ids)
  if (ids === undefined) return failure(invalidId)
  const acknowledged = ids.filter((id) => settle(call, command.key, group, id)).length
  if (acknowledged > 0) call.propagate(command)
  return { type: 'integer', value: acknowledged }
}

/** `XACKDEL`: 1 for an entry that is gone, -1 for one that was not pending, 2 for one that another group refers to. */
export function acknowledgeAndDelete(call: Call, command: StreamCommandOf<'XACKDEL'>): Outcome {
  const { key, references = 'KEEPREF' } = command
  const stream = call.find(key, 'stream')
  if (stream?.type === 'error') return stream
  const ids = parseIds(command.ids)
  if (ids === undefined) return failure(invalidId)
  const group = stream?.groups.get(command.group)
  if (stream === undefined || group === undefined) return { type: 'integers', values: ids.map(() => -1) }
  const settleOne = (id: StreamId): number => {
    if (!settle(call, key, group, id)) return -1
    if (references === 'ACKED' && isReferenced(stream, id)) return 2
    if (references === 'DELREF') dropReferences(call, key, stream, id)
    deleteEntry(call, key, stream, id)
    call.touch(key)
    return 1
  }
  const values = ids.map(settleOne)
  if (values.some((value) => value !== -1)) call.propagate(command)
  return { type: 'integers', values }
}

/** `XNACK`: the entry is nobody's, and the first to be given out again. https://redis.io/docs/latest/commands/xnack/ */
export function release(call: Call, command: StreamCommandOf<'XNACK'>): Outcome {
  const { key } = command
  const ids = parseIds(command.ids)
  if (ids === undefined) return failure(invalidId)
  if (command.retryCount !== undefined && command.retryCount < 0)
    return failure('Invalid RETRYCOUNT value, must be >= 0')
  const found = findGroup(call, key, command.group)
  if ('type' in found) return found
  const { stream, group } = found
  let released = 0
  for (const id of ids) {
    const pending = group.find(id) ?? forced(command, stream, group, id)
    if (pending === undefined) continue
    const consumer = pending.consumer?.name ?? ''
    pending.deliveries = deliveriesAfter(command, pending)
    group.release(pending)
    call.emit({ kind: 'released', key, group: group.name, id: pending.name, consumer })
    call.propagate({ ...command, mode: 'FAIL', ids: [pending.name], retryCount: pending.deliveries, force: true })
    released++
  }
  if (released > 0) call.ready.add(key)
  return { type: 'integer', value: released }
}

function settle(call: Call, key: string, group: ConsumerGroup, id: StreamId): boolean {
  const pending = group.find(id)
  if (pending === undefined) return false
  group.remove(pending)
  const consumer = pending.consumer?.name ?? ''
  call.emit({ kind: 'acknowledged', key, group: group.name, id: pending.name, consumer })
  return true
}

function forced(
  { force = false }: StreamCommandOf<'XNACK'>,
  stream: Stream,
  group: ConsumerGroup,
  id: StreamId,
): PendingEntry | undefined {
  return force && stream.find(id) !== undefined ? group.add(id, undefined, 0, 0) : undefined
}

function deliveriesAfter({ mode, retryCount }: StreamCommandOf<'XNACK'>, { deliveries }: PendingEntry): number {
  if (retryCount !== undefined) return retryCount
  if (mode === 'FATAL') return poisonDeliveries
  return mode === 'FAIL' ? deliveries : Math.max(0, deliveries - 1)
}
