import type { Micros } from '../../../simulation/duration.ts'
import { millisecond, second } from '../../../simulation/duration.ts'

/* What an application does about entries of a batch that failed: the SDK tries calls again, and leaves entries to it. */

/** How often it sends an entry in all. */
export const mostTries = 10

const firstPause = 100 * millisecond
const longestPause = 5 * second

/** How long it waits before it sends an entry again that was sent so often. */
export function pauseAfter(tries: number): Micros {
  return Math.min(longestPause, firstPause * 2 ** (tries - 1))
}
