import type { LogFile } from '../../../simulation/log-file.ts'
import type { Process } from '../../../simulation/process.ts'
import { bytesOf } from './core/commit-record.ts'
import type { LogEntry } from './protocol.ts'

/**
 * The log of commits on the disk of a server. Many commits share one fsync: while one runs, the next gathers. A log that cannot be written or
 * made durable stops the server, as nobody knows any more what it holds.
 */
export class CommitLog {
  readonly #file: LogFile<LogEntry>
  readonly #broken: () => void
  #waiting: (() => void)[] = []
  #flushing = false

  constructor(process: Process, broken: () => void) {
    this.#file = process.disk.log<LogEntry>('commits')
    this.#broken = broken
  }

  get length(): number {
    return this.#file.length
  }

  /** Drops what cannot be read, and all that stands behind it; returns what is left. */
  recover(): readonly LogEntry[] {
    const entries: LogEntry[] = []
    for (let place = 0; place < this.#file.length; place++) {
      const found = this.#file.read(place)
      if (found === undefined || found.state !== 'whole') break
      entries.push(found.value)
    }
    this.#file.truncate(entries.length)
    return entries
  }

  entries(from: number): readonly LogEntry[] {
    return Array.from({ length: Math.max(0, this.#file.length - from) }, (_, index) => this.#file.read(from + index))
      .filter((found) => found !== undefined)
      .map(({ value }) => value)
  }

  append(entry: LogEntry): boolean {
    if (this.#file.append(entry, bytesOf(entry.record)) === 'written') return true
    this.#broken()
    return false
  }

  /** What is beyond `length` never was, for this server. */
  truncate(length: number): void {
    this.#file.truncate(length)
  }

  /** Calls `done` when all that is in the log now is on the disk. */
  flush(done: () => void): void {
    this.#waiting.push(done)
    if (!this.#flushing) this.#flush()
  }

  #flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    this.#flushing = true
    this.#file.fsync((outcome) => {
      this.#flushing = false
      if (outcome !== 'written') {
        this.#broken()
        return
      }
      for (const done of waiting) done()
      if (this.#waiting.length > 0) this.#flush()
    })
  }
}
