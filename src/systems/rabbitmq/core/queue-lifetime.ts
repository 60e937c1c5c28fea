import type { QueueConsumers } from './queue-consumers.ts'

interface Clock {
  /** µs. */
  readonly now: number
  /** `tick` is wanted at this time, in µs. */
  alarm(at: number): void
}

/** When a queue goes by itself: with its last consumer, or when nobody has used it for a time. */
export class QueueLifetime {
  readonly #clock: Clock
  readonly #consumers: QueueConsumers
  readonly #autoDelete: boolean
  #expires: number
  #expiry = Infinity

  /** @param expires µs that the queue may be unused; Infinity for ever. */
  constructor(clock: Clock, consumers: QueueConsumers, autoDelete: boolean, expires: number) {
    this.#clock = clock
    this.#consumers = consumers
    this.#autoDelete = autoDelete
    this.#expires = expires
  }

  /** µs; Infinity for never. */
  get deadline(): number {
    return this.#expiry
  }

  /** Whether the queue's last consumer is gone and the queue is to go with it. */
  get endsWithConsumers(): boolean {
    return this.#autoDelete && this.#consumers.haveLeft
  }

  /** Somebody used the queue, which puts its end off. */
  touch(): void {
    if (this.#consumers.count > 0 || this.#expires === Infinity) return
    this.#expiry = this.#clock.now + this.#expires
    this.#clock.alarm(this.#expiry)
  }

  /** It may be unused for another time now. */
  configure(expires: number): void {
    this.#expires = expires
    this.#expiry = Infinity
    this.touch()
  }

  /** Whether the queue has been unused for its time. */
  isOver(): boolean {
    if (this.#expiry > this.#clock.now) return false
    this.#expiry = Infinity
    return this.#consumers.count === 0
  }
}
