import type { Bulk } from './bulk.ts'
import { isSame } from './bulk.ts'
import { emptyListpackBytes, listpackBytes, listpackIntegerBytes } from './listpack.ts'
import type { StreamId } from './stream-id.ts'
import { lowerBound } from './stream-id.ts'

export interface StreamEntry {
  readonly id: StreamId
  /** The id as it is written. */
  readonly name: string
  /** Names and values in turn. */
  readonly fields: readonly Bulk[]
}

/**
 * A macro node: entries that Redis keeps in one piece. Approximate trimming removes whole ones. A deleted entry is only marked, so it goes on
 * taking its place until the node is gone.
 */
export class StreamNode {
  /** Those not deleted, by id. */
  readonly entries: StreamEntry[]
  /** The id of the first entry that was put here, and of the last one; they may have been deleted. */
  readonly first: StreamId
  last: StreamId
  readonly #names: readonly Bulk[]
  #deleted = 0
  #bytes: number

  /** @param names of the fields of its first entry, which are stored once for all entries that have the same. */
  private constructor(first: StreamId, names: readonly Bulk[], entries: StreamEntry[]) {
    this.first = first
    this.last = first
    this.#names = names
    this.entries = entries
    this.#bytes = emptyListpackBytes + listpackIntegerBytes(names.length) + listpackIntegerBytes(0)
    for (const name of names) this.#bytes += listpackBytes(name)
  }

  static of(entry: StreamEntry): StreamNode {
    const node = new StreamNode(
      entry.id,
      entry.fields.filter((_, index) => index % 2 === 0),
      [],
    )
    node.push(entry)
    return node
  }

  get bytes(): number {
    return this.#bytes + listpackIntegerBytes(this.entries.length) + listpackIntegerBytes(this.#deleted)
  }

  /** Deleted ones included. */
  get everStored(): number {
    return this.entries.length + this.#deleted
  }

  push(entry: StreamEntry): void {
    this.entries.push(entry)
    this.last = entry.id
    this.#bytes += this.#bytesOf(entry)
  }

  /** Removes the entry at this place. */
  remove(place: number): void {
    this.entries.splice(place, 1)
    this.#deleted++
  }

  /** The place of the first entry whose id is not below this one. */
  placeOf(id: StreamId): number {
    return lowerBound(this.entries, id, ({ id: of }) => of)
  }

  copy(): StreamNode {
    const copy = new StreamNode(this.first, this.#names, this.entries.slice())
    copy.last = this.last
    copy.#deleted = this.#deleted
    copy.#bytes = this.#bytes
    return copy
  }

  #bytesOf({ id, fields }: StreamEntry): number {
    const pairs = fields.length / 2
    const same = this.#hasSameNames(fields)
    let bytes = listpackIntegerBytes(same ? 2 : 0)
    bytes += listpackIntegerBytes(id.ms - this.first.ms) + listpackIntegerBytes(id.seq - this.first.seq)
    if (!same) bytes += listpackIntegerBytes(pairs)
    for (const [index, field] of fields.entries()) if (!same || index % 2 === 1) bytes += listpackBytes(field)
    return bytes + listpackIntegerBytes(same ? pairs + 3 : 2 * pairs + 4)
  }

  #hasSameNames(fields: readonly Bulk[]): boolean {
    if (fields.length !== 2 * this.#names.length) return false
    return this.#names.every((name, index) => {
      const field = fields[2 * index]
      return field !== undefined && isSame(name, field)
    })
  }
}
