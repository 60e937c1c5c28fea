import type { Envelope } from '../../system.ts'

/**
 * What messages contain, by the numbers that frames and queues hold in its stead (`Content.id`). One table serves a whole system and its
 * clients: publishers put contents in, consumers find them.
 */
export class ContentTable {
  readonly #contents: Envelope[] = []

  /** Takes what is published; returns its number, from 0 up. */
  add(envelope: Envelope): number {
    return this.#contents.push(envelope) - 1
  }

  content(id: number): Envelope {
    const found = this.#contents[id]
    if (found === undefined) throw new Error(`There is no content ${id}: a message was published past the table.`)
    return found
  }
}
