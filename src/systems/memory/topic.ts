/**
 * The publish-subscribe channel of a textbook, as an event emitter does it: it knows who listens now and remembers no message.
 * `S` is whatever stands for a subscriber.
 */
export class Topic<S> {
  readonly #subscribers = new Set<S>()

  subscribe(subscriber: S): void {
    this.#subscribers.add(subscriber)
  }

  unsubscribe(subscriber: S): void {
    this.#subscribers.delete(subscriber)
  }

  /** Who gets what is published now, in the order of subscribing. */
  get subscribers(): readonly S[] {
    return [...this.#subscribers]
  }
}
