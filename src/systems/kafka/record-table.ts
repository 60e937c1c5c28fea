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
}
