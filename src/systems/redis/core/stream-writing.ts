import type { Bulk } from './bulk.ts'
import type { Call, Outcome } from './call.ts'
import { failure, noSuchKey } from './errors.ts'
import { contentId } from './producer-ids.ts'
import { dropReferences, isReferenced } from './references.ts'
import type { Idempotency, StreamCommandOf } from './stream-command.ts'
import type { StreamId } from './stream-id.ts'
import { compareIds, formatId, highestId, idAfter, invalidId, isLowest, lowestId, parseId } from './stream-id.ts'
import { Stream } from './stream.ts'
import { exactTrimming, parseTrimming, trim, trimmingFault } from './trimming.ts'
import { isAtLeast } from './version.ts'

/** `XADD`. https://redis.io/docs/latest/commands/xadd/ */
export function add(call: Call, command: StreamCommandOf<'XADD'>): Outcome {
  const { key, fields, idempotency } = command
  const trimming = command.trimming === undefined ? undefined : parseTrimming(call, command.trimming)
  if (trimming !== undefined && 'type' in trimming) return trimming
  const wanted = parseWanted(command.id)
  if (wanted === undefined) return failure(invalidId)
  const fault = command.trimming === undefined ? undefined : trimmingFault(call, command.trimming)
  if (fault !== undefined) return fault
  if (idempotency !== undefined && wanted.kind !== 'any' && call.origin !== 'master')
    return failure('IDMP/IDMPAUTO can be used only with auto-generated IDs')
  if (fields.length === 0 || fields.length % 2 === 1) return failure("wrong number of arguments for 'xadd' command")
  if (wanted.kind === 'exact' && isLowest(wanted.id))
    return failure('The ID specified in XADD must be greater than 0-0')
  const found = call.find(key, 'stream')
  if (found?.type === 'error') return found
  if (found === undefined && command.noMakeStream === true) return { type: 'nil' }
  const stream = found ?? Stream.within(call.settings)
  const known = idempotency === undefined ? undefined : knownBefore(call, stream, idempotency, fields)
  if (idempotency !== undefined && known !== undefined) {
    call.emit({ kind: 'added-before', key, id: known, producer: idempotency.producer })
    return { type: 'bulk', value: known }
  }
  if (found === undefined) call.put(key, stream)
  const id = idFor(wanted, stream, call.now)
  if (id === undefined) return failure('The ID specified in XADD is equal or smaller than the target stream top item')
  const entry = stream.append(id, fields, call.settings.nodeLimits)
  call.touch(key)
  call.emit({ kind: 'added', key, id: entry.name, fields })
  if (idempotency !== undefined)
    stream.producers.remember(idempotency.producer, idOf(idempotency, fields), id, call.now)
  if (trimming !== undefined) trim(call, key, stream, trimming)
  const exact = command.trimming === undefined ? {} : { trimming: exactTrimming(stream, command.trimming) }
  call.propagate({ ...command, id: wanted.kind === 'exact' ? command.id : entry.name, ...exact })
  call.ready.add(key)
  return { type: 'bulk', value: entry.name }
}

/** `XTRIM`. https://redis.io/docs/latest/commands/xtrim/ */
export function trimStream(call: Call, command: StreamCommandOf<'XTRIM'>): Outcome {
  const trimming = parseTrimming(call, command.trimming)
  if ('type' in trimming) return trimming
  const fault = trimmingFault(call, command.trimming)
  if (fault !== undefined) return fault
  const stream = call.find(command.key, 'stream')
  if (stream === undefined) return { type: 'integer', value: 0 }
  if (stream.type === 'error') return stream
  const trimmed = trim(call, command.key, stream, trimming)
  if (trimmed > 0) {
    call.touch(command.key)
    call.propagate({ ...command, trimming: exactTrimming(stream, command.trimming) })
  }
  return { type: 'integer', value: trimmed }
}

/** `XDEL`. https://redis.io/docs/latest/commands/xdel/ */
export function deleteEntries(call: Call, command: StreamCommandOf<'XDEL'>): Outcome {
  const { key } = command
  const stream = call.find(key, 'stream')
  if (stream === undefined) return { type: 'integer', value: 0 }
  if (stream.type === 'error') return stream
  const ids = parseIds(command.ids)
  if (ids === undefined) return failure(invalidId)
  const deleted = ids.filter((id) => deleteEntry(call, key, stream, id)).length
  if (deleted > 0) {
    call.touch(key)
    call.propagate(command)
  }
  return { type: 'integer', value: deleted }
}

