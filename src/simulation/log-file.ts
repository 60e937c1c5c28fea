import type { Disk, WriteOutcome } from './disk.ts'
import type { Micros } from './duration.ts'

/** What reading a record after a start finds. A `torn` or `corrupt` record is what a checksum would catch. */
export type RecordState = 'whole' | 'torn' | 'corrupt'

interface StoredRecord<T> {
  readonly value: T
  readonly bytes: number
  readonly writtenAt: Micros
  state: RecordState
}

/**
 * A file of records that only grows, like a log segment. What was written survives the death of the process; what was fsynced, or written
 * back by the kernel, survives the loss of power. Truncation is a metadata operation of a journaling file system: durable at once.
 */
export class LogFile<T> {
  readonly #disk: Disk
  readonly #records: StoredRecord<T>[] = []
  readonly #syncing = new Set<{ length: number }>()
  #durable = 0

  constructor(disk: Disk) {
    this.#disk = disk
  }

  get length(): number {
    return this.#records.length
  }

  /** Writes a record of `bytes` to the page cache. */
  append(value: T, bytes: number): WriteOutcome {
    const outcome = this.#disk.claim(bytes)
    if (outcome === 'written') this.#records.push({ value, bytes, writtenAt: this.#disk.now(), state: 'whole' })
    return outcome
  }

  /** The record at `place` with what a checksum says of it. */
  read(place: number): { readonly value: T; readonly state: RecordState } | undefined {
    return this.#records[place]
  }

  /** Forgets every record from `length` on. */
  truncate(length: number): void {
    for (const record of this.#records.splice(length)) this.#disk.release(record.bytes)
    this.#durable = Math.min(this.#durable, length)
    for (const sync of this.#syncing) sync.length = Math.min(sync.length, length)
  }

  /** Makes everything written so far durable, after the disk's latency; `done` hears whether it worked. */
  fsync(done: (outcome: WriteOutcome) => void): void {
    const sync = { length: this.#records.length }
    this.#syncing.add(sync)
    this.#disk.sync((durable) => {
      this.#syncing.delete(sync)
      if (durable) this.#durable = Math.max(this.#durable, sync.length)
    }, done)
  }

  /** How many records a loss of power would leave now. */
  durableLength(): number {
    this.writeBack()
    return this.#durable
  }

  /** Takes note of what the kernel has written back by now. */
  writeBack(): void {
    const until = this.#disk.writtenBackUntil
    while (this.#durable < this.#records.length && (this.#records[this.#durable]?.writtenAt ?? 0) <= until)
      this.#durable++
  }

  /** The power is gone: only the durable prefix is left, and with `torn` a piece of the record after it. */
  losePower(torn: boolean): void {
    const durable = this.durableLength()
    const tornRecord = torn ? this.#records[durable] : undefined
    this.truncate(durable)
    if (tornRecord !== undefined && this.#disk.claim(tornRecord.bytes) === 'written') {
      this.#records.push({ ...tornRecord, state: 'torn' })
      this.#durable++
    }
  }

  /** Damages the last whole record, as bad sectors do. `false` when there is none. */
  corruptTail(): boolean {
    const last = this.#records.findLast((record) => record.state === 'whole')
    if (last === undefined) return false
    last.state = 'corrupt'
    return true
  }
}
