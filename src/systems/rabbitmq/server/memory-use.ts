import type { Broker } from '../core/broker.ts'
import type { Message } from '../core/message.ts'
import type { Event } from '../core/output.ts'

/** Bytes that a message takes in memory besides its body. */
const overhead = 512

/**
 * What an event changes in the memory that messages take: every copy in a queue counts, with its body, whether it is ready or out for
 * acknowledgement. The server keeps fewer bodies in memory; of the processes around queues, the model has none.
 */
export function memoryOf(event: Event): number {
  switch (event.kind) {
    case 'enqueued':
      return bytesOf(event.message)
    case 'settled':
    case 'buried':
      return -bytesOf(event.message)
    case 'purged':
    case 'queue-deleted':
      return -event.messages.reduce((sum, message) => sum + bytesOf(message), 0)
    default:
      return 0
  }
}

export function memoryUsedBy({ virtualHost }: Broker): number {
  let bytes = 0
  for (const queue of virtualHost.queues) {
    for (const { message } of queue.contents()) bytes += bytesOf(message)
  }
  return bytes
}

function bytesOf({ bytes }: Message): number {
  return bytes + overhead
}
