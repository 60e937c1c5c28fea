import type { Micros } from '../../../simulation/duration.ts'
import { millisecond, second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { ValueFile } from '../../../simulation/value-file.ts'
import type { Snapshot } from '../core/snapshot.ts'
import { snapshotFailed, snapshotSaved } from '../facts-of-servers.ts'
import type { SaveRule } from './server-settings.ts'

/** The child that writes: to be made takes about 10 ms for each GB, and to write about 10 s for each. */
const fork = millisecond
const bytesPerMicro = 100
/** After a failure it is tried again so much later at the earliest. */
const retryAfter = 5 * second

export const snapshotName = 'dump.rdb'

/** Writes snapshots beside the work, when enough was written long enough ago. One that is not complete when the process ends never was. */
export class SnapshotFile {
  readonly #process: Process
  readonly #rules: readonly SaveRule[]
  readonly #file: ValueFile<Snapshot>
  readonly #take: () => Snapshot
  #writes = 0
  #lastSave: Micros
  #notBefore: Micros = 0
  #isSaving = false
  #isFailing = false
  #timer: { readonly at: Micros; readonly timer: Timer } | undefined

  constructor(process: Process, rules: readonly SaveRule[], take: () => Snapshot) {
    this.#process = process
    this.#rules = rules
    this.#take = take
    this.#lastSave = process.now
    this.#file = process.disk.value<Snapshot>(snapshotName)
  }

  /** Whether the last one could not be written. */
  get isFailing(): boolean {
    return this.#isFailing
  }

  wrote(commands: number): void {
    this.#writes += commands
    if (!this.#isSaving) this.#plan()
  }

  /** Before an orderly end. */
  saveNow(done: () => void): void {
    if (this.#rules.length === 0) return done()
    this.#file.write(this.#take())
    this.#file.fsync(() => done())
  }

  #plan(): void {
    const due = this.#rules
      .filter(({ writes }) => this.#writes >= writes)
      .map(({ after }) => Math.max(this.#lastSave + after, this.#notBefore))
    const at = Math.min(...due)
    if (at === Infinity || (this.#timer !== undefined && this.#timer.at <= at)) return
    this.#timer?.timer.clear()
    const timer = this.#process.setTimer(Math.max(0, at - this.#process.now), () => {
      this.#timer = undefined
      this.#save()
    })
    this.#timer = { at, timer }
  }

  #save(): void {
    const snapshot = this.#take()
    const writes = this.#writes
    this.#isSaving = true
    this.#process.setTimer(fork + Math.ceil(snapshot.bytes / bytesPerMicro), () => {
      if (this.#file.write(snapshot) !== 'written') return this.#saved(writes, snapshot, false)
      this.#file.fsync((outcome) => this.#saved(writes, snapshot, outcome === 'written'))
    })
  }

  #saved(writes: number, { size: keys, bytes }: Snapshot, worked: boolean): void {
    this.#isSaving = false
    this.#isFailing = !worked
    if (worked) {
      this.#writes -= writes
      this.#lastSave = this.#process.now
      this.#process.record(snapshotSaved, { keys, bytes })
    } else {
      this.#notBefore = this.#process.now + retryAfter
      this.#process.record(snapshotFailed, {})
    }
    if (this.#writes > 0) this.#plan()
  }
}
