import { deserialize, serialize } from 'node:v8'

/**
 * A value that many jobs of a pool of threads need, such as what a search draws from. It is written down once, in memory that all threads see; a
 * thread reads it once and keeps it.
 */
export interface SharedValue<_T> {
  readonly number: number
  readonly bytes: SharedArrayBuffer
}

const written = new WeakMap<object, SharedValue<unknown>>()
let count = 0

/** The value for threads; the same object is written down once. */
export function shared<T extends object>(value: T): SharedValue<T> {
  const known = written.get(value)
  if (known !== undefined) return known
  const content = serialize(value)
  const bytes = new SharedArrayBuffer(content.length)
  new Uint8Array(bytes).set(content)
  const made = { number: ++count, bytes }
  written.set(value, made)
  return made
}

/** How many values a thread keeps; the oldest go first. */
const mostKept = 32

const kept = new Map<number, unknown>()

/** The value in a thread. Whoever asks knows its type, since he has it from whom he works for. */
export function unshared<T>({ number, bytes }: SharedValue<T>): T {
  if (!kept.has(number)) kept.set(number, deserialize(Buffer.from(new Uint8Array(bytes))))
  const [oldest] = kept.keys()
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
  return kept.get(number) as T
}
