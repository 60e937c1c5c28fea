import { present } from './core/invariant.ts'

/**
 * What records contain, by the numbers that batches hold in its stead. One table serves a whole cluster and its clients: a batch then costs
 * the same whatever its records are, and every replica shares it.
 */
export class RecordTable<Content> {
  readonly #contents: Content[] = []

  /** Takes the content of one record; returns its number, from 0 up. */
  add(content: Content): number {
    return this.#contents.push(content) - 1
  }

  content(number: number): Content {
    return present(this.#contents[number], `record ${number} has a content`)
  }

  /** Something of each of several records, in their order. */
  each<T>(numbers: ArrayLike<number>, take: (content: Content) => T): readonly T[] {
    const taken: T[] = []
    for (let index = 0; index < numbers.length; index++) taken.push(take(this.content(numbers[index] ?? -1)))
    return taken
  }
}
