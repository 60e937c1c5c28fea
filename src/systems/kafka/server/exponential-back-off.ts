import type { Micros } from '../../../simulation/duration.ts'
import { millisecond } from '../../../simulation/duration.ts'
import type { Backoff } from '../core/producer/retry-backoff.ts'
import { retryBackoff } from '../core/producer/retry-backoff.ts'

/** Between attempts to connect, KRaft's client waits 50 ms at first and 500 ms at most (`KafkaRaftManager`; no options of it). */
export const quorumReconnect: Backoff = { initial: 50 * millisecond, maximum: 500 * millisecond }

/** Servers do not vary their waits here: the middle of what clients may draw. */
const middle = 0.5

/** How long a server waits before it asks again, when there was no answer: twice as long each time. */
export class ExponentialBackOff {
  readonly #backoff: Backoff
  #failures = 0

  /** In µs. */
  constructor(backoff: Backoff) {
    this.#backoff = backoff
  }

  /** The wait after one more failure, µs. */
  next(): Micros {
    return retryBackoff(++this.#failures, this.#backoff, middle)
  }

  /** There was an answer. */
  reset(): void {
    this.#failures = 0
  }
}
