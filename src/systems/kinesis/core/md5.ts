/** The MD5 digest of a text in UTF-8 (RFC 1321), as the whole number of 128 bits that Kinesis makes of it. */
export function md5(text: string): bigint {
  const state = new Int32Array(initialState)
  const bytes = padded(utf8.encode(text))
  for (let at = 0; at < bytes.length; at += blockBytes) digest(state, bytes, at)
  const view = new DataView(new ArrayBuffer(16))
  state.forEach((word, index) => view.setInt32(index * 4, word, true))
  return (view.getBigUint64(0) << 64n) | view.getBigUint64(8)
}

const utf8 = new TextEncoder()
const blockBytes = 64
const initialState = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476].map((word) => word | 0)

/** By how much each of the four rounds rotates, in turn. */
const rotations = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const

/** The whole part of 2^32 × |sin(n + 1)|; a table, since engines round sines differently. */
const sines = [
  0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501, 0x698098d8,
  0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821, 0xf61e2562, 0xc040b340,
  0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8, 0x21e1cde6, 0xc33707d6, 0xf4d50d87,
  0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a, 0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c,
  0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70, 0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039,
  0xe6db99e5, 0x1fa27cf8, 0xc4ac5665, 0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92,
  0xffeff47d, 0x85845dd1, 0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb,
  0xeb86d391,
] as const

/** A one, zeros, and the length in bits: whole blocks. */
function padded(bytes: Uint8Array): Uint8Array {
  const length = (Math.floor((bytes.length + 8) / blockBytes) + 1) * blockBytes
  const all = new Uint8Array(length)
  all.set(bytes)
  all[bytes.length] = 0x80
  new DataView(all.buffer).setBigUint64(length - 8, BigInt(bytes.length) * 8n, true)
  return all
}

function digest(state: Int32Array, bytes: Uint8Array, from: number): void {
  const words = new DataView(bytes.buffer, from, blockBytes)
  let [a = 0, b = 0, c = 0, d = 0] = state
  for (let step = 0; step < 64; step++) {
    const round = step >> 4
    const word = words.getInt32(wordOf(round, step) * 4, true)
    const sum = (a + mixed(round, b, c, d) + (sines[step] ?? 0) + word) | 0
    const by = rotations[round]?.[step & 3] ?? 0
    a = d
    d = c
    c = b
    b = (b + ((sum << by) | (sum >>> (32 - by)))) | 0
  }
  for (const [index, word] of [a, b, c, d].entries()) state[index] = ((state[index] ?? 0) + word) | 0
}

function mixed(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d)
  if (round === 1) return (d & b) | (~d & c)
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d)
}

function wordOf(round: number, step: number): number {
  const [factor = 1, offset = 0] = wordOrders[round] ?? []
  return (factor * step + offset) & 15
}

const wordOrders = [
  [1, 0],
  [5, 1],
  [3, 5],
  [7, 0],
] as const
