import type { Call } from './call.ts'
import { failure } from './errors.ts'
import { dropReferences, isReferenced } from './references.ts'
import type { ErrorReply } from './reply.ts'
import type { References, Trimming } from './stream-command.ts'
import type { StreamId } from './stream-id.ts'
import { compareIds, formatId, highestId, invalidId, parseId } from './stream-id.ts'
import type { StreamEntry, StreamNode } from './stream-node.ts'
import type { Stream } from './stream.ts'

/** A trimming that has been understood. */
export interface Trim {
  readonly maxLength: number | undefined
  readonly minId: StreamId | undefined
  readonly isApproximate: boolean
  /** Entries; 0 for no limit. */
  readonly limit: number
  readonly references: References
}

export function parseTrimming(call: Call, trimming: Trimming): Trim | ErrorReply {
  const { strategy, approximate: isApproximate, limit, references = 'KEEPREF' } = trimming
  const maxLength = 'maxLength' in strategy ? strategy.maxLength : undefined
  if (maxLength !== undefined && maxLength < 0) return failure('The MAXLEN argument must be >= 0.')
  const minId = 'minId' in strategy ? parseId(strategy.minId) : undefined
  if ('minId' in strategy && minId === undefined) return failure(invalidId)
  if (limit !== undefined && limit < 0) return failure('The LIMIT argument must be >= 0.')
  return { maxLength, minId, isApproximate, limit: limitOf(call, trimming), references }
}

/** What is wrong with a trimming beyond its parts; the server finds it after all arguments have been read. */
export function trimmingFault(call: Call, { approximate, limit }: Trimming): ErrorReply | undefined {
  if (limit === undefined || approximate || call.origin === 'master') return undefined
  return failure('syntax error, LIMIT cannot be used without the special ~ option')
}

/** Removes the oldest entries; returns how many. Consumer groups are not asked, unless the references to an entry are to be looked at. */
export function trim(call: Call, key: string, stream: Stream, trimming: Trim): number {
  let trimmed = 0
  let place = 0
  const remove = (entry: StreamEntry): void => {
    call.emit({ kind: 'trimmed', key, id: entry.name, fields: entry.fields })
    if (trimming.references === 'DELREF') dropReferences(call, key, stream, entry.id)
    stream.length--
    trimmed++
  }
  const mayGo = (entry: StreamEntry): boolean => trimming.references !== 'ACKED' || !isReferenced(stream, entry.id)
  for (;;) {
    const node = stream.nodes[place]
    if (node === undefined || isEnough(stream, trimming)) return trimmed
    if (trimming.limit > 0 && trimmed + node.entries.length > trimming.limit) return trimmed
    if (goesWhole(stream, node, trimming) && node.entries.every(mayGo)) {
      stream.nodes.splice(place, 1)
      node.entries.forEach(remove)
      continue
    }
    if (trimming.isApproximate) return trimmed
    for (let index = 0; index < node.entries.length;) {
      const entry = node.entries[index]
      if (entry === undefined || isEnough(stream, trimming) || !isOld(entry.id, trimming)) return trimmed
      if (!mayGo(entry)) index++
      else {
        node.remove(index)
        remove(entry)
      }
    }
    // What nobody may trim stays; what is behind it may go.
    if (trimming.references !== 'ACKED') return trimmed
    if (node.entries.length === 0) stream.nodes.splice(place, 1)
    else place++
  }
}

/** The exact trimming that has the same effect wherever it is done again; the limit stays in it, and says nothing there. */
export function exactTrimming(stream: Stream, trimming: Trimming): Trimming {
  if (!trimming.approximate) return trimming
  const strategy =
    'maxLength' in trimming.strategy
      ? { maxLength: stream.length }
      : { minId: formatId(stream.nodes[0]?.first ?? highestId) }
  return { ...trimming, strategy, approximate: false }
}

function limitOf(call: Call, { approximate, limit }: Trimming): number {
  if (call.origin === 'master' || !approximate) return 0
  if (limit !== undefined) return limit
  const { entries } = call.settings.nodeLimits
  return entries <= 0 ? 10_000 : Math.min(100 * entries, 1_000_000)
}

function isEnough(stream: Stream, { maxLength }: Trim): boolean {
  return maxLength !== undefined && stream.length <= maxLength
}

function goesWhole(stream: Stream, node: StreamNode, { maxLength, minId }: Trim): boolean {
  if (maxLength !== undefined) return stream.length - node.entries.length >= maxLength
  return minId !== undefined && compareIds(node.last, minId) < 0
}

function isOld(id: StreamId, { minId }: Trim): boolean {
  return minId === undefined || compareIds(id, minId) < 0
}
