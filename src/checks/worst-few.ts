import { witnessLimit } from './check.ts'

/** Counts the cases that are added and keeps the worst few of them; of equally bad ones, those added first. */
export class WorstFew<Case> {
  readonly #kept: { readonly badness: number; readonly found: Case }[] = []
  #count = 0

  add(badness: number, found: Case): void {
    this.#count++
    const place = this.#kept.findIndex((other) => other.badness < badness)
    if (place >= 0) this.#kept.splice(place, 0, { badness, found })
    else if (this.#kept.length < witnessLimit) this.#kept.push({ badness, found })
    this.#kept.length = Math.min(this.#kept.length, witnessLimit)
  }

  /** How many cases there were, kept or not. */
  get count(): number {
    return this.#count
  }

  get kept(): readonly Case[] {
    return this.#kept.map(({ found }) => found)
  }
}
