/** The id of a stream entry: a time in milliseconds and a number within it. Redis has 64 bits for each; here they are exact up to 2^53. */
export interface StreamId {
  readonly ms: number
  readonly seq: number
}

export const lowestId: StreamId = { ms: 0, seq: 0 }
/** Stands for the greatest id of Redis, 2^64-1 twice. */
export const highestId: StreamId = { ms: Number.MAX_SAFE_INTEGER, seq: Number.MAX_SAFE_INTEGER }

export function compareIds(one: StreamId, other: StreamId): number {
  return one.ms === other.ms ? one.seq - other.seq : one.ms - other.ms
}

export function isLowest(id: StreamId): boolean {
  return id.ms === 0 && id.seq === 0
}

export function formatId({ ms, seq }: StreamId): string {
  return `${ms}-${seq}`
}

/** `ms-seq`, or `ms` with `missing` for its number; undefined if it is neither. */
export function parseId(text: string, missing = 0): StreamId | undefined {
  const dash = text.indexOf('-')
  const ms = parseNumber(dash < 0 ? text : text.slice(0, dash))
  const seq = dash < 0 ? missing : parseNumber(text.slice(dash + 1))
  return ms === undefined || seq === undefined ? undefined : { ms, seq }
}

/** The id of the next entry as the clock goes: its time never goes back, whatever the clock does. */
export function idAfter(last: StreamId, now: number): StreamId {
  return now > last.ms ? { ms: now, seq: 0 } : { ms: last.ms, seq: last.seq + 1 }
}

export function next({ ms, seq }: StreamId): StreamId | undefined {
  if (seq < highestId.seq) return { ms, seq: seq + 1 }
  return ms < highestId.ms ? { ms: ms + 1, seq: 0 } : undefined
}

export function previous({ ms, seq }: StreamId): StreamId | undefined {
  if (seq > 0) return { ms, seq: seq - 1 }
  return ms > 0 ? { ms: ms - 1, seq: highestId.seq } : undefined
}

export type Interval = { readonly from: StreamId; readonly to: StreamId }

/** The ends of a range: `-`, `+`, an id or the part of its time, and `(` before what is not in it. The answer is what is wrong with them. */
export function parseInterval(from: string, to: string): Interval | string {
  const low = parseEnd(from, 0)
  if (low === undefined) return invalidId
  const lowest = low.isOpen ? next(low.id) : low.id
  if (lowest === undefined) return 'invalid start ID for the interval'
  const high = parseEnd(to, highestId.seq)
  if (high === undefined) return invalidId
  const highest = high.isOpen ? previous(high.id) : high.id
  return highest === undefined ? 'invalid end ID for the interval' : { from: lowest, to: highest }
}

export const invalidId = 'Invalid stream ID specified as stream command argument'

/** The place of the first element whose id is not below this one, in an array sorted by id. */
export function lowerBound<T>(sorted: readonly T[], id: StreamId, idOf: (element: T) => StreamId): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const element = sorted[middle]
    if (element !== undefined && compareIds(idOf(element), id) < 0) low = middle + 1
    else high = middle
  }
  return low
}

function parseEnd(text: string, missing: number): { readonly id: StreamId; readonly isOpen: boolean } | undefined {
  if (text === '-') return { id: lowestId, isOpen: false }
  if (text === '+') return { id: highestId, isOpen: false }
  const isOpen = text.length > 1 && text.startsWith('(')
  const id = parseId(isOpen ? text.slice(1) : text, missing)
  return id === undefined ? undefined : { id, isOpen }
}

function parseNumber(text: string): number | undefined {
  return /^\d{1,16}$/.test(text) ? Number(text) : undefined
}
