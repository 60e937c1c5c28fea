import { md5 } from './md5.ts'

/** A part of the hash keys, both ends included. */
export interface HashKeyRange {
  readonly from: bigint
  readonly to: bigint
}

const hashKeys = 1n << 128n

/** As many ranges of the same size as there are shards. */
export function evenRanges(count: number): readonly HashKeyRange[] {
  const edge = (index: number): bigint => (hashKeys * BigInt(index)) / BigInt(count)
  return Array.from({ length: count }, (_, index) => ({ from: edge(index), to: edge(index + 1) - 1n }))
}

/** The two halves of a range; nothing where it is too small for that. */
export function halves({ from, to }: HashKeyRange): readonly [HashKeyRange, HashKeyRange] | undefined {
  if (from === to) return undefined
  const middle = from + (to - from + 1n) / 2n
  return [
    { from, to: middle - 1n },
    { from: middle, to },
  ]
}

/** Two ranges in one; nothing where they are no neighbours. */
export function union(one: HashKeyRange, other: HashKeyRange): HashKeyRange | undefined {
  const [low, high] = one.from < other.from ? [one, other] : [other, one]
  return low.to + 1n === high.from ? { from: low.from, to: high.to } : undefined
}

export function includes({ from, to }: HashKeyRange, hashKey: bigint): boolean {
  return from <= hashKey && hashKey <= to
}

/** Workloads use the same keys again and again. A hash depends on nothing but its key, so that keeping some changes nothing. */
const known = new Map<string, bigint>()
const mostKnown = 10_000

export function hashKeyOf(partitionKey: string): bigint {
  const found = known.get(partitionKey)
  if (found !== undefined) return found
  const hashKey = md5(partitionKey)
  if (known.size >= mostKnown) known.clear()
  known.set(partitionKey, hashKey)
  return hashKey
}
