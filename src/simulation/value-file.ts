import type { Disk, WriteOutcome } from './disk.ts'
import type { Micros } from './duration.ts'

interface Version<T> {
  readonly value: T
  readonly writtenAt: Micros
}

/** A small file that is replaced as a whole (written beside, renamed): a reader finds the old value or the new one, never a mixture. */
export class ValueFile<T> {
  readonly #disk: Disk
  #cached: Version<T> | undefined
  #durable: Version<T> | undefined

  constructor(disk: Disk) {
    this.#disk = disk
  }

  get value(): T | undefined {
    return this.#cached?.value
  }

  write(value: T): WriteOutcome {
    const outcome = this.#disk.claim(0)
    if (outcome === 'written') {
      this.writeBack()
      this.#cached = { value, writtenAt: this.#disk.now() }
    }
    return outcome
  }

  /** Makes the value written last durable, after the disk's latency; `done` hears whether it worked. */
  fsync(done: (outcome: WriteOutcome) => void): void {
    const written = this.#cached
    this.#disk.sync((durable) => {
      // The kernel may have written back a newer value meanwhile.
      if (durable && written !== undefined && written.writtenAt >= (this.#durable?.writtenAt ?? 0))
        this.#durable = written
    }, done)
  }

  /** Takes note of what the kernel has written back by now. */
  writeBack(): void {
    if (this.#cached !== undefined && this.#cached.writtenAt <= this.#disk.writtenBackUntil)
      this.#durable = this.#cached
  }

  /** The power is gone: the last durable value is back. */
  losePower(): void {
    this.writeBack()
    this.#cached = this.#durable
  }
}
