import type { Reply } from '../../../application/stores/cache/reply.ts'
import { isError } from '../../../application/stores/cache/reply.ts'

/** A reply as it travels, in version 2 of the protocol. Texts are those of their bytes. */
export function respOf(reply: Reply): string {
  if (reply === null) return '$-1\r\n'
  if (typeof reply === 'number' || typeof reply === 'bigint') return `:${reply}\r\n`
  if (typeof reply === 'string') return `$${reply.length}\r\n${reply}\r\n`
  if (isError(reply)) return `-${reply.error}\r\n`
  if ('status' in reply) return `+${reply.status}\r\n`
  return `*${reply.length}\r\n${reply.map(respOf).join('')}`
}
