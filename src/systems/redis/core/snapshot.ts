import { Keyspace } from './keyspace.ts'

/** The keys of a server at one moment: what a snapshot file or a full resynchronisation carries. It never changes. */
export class Snapshot {
  readonly #keys: Keyspace
  /** Of the file that carries it, roughly. */
  readonly bytes: number

  constructor(keys: Keyspace) {
    this.#keys = keys.copy()
    for (const name of this.#keys.names) this.#keys.measure(name)
    this.bytes = this.#keys.usedMemory
  }

  static readonly empty = new Snapshot(new Keyspace())

  get size(): number {
    return this.#keys.size
  }

  /** What a server starts with that loads it. */
  load(): Keyspace {
    return this.#keys.copy()
  }
}
