/**
 * A value as it arrives on the other side of a bridge that shares no memory: a copy, all the way down. Buffers stay Buffers, and what cannot
 * be copied (functions, instances of classes) passes as it is, because only our own code hands such things over.
 */
export function copyOf<T>(value: T): T {
  return typeof value === 'object' && value !== null ? (copied(value, new Map()) as T) : value
}

function copied(value: unknown, known: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value
  const before = known.get(value)
  if (before !== undefined) return before
  if (Buffer.isBuffer(value)) return Buffer.from(value)
  if (Array.isArray(value)) {
    const copy: unknown[] = []
    known.set(value, copy)
    for (const each of value) copy.push(copied(each, known))
    return copy
  }
  if (value instanceof Date || value instanceof Map || value instanceof Set || ArrayBuffer.isView(value))
    return structuredClone(value)
  if (!isPlain(value)) return value
  const copy: Record<string, unknown> = {}
  known.set(value, copy)
  for (const [key, each] of Object.entries(value)) copy[key] = copied(each, known)
  return copy
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
