const seed = 0x9747b28c
const multiplier = 0x5bd1e995
const rotation = 24

/** The 32-bit murmur2 hash that Kafka's clients place keys by, as a signed integer. */
export function murmur2(bytes: Uint8Array): number {
  let hash = (seed ^ bytes.length) | 0
  const wholeWords = bytes.length & ~3
  for (let at = 0; at < wholeWords; at += 4) hash = Math.imul(hash, multiplier) ^ mixed(wordAt(bytes, at))
  return finished(withTail(hash, bytes, wholeWords))
}

/** The partition of a key: its hash without the sign, over all partitions, whether they have a leader or not. */
export function partitionForKey(key: string, partitions: number): number {
  return toPositive(hashOf(key)) % partitions
}

/** Workloads use the same keys again and again. A hash depends on nothing but its key, so that keeping some changes nothing. */
const hashes = new Map<string, number>()
const mostHashes = 10_000

function hashOf(key: string): number {
  const known = hashes.get(key)
  if (known !== undefined) return known
  const hash = murmur2(utf8.encode(key))
  if (hashes.size >= mostHashes) hashes.clear()
  hashes.set(key, hash)
  return hash
}

/** Clears the sign, which is not the absolute value. */
function toPositive(value: number): number {
  return value & 0x7fffffff
}

const utf8 = new TextEncoder()

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16) | (byteAt(bytes, at + 3) << 24)
  )
}

function mixed(word: number): number {
  const product = Math.imul(word, multiplier)
  return Math.imul(product ^ (product >>> rotation), multiplier)
}

function withTail(hash: number, bytes: Uint8Array, from: number): number {
  if (from === bytes.length) return hash
  const tail = wordAt(bytes, from) // Bytes past the end count as zero.
  return Math.imul(hash ^ tail, multiplier)
}

function finished(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 13), multiplier)
  return once ^ (once >>> 15)
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}
