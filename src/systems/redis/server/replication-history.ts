import type { Command } from '../core/command.ts'

interface HistoryRecord {
  readonly from: number
  readonly to: number
  readonly commands: readonly Command[]
}

/**
 * The stream of writes that a master and its replicas share: under an id, with an offset in bytes, and its latest part (the backlog). A replica
 * that becomes the master begins a history of its own, and still knows up to where the old one was the same.
 */
export class ReplicationHistory {
  readonly #backlogSize: number
  #id: string
  #offset = 0
  #former: { readonly id: string; readonly upTo: number } | undefined
  #records: HistoryRecord[] = []
  /** Nothing is kept before there is a replica. */
  #keeps = false

  constructor(id: string, backlogSize: number) {
    this.#id = id
    this.#backlogSize = backlogSize
  }

  get id(): string {
    return this.#id
  }

  get offset(): number {
    return this.#offset
  }

  /** Takes writes down; returns the offset behind them. */
  add(commands: readonly Command[], bytes: number): number {
    const from = this.#offset
    this.#offset += bytes
    if (!this.#keeps) return this.#offset
    this.#records.push({ from, to: this.#offset, commands })
    while (this.#offset - (this.#records[0]?.from ?? this.#offset) > this.#backlogSize) this.#records.shift()
    return this.#offset
  }

  beginBacklog(): void {
    this.#keeps = true
  }

  /** What follows a place in a history, if the backlog still has it; nothing where a full copy is needed. */
  after(id: string, offset: number): readonly HistoryRecord[] | undefined {
    const isShared = id === this.#id || (id === this.#former?.id && offset <= this.#former.upTo)
    const first = this.#records[0]?.from ?? this.#offset
    if (!isShared || !this.#keeps || offset < first || offset > this.#offset) return undefined
    return this.#records.filter(({ from }) => from >= offset)
  }

  /** From here on it is the history of a new master. */
  fork(id: string): void {
    this.#former = { id: this.#id, upTo: this.#offset }
    this.#id = id
  }

  /** The master goes on with it under another id. */
  rename(id: string): void {
    if (id !== this.#id) this.fork(id)
  }

  /** Takes over the place of a master whose full copy came. */
  adopt(id: string, offset: number): void {
    this.#id = id
    this.#offset = offset
    this.#former = undefined
    this.#records = []
    this.#keeps = true
  }
}
