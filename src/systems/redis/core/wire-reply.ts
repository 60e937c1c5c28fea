import type { Bulk } from './bulk.ts'
import { bytesOf } from './bulk.ts'
import type { EntryReply, InformationValue, PendingReply, Reply } from './reply.ts'

/** An answer as clients of RESP2 read it: strings, numbers, nothing, and lists of them. An error is its whole line. */
export type Wire = Bulk | number | undefined | { readonly error: string } | readonly Wire[]

export function wireOf(reply: Reply): Wire {
  switch (reply.type) {
    case 'status':
      return reply.text
    case 'integer':
    case 'bulk':
      return reply.value
    case 'nil':
      return undefined
    case 'error':
      return { error: `${reply.prefix} ${reply.text}` }
    case 'integers':
    case 'bulks':
      return reply.values
    case 'ids':
      return reply.ids
    case 'popped':
      return [reply.key, reply.value]
    case 'popped-several':
      return [reply.key, reply.values]
    case 'entries':
      return reply.entries.map(wireEntry)
    case 'streams':
      return reply.streams.map(({ key, entries }) => [key, entries.map(wireEntry)])
    case 'auto-claimed':
      return [
        reply.next,
        reply.justId ? reply.entries.map(({ id }) => id) : reply.entries.map(wireEntry),
        reply.deleted,
      ]
    case 'pending-summary': {
      const consumers = reply.consumers.map(({ consumer, count }) => [consumer, String(count)])
      return [reply.count, reply.first, reply.last, reply.count === 0 ? undefined : consumers]
    }
    case 'pending':
      return reply.entries.map(wirePending)
    case 'information':
      return reply.items.flatMap(([name, value]) => [name, wireInformation(value)])
    case 'replies':
      return reply.replies.map(wireOf)
    case 'subscribed':
      return [reply.kind, reply.channel, reply.count]
    case 'message': {
      const pattern = reply.pattern === undefined ? [] : [reply.pattern]
      return [reply.kind, ...pattern, reply.channel, reply.message]
    }
  }
}

/** What it takes in an output buffer and on the network. */
export function replyBytes(reply: Reply): number {
  return bytesOfWire(wireOf(reply))
}

function bytesOfWire(wire: Wire): number {
  if (wire === undefined) return 5
  if (typeof wire === 'number') return 3 + String(wire).length
  if (typeof wire === 'string' || 'bytes' in wire) return 5 + String(bytesOf(wire)).length + bytesOf(wire)
  if ('error' in wire) return 3 + wire.error.length
  let bytes = 3 + String(wire.length).length
  for (const part of wire) bytes += bytesOfWire(part)
  return bytes
}

function wireEntry({ id, fields, idle, deliveries }: EntryReply): Wire {
  return idle === undefined ? [id, fields] : [id, fields, idle, deliveries]
}

function wirePending({ id, consumer, idle, deliveries }: PendingReply): Wire {
  return [id, consumer, idle, deliveries]
}

function wireInformation(value: InformationValue): Wire {
  return typeof value === 'object' ? wireEntry(value) : value
}
