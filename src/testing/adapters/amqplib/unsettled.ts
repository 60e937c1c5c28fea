import type { Handling } from '../../../application/strategies/strategy.ts'

/** The deliveries of one opening of a channel that nobody has settled, by their tags. */
export class Unsettled {
  readonly #handlings = new Map<number, Handling>()

  add(tag: number, handling: Handling): void {
    this.#handlings.set(tag, handling)
  }

  /** Those that a word about this tag is for: all up to it if it says so, and all there are for the tag 0. */
  take(tag: number, multiple: boolean): readonly Handling[] {
    const taken = [...this.#handlings].filter(([each]) => (multiple ? tag === 0 || each <= tag : each === tag))
    for (const [each] of taken) this.#handlings.delete(each)
    return taken.map(([, handling]) => handling)
  }
}