/** `XDELEX`: 1 for an entry that is gone, -1 for one that there is not, 2 for one that a group still refers to. */
export function deleteWithReferences(call: Call, command: StreamCommandOf<'XDELEX'>): Outcome {
  const { key, references = 'KEEPREF' } = command
  const stream = call.find(key, 'stream')
  if (stream?.type === 'error') return stream
  const ids = parseIds(command.ids)
  if (ids === undefined) return failure(invalidId)
  if (stream === undefined) return { type: 'integers', values: ids.map(() => -1) }
  let isChanged = false
  const values = ids.map((id) => {
    const referenced = references === 'ACKED' && stream.find(id) !== undefined && isReferenced(stream, id)
    if (referenced) return 2
    if (references === 'DELREF' && dropReferences(call, key, stream, id)) isChanged = true
    if (!deleteEntry(call, key, stream, id)) return -1
    isChanged = true
    return 1
  })
  if (isChanged) {
    call.touch(key)
    call.propagate(command)
  }
  return { type: 'integers', values }
}

/** `XSETID`. https://redis.io/docs/latest/commands/xsetid/ */
export function setLastId(call: Call, command: StreamCommandOf<'XSETID'>): Outcome {
  const { key, entriesAdded } = command
  const id = parseId(command.id)
  const maxDeletedId = command.maxDeletedId === undefined ? lowestId : parseId(command.maxDeletedId)
  if (id === undefined || maxDeletedId === undefined) return failure(invalidId)
  if (entriesAdded !== undefined && entriesAdded < 0) return failure('entries_added must be positive')
  if (compareIds(id, maxDeletedId) < 0)
    return failure('The ID specified in XSETID is smaller than the provided max_deleted_entry_id')
  const stream = call.find(key, 'stream')
  if (stream === undefined) return noSuchKey
  if (stream.type === 'error') return stream
  if (isAtLeast(call.version, '7.2') && compareIds(id, stream.maxDeletedId) < 0)
    return failure('The ID specified in XSETID is smaller than current max_deleted_entry_id')
  const last = stream.last()
  if (last !== undefined && compareIds(id, last.id) < 0)
    return failure('The ID specified in XSETID is smaller than the target stream top item')
  if (entriesAdded !== undefined && stream.length > entriesAdded)
    return failure('The entries_added specified in XSETID is smaller than the target stream length')
  stream.lastId = id
  if (entriesAdded !== undefined) stream.entriesAdded = entriesAdded
  if (!isLowest(maxDeletedId)) stream.maxDeletedId = maxDeletedId
  call.propagate(command)
  return { type: 'status', text: 'OK' }
}

/** `XCFGSET`. https://redis.io/docs/latest/commands/xcfgset/ */
export function configureStream(call: Call, command: StreamCommandOf<'XCFGSET'>): Outcome {
  const { duration, maxSize } = command
  const stream = call.find(command.key, 'stream')
  if (stream === undefined) return noSuchKey
  if (stream.type === 'error') return stream
  if (duration === undefined && maxSize === undefined) return failure('syntax error')
  if (duration !== undefined && (duration < 1 || duration > 86_400)) return failure('invalid duration')
  if (maxSize !== undefined && (maxSize < 1 || maxSize > 10_000)) return failure('invalid maxsize')
  stream.producers.configure(duration, maxSize)
  call.propagate(command)
  return { type: 'status', text: 'OK' }
}

export function parseIds(texts: readonly string[]): readonly StreamId[] | undefined {
  const ids = texts.map((text) => parseId(text)).filter((id) => id !== undefined)
  return ids.length === texts.length ? ids : undefined
}

/** Takes an entry out of a stream; returns whether there was one. */
export function deleteEntry(call: Call, key: string, stream: Stream, id: StreamId): boolean {
  const entry = stream.delete(id)
  if (entry === undefined) return false
  if (compareIds(id, stream.maxDeletedId) > 0) stream.maxDeletedId = id
  call.emit({ kind: 'deleted', key, id: entry.name, fields: entry.fields })
  return true
}

type Wanted = { readonly kind: 'any' } | { readonly kind: 'within' | 'exact'; readonly id: StreamId }

function parseWanted(text: string): Wanted | undefined {
  if (text === '*') return { kind: 'any' }
  const isWithin = text.endsWith('-*')
  const id = parseId(isWithin ? text.slice(0, -2) : text)
  return id === undefined ? undefined : { kind: isWithin ? 'within' : 'exact', id }
}

/** The id that an entry gets; none if that would not be greater than the last one. */
function idFor(wanted: Wanted, { lastId }: Stream, now: number): StreamId | undefined {
  if (wanted.kind === 'any') return idAfter(lastId, now)
  const isNext = wanted.kind === 'within' && wanted.id.ms === lastId.ms
  const id = isNext ? { ms: lastId.ms, seq: lastId.seq + 1 } : wanted.id
  return compareIds(id, lastId) > 0 && compareIds(lastId, highestId) < 0 ? id : undefined
}

function idOf({ id }: Idempotency, fields: readonly Bulk[]): string {
  return id ?? contentId(fields)
}

function knownBefore(
  call: Call,
  stream: Stream,
  idempotency: Idempotency,
  fields: readonly Bulk[],
): string | undefined {
  // What the master has executed is not looked at again.
  if (call.origin === 'master') return undefined
  const known = stream.producers.find(idempotency.producer, idOf(idempotency, fields), call.now)
  return known === undefined ? undefined : formatId(known)
}
