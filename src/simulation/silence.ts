import { noFact } from '../history/fact.ts'
import type { Micros } from './duration.ts'

/** Remembers which fact last kept somebody quiet, and until when: a time-out may come due long after. */
export class Silence {
  #fact = noFact
  #until: Micros = 0

  /** Quiet from now on, on account of `fact`. */
  begin(fact: number): void {
    this.#fact = fact
    this.#until = Infinity
  }

  end(now: Micros): void {
    this.#until = Math.min(this.#until, now)
  }

  /** Quiet at this moment only: a packet was lost. */
  note(fact: number, now: Micros): void {
    this.#fact = fact
    this.#until = now
  }

  /** The fact, if the silence reached beyond `since`, or {@link noFact}. */
  reaching(since: Micros): number {
    return this.#until >= since ? this.#fact : noFact
  }
}
