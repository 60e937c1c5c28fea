import type { Micros } from './duration.ts'
import { millisecond, second } from './duration.ts'
import { LogFile } from './log-file.ts'
import { ValueFile } from './value-file.ts'

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
 * Left out: read latency (everything read is cached), write-back out of order across files, and kernels that forget a page whose
 * write-back failed: here it stays dirty, and the next fsync that works makes it durable.
 */
export class Disk {
  readonly profile: DiskProfile
  readonly #host: DiskHost
  readonly #files = new Map<string, LogFile<unknown> | ValueFile<unknown>>()
  readonly #slownesses = new Set<{ readonly factor: number }>()
  #used = 0
  #busyUntil: Micros = 0
  /** How long whoever asked last waits for the disk, from asking on. */
  #lastWait: Micros = 0
  #fulls = 0
  #breakdowns = 0
  #repairedAt: Micros = -Infinity
  #writes = 0
  #syncs = 0

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

  /** How many records were written and how many fsyncs asked for, for whoever counts what a design costs. */
  get work(): { readonly writes: number; readonly syncs: number } {
    return { writes: this.#writes, syncs: this.#syncs }
  }

  /** How long an fsync takes that is under way, from asking to its end, the last of several; 0 when none is. */
  get longestSync(): Micros {
    return this.now() < this.#busyUntil ? this.#lastWait : 0
  }

  get broken(): boolean {
    return this.#breakdowns > 0
  }

  /** What was written by then is on the disk without any fsync, unless the disk was broken meanwhile. */
  get writtenBackUntil(): Micros {
    const until = this.now() - this.profile.writeBack
    return this.broken || until < this.#repairedAt ? -Infinity : until
  }

  /** Takes room for `bytes`; the files call this before they write. */
  claim(bytes: number): WriteOutcome {
    if (this.broken) return 'io-error'
    if (this.#fulls > 0 || this.#used + bytes > this.profile.capacity) return 'no-space'
    this.#used += bytes
    this.#writes++
    return 'written'
  }

  release(bytes: number): void {
    this.#used -= bytes
  }

  /** Queues an fsync: `finished` hears whether the disk has it, then `done` runs in the process, if that still lives. */
  sync(finished: (durable: boolean) => void, done: (outcome: WriteOutcome) => void): void {
    this.#syncs++
    let latency = this.profile.fsyncLatency
    for (const { factor } of this.#slownesses) latency = Math.ceil(latency * factor)
    this.#busyUntil = Math.max(this.now(), this.#busyUntil) + latency
    this.#lastWait = this.#busyUntil - this.now()
    let broken = this.broken
    this.#host.later(
      this.#lastWait,
      (powered) => {
        broken ||= this.broken
        finished(powered && !broken)
      },
      () => done(broken ? 'io-error' : 'written'),
    )
  }

  /** Fault: every fsync asked for meanwhile takes `factor` times as long. */
  slowDown(factor: number): () => void {
    const entry = { factor }
    this.#slownesses.add(entry)
    return () => this.#slownesses.delete(entry)
  }

  /** Fault: no room is left until it is given back. */
  fillUp(): () => void {
    this.#fulls++
    return () => this.#fulls--
  }

  /** Fault: writes and fsyncs fail, and the kernel can write nothing back. */
  breakDown(): () => void {
    for (const file of this.#files.values()) file.writeBack()
    this.#breakdowns++
    return () => {
      this.#breakdowns--
      this.#repairedAt = this.now()
    }
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
