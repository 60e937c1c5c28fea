import type { Micros } from '../../../../simulation/duration.ts'
import { millisecond } from '../../../../simulation/duration.ts'

/** Between attempts to connect, KRaft's client waits 50 ms at first and 500 ms at most (`KafkaRaftManager`; no options of it). */
const shortest = 50 * millisecond
const longest = 500 * millisecond

/** How long one of those who follow the metadata log waits before it asks again, when there was no answer: twice as long each time. */
export class QuorumBackOff {
  #failures = 0

  /** The wait after one more failure, µs. */
  next(): Micros {
    return Math.min(longest, shortest * 2 ** Math.min(this.#failures++, 10))
  }

  /** There was an answer. */
  reset(): void {
    this.#failures = 0
  }
}
