import type { WriteOutcome } from '../../../simulation/disk.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { ClassicQueue } from '../core/classic-queue.ts'
import type { WriteLog } from '../core/write-log.ts'
import type { BrokerSettings } from './broker-settings.ts'
import type { QueueFiles } from './queue-files.ts'

export interface DiskEvents {
  /** The disk has the writes of a queue up to this number. */
  synced(queue: ClassicQueue, write: number): void
  failed(queue: ClassicQueue, outcome: WriteOutcome): void
}

/** Writes that wait in memory for others, at most: a queue of the server writes after 2,048 acknowledgements or 4,096 messages. */
const bufferedWrites = 2048

/**
 * Brings what queues write to the disk, queue after queue. A queue whose publishers wait for it is written as soon as the broker has nothing
 * else to do; whatever else there is follows when there is much of it, at the latest when the sync interval is over. What comes while the disk is
 * busy goes together.
 *
 * The server's queues write for themselves, beside each other; on one disk their fsyncs queue up as they do here.
 */
export class DiskWriter {
  readonly #process: Process
  readonly #log: WriteLog
  readonly #files: QueueFiles
  readonly #settings: BrokerSettings
  readonly #events: DiskEvents
  #busy = false
  #failing = false
  #timer: Timer | undefined
  /** What is to be written whether or not anybody waits for it. */
  #due = new Set<ClassicQueue>()
  #drained: (() => void) | undefined

  constructor(process: Process, log: WriteLog, files: QueueFiles, settings: BrokerSettings, events: DiskEvents) {
    this.#process = process
    this.#log = log
    this.#files = files
    this.#settings = settings
    this.#events = events
  }

  /** Looks whether there is something to write; called after whatever may have brought it. */
  look(): void {
    if (this.#busy || this.#failing) return
    if (this.#log.unsafe.size === 0) return this.#finishDrain()
    const next = this.#next()
    if (next !== undefined) this.#write(next)
    else if (this.#timer === undefined)
      this.#timer = this.#process.setTimer(this.#settings.syncInterval, () => this.#intervalOver())
  }

  /** Tries again after a failure. */
  retry(): void {
    this.#failing = false
    this.look()
  }

  /** Writes everything, then calls `done`; it is not called if the disk fails. */
  drain(done: () => void): void {
    this.#drained = done
    this.look()
  }

  #next(): ClassicQueue | undefined {
    const all = this.#drained !== undefined || this.#log.unsafeWrites >= bufferedWrites
    const idle = this.#process.node.service.load <= 1
    if (!all && !idle && this.#due.size === 0) return undefined
    for (const queue of this.#log.unsafe) {
      if (all || this.#due.has(queue) || (idle && this.#log.isAwaited(queue))) return queue
    }
    return undefined
  }

  #intervalOver(): void {
    this.#timer = undefined
    this.#due = new Set(this.#log.unsafe)
    this.look()
  }

  #write(queue: ClassicQueue): void {
    this.#due.delete(queue)
    const { written, bytes } = this.#log.stateOf(queue)
    const outcome = this.#files.write(queue.name, written, bytes)
    if (outcome !== 'written') return this.#fail(queue, outcome)
    this.#busy = true
    const end = (result: WriteOutcome): void => this.#written(queue, written, result)
    if (this.#settings.confirmsAfter === 'fsync' || this.#drained !== undefined) this.#files.fsync(queue.name, end)
    else this.#process.setTimer(0, () => end('written'))
  }

  #written(queue: ClassicQueue, write: number, outcome: WriteOutcome): void {
    this.#busy = false
    if (outcome !== 'written') return this.#fail(queue, outcome)
    this.#events.synced(queue, write)
    this.look()
  }

  #fail(queue: ClassicQueue, outcome: WriteOutcome): void {
    this.#due.add(queue)
    this.#failing = true
    this.#events.failed(queue, outcome)
  }

  #finishDrain(): void {
    const done = this.#drained
    this.#drained = undefined
    done?.()
  }
}
