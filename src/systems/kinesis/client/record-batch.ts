import type { ReadRecord } from '../protocol.ts'

/** What one call of processRecords has: records that are handed out one after the other. */
export class RecordBatch {
  readonly #records: readonly ReadRecord[]
  #place = 0
  #unsettled = 0
  /** An exception left processRecords: the application did not get to its checkpoint. */
  threw = false

  constructor(records: readonly ReadRecord[]) {
    this.#records = records
  }

  get hasBegun(): boolean {
    return this.#place > 0
  }

  get hasMore(): boolean {
    return this.#place < this.#records.length
  }

  get last(): number {
    return this.#records.at(-1)?.sequence ?? 0
  }

  /** Whether every record was handed out and is settled. */
  get isDone(): boolean {
    return !this.hasMore && this.#unsettled === 0
  }

  hand(limit: number): readonly ReadRecord[] {
    const handed = this.#records.slice(this.#place, this.#place + limit)
    this.#place += handed.length
    this.#unsettled += handed.length
    return handed
  }

  settle(): void {
    this.#unsettled--
  }

  /** A record that was handed out comes again. */
  handAgain(): void {
    this.#unsettled++
  }

  /** Leaves out what was not handed out. */
  skipRest(): readonly ReadRecord[] {
    const rest = this.#records.slice(this.#place)
    this.#place = this.#records.length
    return rest
  }
}
