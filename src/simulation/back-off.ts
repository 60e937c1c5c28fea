import type { Micros } from './duration.ts'
import { millisecond, second } from './duration.ts'

/** First retransmission after this; Linux never waits less (`TCP_RTO_MIN`). Doubled each time. */
const firstBackOff: Micros = 200 * millisecond
/** Linux: `TCP_RTO_MAX`. */
const longestBackOff: Micros = 120 * second

/** µs to wait before sending something again that was sent `attempts` times more than once. */
export function retransmissionBackOff(attempts: number): Micros {
  return attempts < 10 ? firstBackOff << attempts : longestBackOff
}

/** µs before an unanswered opening is tried again; doubled each time. Linux: `TCP_TIMEOUT_INIT`, 1 s. */
export function openingBackOff(attempts: number): Micros {
  return attempts < 7 ? second << attempts : longestBackOff
}

/** A host keeps trying to send what a process left behind that is gone. Linux: `tcp_orphan_retries`, 8, about 100 s. */
export const orphanTimeout: Micros = 100 * second
