import type { ProducerBatch } from './producer-batch.ts'

/**
 * Puts a batch that failed back into its partition's queue. Without idempotence it goes to the front, and a later batch
 * that is already in the log stays before it.
 */
export function reenqueueAtFront(queue: ProducerBatch[], batch: ProducerBatch): void {
  queue.unshift(batch)
}

/** With idempotence, retried batches stand in order of sequence, before those that were never sent. */
export function reenqueueInSequence(queue: ProducerBatch[], batch: ProducerBatch): void {
  const behind = queue.findIndex((other) => !other.hasSequence || other.baseSequence > batch.baseSequence)
  queue.splice(behind < 0 ? queue.length : behind, 0, batch)
}
