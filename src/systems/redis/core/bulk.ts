/**
 * A string of Redis: a text, or the message of the simulation that a client wrote there, which Redis only carries. In texts one character is
 * one byte.
 */
export type Bulk = string | Payload

export interface Payload {
  /** Which message: the number of a message of the simulation. Two payloads with one number are the same bytes. */
  readonly message: number
  readonly bytes: number
}

export function bytesOf(bulk: Bulk): number {
  return typeof bulk === 'string' ? bulk.length : bulk.bytes
}

export function isSame(one: Bulk, other: Bulk): boolean {
  if (typeof one === 'string' || typeof other === 'string') return one === other
  return one.message === other.message
}
