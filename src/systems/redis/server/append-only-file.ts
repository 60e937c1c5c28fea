import type { WriteOutcome } from '../../../simulation/disk.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { millisecond, second } from '../../../simulation/duration.ts'
import type { LogFile } from '../../../simulation/log-file.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { Command } from '../core/command.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { fileFailed, writePostponed } from '../facts-of-servers.ts'

/** What a start plays again: commands that belong together, or everything that a full copy from the master brought. */
export type FileRecord = { readonly commands: readonly Command[] } | { readonly snapshot: Snapshot }

export interface FileHost {
  /** The disk has what was written up to this offset of the history. */
  synced(offset: number): void
  /** With `always`, whoever cannot write does not go on. */
  unwritable(): void
}

interface Buffered {
  readonly record: FileRecord
  readonly bytes: number
}

/** How often a server looks after what it has put off (`hz 10`). */
const tick = 100 * millisecond
/** The longest that a write is put off because an fsync is still running. */
const longestPostponement = 2 * second

export const fileName = 'appendonly.aof'

/**
 * The append-only file. What commands did waits in the memory of the process until the commands at hand are worked off, is written to the operating
 * system before the answers leave, and is forced to the disk as `appendfsync` says: before they leave, or about each second in the background. While
 * the background is not done, `everysec` puts even the writing off, and answers all the same.
 */
export class AppendOnlyFile {
  readonly #process: Process
  readonly #policy: 'always' | 'everysec' | 'no'
  readonly #log: LogFile<FileRecord>
  readonly #host: FileHost
  #buffer: Buffered[] = []
  #bufferedUpTo = 0
  #writtenUpTo = 0
  #isSyncing = false
  #isUnsynced = false
  #lastSync: Micros = -Infinity
  #postponedSince: Micros | undefined
  #failing: 'write' | 'fsync' | undefined
  #timer: { readonly at: Micros; readonly timer: Timer } | undefined

  constructor(process: Process, policy: 'always' | 'everysec' | 'no', host: FileHost) {
    this.#process = process
    this.#policy = policy
    this.#log = process.disk.log<FileRecord>(fileName)
    this.#host = host
  }

  /** Whether writes are refused because earlier ones could not be written. */
  get isFailing(): boolean {
    return this.#failing !== undefined
  }

  append(record: FileRecord, bytes: number, offset: number): void {
    this.#buffer.push({ record, bytes })
    this.#bufferedUpTo = offset
  }

  /** Everything begins anew, with what a full copy brought. */
  replace(snapshot: Snapshot, offset: number): void {
    this.#buffer = []
    this.#log.truncate(0)
    this.append({ snapshot }, snapshot.bytes, offset)
  }

  /** The commands at hand are worked off: `then` is called when their answers may leave, here and now unless they wait for the disk. */
  flush(then: () => void): void {
    if (this.#policy === 'always') return this.#flushAlways(then)
    this.#flush(false)
    then()
  }

  /** Writes and forces everything before an orderly end. */
  drain(done: () => void): void {
    this.#timer?.timer.clear()
    this.#timer = undefined
    this.#write()
    this.#log.fsync(() => done())
  }

  #flushAlways(then: () => void): void {
    if (this.#buffer.length === 0) return then()
    if (!this.#write()) return this.#host.unwritable()
    const offset = this.#writtenUpTo
    this.#log.fsync((outcome) => {
      if (outcome !== 'written') {
        this.#fail('fsync', outcome)
        return this.#host.unwritable()
      }
      this.#host.synced(offset)
      then()
    })
  }

  #flush(isForced: boolean): void {
    if (this.#buffer.length > 0) {
      if (this.#isPutOff(isForced)) return this.#lookIn(tick)
      if (!this.#write()) return this.#lookIn(second)
    }
    if (this.#policy === 'everysec' && this.#isUnsynced) this.#syncInBackground()
  }

  #isPutOff(isForced: boolean): boolean {
    const { now } = this.#process
    if (isForced || this.#policy !== 'everysec' || !this.#isSyncing) return false
    if (this.#postponedSince === undefined) {
      this.#postponedSince = now
      this.#process.record(writePostponed, {})
    }
    return now - this.#postponedSince < longestPostponement
  }

  #write(): boolean {
    this.#postponedSince = undefined
    while (this.#buffer.length > 0) {
      const [next] = this.#buffer
      if (next === undefined) break
      const outcome = this.#log.append(next.record, next.bytes)
      if (outcome !== 'written') {
        this.#fail('write', outcome)
        return false
      }
      this.#buffer.shift()
    }
    if (this.#failing === 'write') this.#failing = undefined
    this.#writtenUpTo = this.#bufferedUpTo
    this.#isUnsynced = true
    return true
  }

  #syncInBackground(): void {
    const wait = this.#lastSync + second - this.#process.now
    if (this.#isSyncing) return
    if (wait > 0) return this.#lookIn(wait)
    const offset = this.#writtenUpTo
    this.#isSyncing = true
    this.#isUnsynced = false
    this.#lastSync = this.#process.now
    this.#log.fsync((outcome) => this.#syncedInBackground(offset, outcome))
  }

  #syncedInBackground(offset: number, outcome: WriteOutcome): void {
    this.#isSyncing = false
    if (outcome === 'written') {
      if (this.#failing === 'fsync') this.#failing = undefined
      this.#host.synced(offset)
    } else {
      this.#fail('fsync', outcome)
      this.#isUnsynced = true
    }
    if (this.#buffer.length > 0 || this.#isUnsynced) this.#lookIn(tick)
  }

  #fail(what: 'write' | 'fsync', reason: string): void {
    if (this.#failing === undefined) this.#process.record(fileFailed, { what, reason })
    this.#failing = what
  }

  #lookIn(delay: Micros): void {
    const at = this.#process.now + delay
    if (this.#timer !== undefined && this.#timer.at <= at) return
    this.#timer?.timer.clear()
    const timer = this.#process.setTimer(delay, () => {
      this.#timer = undefined
      this.#flush(false)
    })
    this.#timer = { at, timer }
  }
}
