import type { Micros } from '../../../simulation/duration.ts'
import type { Envelope } from '../../system.ts'
import { deduplicationInterval } from './queue-core.ts'

interface Remembered {
  readonly at: Micros
  readonly envelope: Envelope
}

/** The deduplication ids of the last five minutes. An id is remembered from its first send on, whatever has become of the message since. */
export class Deduplication {
  /** In the order of their times. */
  readonly #remembered = new Map<string, Remembered>()

  /** The message that was sent under this id within the interval. */
  find(id: string, now: Micros): Envelope | undefined {
    this.#forget(now)
    return this.#remembered.get(id)?.envelope
  }

  remember(id: string, envelope: Envelope, now: Micros): void {
    this.#remembered.set(id, { at: now, envelope })
  }

  #forget(now: Micros): void {
    for (const [id, { at }] of this.#remembered) {
      if (at + deduplicationInterval > now) return
      this.#remembered.delete(id)
    }
  }
}
