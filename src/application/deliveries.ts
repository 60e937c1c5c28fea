import type { Name } from '../history/fact.ts'

/**
 * Counts how often each message was handed to each service. The run knows it, not the service: a consumer that starts anew still has its
 * attempts numbered on.
 */
export class DeliveryCounts {
  readonly #counts = new Map<string, Map<Name, number>>()

  /** The number of this delivery of a message to a service, from 1. */
  next(service: string, message: Name): number {
    let counts = this.#counts.get(service)
    if (counts === undefined) this.#counts.set(service, (counts = new Map()))
    const count = (counts.get(message) ?? 0) + 1
    counts.set(message, count)
    return count
  }
}
