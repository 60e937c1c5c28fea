import type { Call, Outcome } from './call.ts'
import { ConsumerGroup } from './consumer-group.ts'
import { failure, noGroupForKey } from './errors.ts'
import { forget } from './references.ts'
import type { ErrorReply } from './reply.ts'
import type { StreamCommandOf } from './stream-command.ts'
import type { StreamId } from './stream-id.ts'
import { invalidId, lowestId, parseId } from './stream-id.ts'
import { Stream } from './stream.ts'

/** `XGROUP CREATE`. https://redis.io/docs/latest/commands/xgroup-create/ */
export function createGroup(call: Call, command: StreamCommandOf<'XGROUP CREATE'>): Outcome {
  const { key, group: name } = command
  if (!isReadCount(command.entriesRead)) return badReadCount
  const found = call.find(key, 'stream')
  if (found?.type === 'error') return found
  if (found === undefined && command.makeStream !== true) return keyMustExist
  const id = groupId(command.id, found)
  if (id === undefined) return failure(invalidId)
  const stream = found ?? Stream.within(call.settings)
  if (stream.groups.has(name)) return failure('Consumer Group name already exists', 'BUSYGROUP')
  if (found === undefined) call.put(key, stream)
  stream.groups.set(name, new ConsumerGroup(name, id, readCount(command.entriesRead)))
  call.propagate(command)
  return { type: 'status', text: 'OK' }
}

/** `XGROUP SETID`. https://redis.io/docs/latest/commands/xgroup-setid/ */
export function setGroupId(call: Call, command: StreamCommandOf<'XGROUP SETID'>): Outcome {
  if (!isReadCount(command.entriesRead)) return badReadCount
  const found = existing(call, command.key, command.group)
  if ('type' in found) return found
  // Here the server takes `-` for the lowest id.
  const id = command.id === '-' ? lowestId : groupId(command.id, found.stream)
  if (id === undefined) return failure(invalidId)
  found.group.lastDelivered = id
  found.group.entriesRead = readCount(command.entriesRead)
  call.propagate(command)
  return { type: 'status', text: 'OK' }
}

/** `XGROUP DESTROY`: the group goes even if entries are pending. https://redis.io/docs/latest/commands/xgroup-destroy/ */
export function destroyGroup(call: Call, command: StreamCommandOf<'XGROUP DESTROY'>): Outcome {
  const { key } = command
  const stream = call.find(key, 'stream')
  if (stream === undefined) return keyMustExist
  if (stream.type === 'error') return stream
  const group = stream.groups.get(command.group)
  if (group === undefined) return { type: 'integer', value: 0 }
  for (const pending of [...group.pending()]) forget(call, key, group, pending, 'group-destroyed')
  stream.groups.delete(command.group)
  call.propagate(command)
  call.ready.add(key)
  return { type: 'integer', value: 1 }
}

export function createConsumer(call: Call, command: StreamCommandOf<'XGROUP CREATECONSUMER'>): Outcome {
  const found = existing(call, command.key, command.group)
  if ('type' in found) return found
  if (found.group.consumer(command.consumer) !== undefined) return { type: 'integer', value: 0 }
  found.group.createConsumer(command.consumer, call.now)
  call.propagate(command)
  return { type: 'integer', value: 1 }
}

/** `XGROUP DELCONSUMER`: what the consumer has pending goes with it. https://redis.io/docs/latest/commands/xgroup-delconsumer/ */
export function deleteConsumer(call: Call, command: StreamCommandOf<'XGROUP DELCONSUMER'>): Outcome {
  const found = existing(call, command.key, command.group)
  if ('type' in found) return found
  const consumer = found.group.consumer(command.consumer)
  if (consumer === undefined) return { type: 'integer', value: 0 }
  const pending = found.group.deleteConsumer(consumer)
  for (const { name: id } of pending) {
    const [key, group] = [command.key, command.group]
    call.emit({ kind: 'forgotten', key, group, id, consumer: consumer.name, reason: 'consumer-deleted' })
  }
  call.propagate(command)
  return { type: 'integer', value: pending.length }
}

function existing(
  call: Call,
  key: string,
  name: string,
): { readonly stream: Stream; readonly group: ConsumerGroup } | ErrorReply {
  const stream = call.find(key, 'stream')
  if (stream === undefined) return keyMustExist
  if (stream.type === 'error') return stream
  const group = stream.groups.get(name)
  return group === undefined ? noGroupForKey(key, name) : { stream, group }
}

function groupId(text: string, stream: Stream | undefined): StreamId | undefined {
  return text === '$' ? (stream?.lastId ?? lowestId) : parseId(text)
}

function isReadCount(count: number | undefined): boolean {
  return count === undefined || count >= -1
}

function readCount(count: number | undefined): number | undefined {
  return count === -1 ? undefined : count
}

const badReadCount = failure('value for ENTRIESREAD must be positive or -1')

const keyMustExist = failure(
  'The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.',
)
