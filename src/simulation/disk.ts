import type { Micros } from './duration.ts'
import { millisecond, second } from './duration.ts'

/** How a disk behaves when nothing is wrong with it. */
export interface DiskProfile {
  /** µs from asking for an fsync to its end, when the disk has nothing else to do. */
  readonly fsyncLatency: Micros
  /** µs after which the kernel has written a dirty page back by itself. Linux: `vm.dirty_expire_centisecs`, 30 s. */
  readonly writeBack: Micros
  /** Bytes that fit; `Infinity` for a disk that never fills up by itself. */
  readonly capacity: number
}

export const diskProfiles = {
  nvme: { fsyncLatency: 200, writeBack: 30 * second, capacity: Infinity },
  ssd: { fsyncLatency: millisecond, writeBack: 30 * second, capacity: Infinity },
  hdd: { fsyncLatency: 12 * millisecond, writeBack: 30 * second, capacity: Infinity },
} satisfies Record<string, DiskProfile>

/** `no-space` and `io-error` wrote nothing. */
export type WriteOutcome = 'written' | 'no-space' | 'io-error'

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
    const writtenBackUntil = this.#disk.now() - this.#disk.profile.writeBack
    while (this.#durable < this.#records.length && (this.#records[this.#durable]?.writtenAt ?? 0) <= writtenBackUntil)
      this.#durable++
    return this.#durable
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

/** A small file that is replaced as a whole (written beside, renamed): a reader finds the old value or the new one, never a mixture. */
export class ValueFile<T> {
  readonly #disk: Disk
  #cached: { readonly value: T; readonly writtenAt: Micros } | undefined
  #durable: T | undefined

  constructor(disk: Disk) {
    this.#disk = disk
  }

  get value(): T | undefined {
    return this.#cached?.value
  }

  write(value: T): WriteOutcome {
    const outcome = this.#disk.claim(0)
    if (outcome === 'written') {
      this.#writtenBack()
      this.#cached = { value, writtenAt: this.#disk.now() }
    }
    return outcome
  }

  fsync(done: (outcome: WriteOutcome) => void): void {
    const written = this.#cached?.value
    this.#disk.sync((durable) => {
      if (durable) this.#durable = written
    }, done)
  }

  losePower(): void {
    const survivor = this.#writtenBack()
    this.#cached = survivor === undefined ? undefined : { value: survivor, writtenAt: this.#disk.now() }
  }

  #writtenBack(): T | undefined {
    if (this.#cached !== undefined && this.#cached.writtenAt <= this.#disk.now() - this.#disk.profile.writeBack) {
      this.#durable = this.#cached.value
    }
    return this.#durable
  }
}

/** How a disk gets at the machine: the clock, and steps of the process that end when the disk is done. */
export interface DiskHost {
  now(): Micros
  /** After `delay`: calls `arrived` even if the process has died, telling whether the host kept its power; then `done` as a step of the process that asked. */
  later(delay: Micros, arrived: (powered: boolean) => void, done: () => void): void
}

/**
 * The disk of a host, shared by the incarnations of its process. Writes go to the page cache at no cost in time; fsyncs queue up one behind
 * the other.
 *
 * Left out: read latency (everything read is cached), and write-back out of order across files.
 */
export class Disk {
  readonly profile: DiskProfile
  readonly #host: DiskHost
  readonly #files = new Map<string, LogFile<unknown> | ValueFile<unknown>>()
  #used = 0
  #busyUntil: Micros = 0
  #slowness = 1
  #full = false
  #broken = false

  constructor(profile: DiskProfile, host: DiskHost) {
    this.profile = profile
    this.#host = host
  }

  now(): Micros {
    return this.#host.now()
  }

  /** The log of this name, made when it does not exist. Whoever names it knows the type of its records. */
  log<T>(name: string): LogFile<T> {
    const file = this.#files.get(name) ?? new LogFile<unknown>(this)
    if (!(file instanceof LogFile)) throw new TypeError(`The file ${name} holds a single value, not a log.`)
    this.#files.set(name, file)
    return file as LogFile<T>
  }

  value<T>(name: string): ValueFile<T> {
    const file = this.#files.get(name) ?? new ValueFile<unknown>(this)
    if (!(file instanceof ValueFile)) throw new TypeError(`The file ${name} is a log, not a single value.`)
    this.#files.set(name, file)
    return file as ValueFile<T>
  }

  remove(name: string): void {
    const file = this.#files.get(name)
    if (file instanceof LogFile) file.truncate(0)
    this.#files.delete(name)
  }

  /** Takes room for `bytes`; the files call this before they write. */
  claim(bytes: number): WriteOutcome {
    if (this.#broken) return 'io-error'
    if (this.#full || this.#used + bytes > this.profile.capacity) return 'no-space'
    this.#used += bytes
    return 'written'
  }

  release(bytes: number): void {
    this.#used -= bytes
  }

  /** Queues an fsync: `finished` hears whether the disk has it, then `done` runs in the process, if that still lives. */
  sync(finished: (durable: boolean) => void, done: (outcome: WriteOutcome) => void): void {
    const start = Math.max(this.now(), this.#busyUntil)
    this.#busyUntil = start + this.profile.fsyncLatency * this.#slowness
    const broken = this.#broken
    this.#host.later(
      this.#busyUntil - this.now(),
      (powered) => finished(powered && !broken),
      () => done(broken ? 'io-error' : 'written'),
    )
  }

  /** Fault: every fsync takes `factor` times as long; 1 is healthy. */
  slowDown(factor: number): void {
    this.#slowness = factor
  }

  /** Fault: no room is left until it is given back. */
  fillUp(full: boolean): void {
    this.#full = full
  }

  /** Fault: writes and fsyncs fail. */
  breakDown(broken: boolean): void {
    this.#broken = broken
  }

  /** Fault: the last whole record of every log whose name starts with `prefix` is damaged. Returns how many were. */
  corruptTails(prefix: string): number {
    let damaged = 0
    for (const [name, file] of this.#files) {
      if (name.startsWith(prefix) && file instanceof LogFile && file.corruptTail()) damaged++
    }
    return damaged
  }

  /** The host lost power: every file keeps what was durable. */
  losePower(torn: boolean): void {
    for (const file of this.#files.values()) file.losePower(torn)
    this.#busyUntil = this.now()
  }
}
