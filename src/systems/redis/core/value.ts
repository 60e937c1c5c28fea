import type { Bulk, Payload } from './bulk.ts'
import { bytesOf } from './bulk.ts'
import { ElementList } from './element-list.ts'
import { Stream } from './stream.ts'

export interface TextValue {
  readonly type: 'string'
  readonly text: Bulk
}

export interface HashValue {
  readonly type: 'hash'
  readonly fields: Map<string, Bulk>
}

/** What can be under a key. */
export type Value = TextValue | HashValue | ElementList | Stream

export function copyOf(value: Value): Value {
  if (value instanceof Stream || value instanceof ElementList) return value.copy()
  return value.type === 'hash' ? { type: 'hash', fields: new Map(value.fields) } : value
}

/** What it takes of `maxmemory`, roughly: Redis counts what its allocator gives. */
export function memoryOf(value: Value): number {
  if (value instanceof Stream) return value.bytes
  if (value instanceof ElementList) return value.bytes
  if (value.type === 'string') return bytesOf(value.text) + elementOverhead
  let bytes = 0
  for (const [field, content] of value.fields) bytes += field.length + bytesOf(content) + elementOverhead
  return bytes
}

/** The messages of the simulation in it. */
export function payloadsIn(value: Value): readonly Payload[] {
  return [...bulksIn(value)].filter((bulk) => typeof bulk !== 'string')
}

function* bulksIn(value: Value): Generator<Bulk> {
  if (value instanceof Stream) for (const node of value.nodes) for (const { fields } of node.entries) yield* fields
  else if (value instanceof ElementList) yield* value
  else if (value.type === 'string') yield value.text
  else yield* value.fields.values()
}

/** Bytes beside the content of a string or of a field. */
const elementOverhead = 16
