/**
 * The bytes of a body as a broker carries them: text and bytes as they are, nothing (a tombstone) as nothing, anything else as JSON.
 */
export function bytesOf(body: unknown): Buffer | null {
  if (body === undefined || body === null) return null
  if (typeof body === 'string') return Buffer.from(body)
  if (body instanceof Uint8Array) return Buffer.from(body)
  return Buffer.from(JSON.stringify(body))
}

/** What somebody sends, as text where it is text: so it is told in reports, and kept in files. */
export function textOrBytes(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value
  const bytes = Buffer.from(value)
  const text = bytes.toString()
  return Buffer.from(text).equals(bytes) ? text : bytes
}
