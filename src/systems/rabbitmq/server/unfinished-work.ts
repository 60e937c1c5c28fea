import type { ClassicQueue } from '../core/classic-queue.ts'
import type { QueuedMessage } from '../core/ready-messages.ts'

/**
 * What a queue still has that is not final, for people: messages that are out for acknowledgement, those ready where somebody consumes, and those
 * that will leave by their age for a dead-letter exchange. Nothing when it is all as it will stay.
 */
export function unfinishedIn(
  queue: ClassicQueue,
  isConsumed: boolean,
  textOf: (copy: QueuedMessage) => string,
): readonly string[] {
  const { name, ready, unacknowledged, options } = queue
  const first = ready.first()
  const moves = options.deadLetterExchange !== undefined && (first?.expiresAt ?? Infinity) !== Infinity
  const work: string[] = []
  if (first !== undefined && (isConsumed || moves)) {
    work.push(`${counted(ready.length, textOf(first))} in ${name}${isConsumed ? '' : ', waiting to expire'}`)
  }
  const [held] = unacknowledged
  if (held !== undefined) work.push(`${counted(unacknowledged.size, textOf(held))} of ${name} not acknowledged`)
  return work
}

function counted(count: number, example: string): string {
  return count === 1 ? `1 message (${example})` : `${count} messages (${example} first)`
}
