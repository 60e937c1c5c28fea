/** What the publisher wrote, as Nest's transports take it apart. */
export interface Packet {
  readonly pattern: string
  readonly data: unknown
  /** Only requests have one. */
  readonly id: unknown
}

/** The content of a RabbitMQ message: JSON where it is JSON; `{ pattern, data }` comes from a Nest client, anything else is the data itself. */
export function packetOf(content: Buffer): Packet {
  const value = jsonOrText(content.toString())
  const fields: Readonly<Record<string, unknown>> = isRecord(value) ? value : {}
  if (fields['pattern'] === undefined && fields['data'] === undefined)
    return { pattern: '', data: value, id: undefined }
  const pattern = fields['pattern'] ?? ''
  const name = typeof pattern === 'string' ? pattern : JSON.stringify(pattern)
  return { pattern: name, data: fields['data'], id: fields['id'] }
}

/** A key, value or header of a Kafka record: bytes of a schema payload stay, objects and lists are parsed, the rest is text. */
export function decoded(bytes: Buffer | null): unknown {
  if (bytes === null || bytes[0] === 0) return bytes
  const text = bytes.toString()
  return text.startsWith('{') || text.startsWith('[') ? jsonOrText(text) : text
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
