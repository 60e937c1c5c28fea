import type { Call, Outcome, Waiting } from './call.ts'
import { failure } from './errors.ts'
import type { EntryReply } from './reply.ts'
import type { StreamCommandOf, StreamPosition } from './stream-command.ts'
import type { StreamId } from './stream-id.ts'
import {
  compareIds,
  formatId,
  highestId,
  invalidId,
  lowestId,
  next,
  parseId,
  parseInterval,
  previous,
} from './stream-id.ts'
import type { StreamEntry } from './stream-node.ts'
import type { Stream } from './stream.ts'
import { isAtLeast } from './version.ts'

/** `XRANGE` and `XREVRANGE`. https://redis.io/docs/latest/commands/xrange/ */
export function range(call: Call, command: StreamCommandOf<'XRANGE' | 'XREVRANGE'>): Outcome {
  const isReverse = command.type === 'XREVRANGE'
  const interval = isReverse ? parseInterval(command.to, command.from) : parseInterval(command.from, command.to)
  if (typeof interval === 'string') return failure(interval)
  const stream = call.find(command.key, 'stream')
  if (stream === undefined) return { type: 'entries', entries: [] }
  if (stream.type === 'error') return stream
  const { count } = command
  if (count !== undefined && count <= 0) return { type: 'nil' }
  const { from, to } = interval
  const entries = isReverse ? stream.rangeBackwards(from, to) : stream.range(from, to)
  return { type: 'entries', entries: take(entries, count ?? 0) }
}

export function lengthOf(call: Call, command: StreamCommandOf<'XLEN'>): Outcome {
  const stream = call.find(command.key, 'stream')
  return stream?.type === 'error' ? stream : { type: 'integer', value: stream?.length ?? 0 }
}

/** `XREAD`. https://redis.io/docs/latest/commands/xread/ */
export function read(call: Call, command: StreamCommandOf<'XREAD'>): Outcome {
  if (command.block !== undefined && command.block < 0) return failure('timeout is negative')
  const positions: { readonly key: string; readonly stream: Stream | undefined; readonly after: StreamId }[] = []
  for (const { key, id } of command.streams) {
    const stream = call.find(key, 'stream')
    if (stream?.type === 'error') return stream
    if (id === '>')
      return failure(
        'The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
      )
    const after = positionOf(call, stream, id)
    if (after === undefined) return failure(invalidId)
    positions.push({ key, stream, after })
  }
  const streams: { key: string; entries: readonly EntryReply[] }[] = []
  for (const { key, stream, after } of positions) {
    const last = stream?.last()
    if (stream === undefined || last === undefined || compareIds(last.id, after) <= 0) continue
    streams.push({ key, entries: take(stream.range(next(after) ?? highestId), command.count ?? 0) })
  }
  if (streams.length > 0) return { type: 'streams', streams }
  const waiting = positions.map(({ key, after }) => ({ key, id: formatId(after) }))
  return waitForStreams(call, { ...command, streams: waiting }, command.streams, command.block)
}

export function waitForStreams(
  call: Call,
  command: StreamCommandOf<'XREAD' | 'XREADGROUP'>,
  streams: readonly StreamPosition[],
  block: number | undefined,
): Outcome {
  if (block === undefined || !call.mayWait) return { type: 'nil' }
  const timeout = block === 0 ? Infinity : block
  return { type: 'waits', command, keys: streams.map(({ key }) => key), timeout } satisfies Waiting
}

/** Entries as they are answered; 0 for all of them. */
function take(entries: Iterable<StreamEntry>, count: number): readonly EntryReply[] {
  const taken: EntryReply[] = []
  for (const { name: id, fields } of entries) {
    taken.push({ id, fields })
    if (taken.length === count) break
  }
  return taken
}

function positionOf(call: Call, stream: Stream | undefined, id: string): StreamId | undefined {
  if (id === '$') return stream?.lastId ?? lowestId
  if (id === '+' && isAtLeast(call.version, '7.4')) return previous(stream?.lastId ?? lowestId) ?? lowestId
  return parseId(id)
}
