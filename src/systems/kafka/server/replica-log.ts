import type { LogFile } from '../../../simulation/log-file.ts'
import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import { PartitionLog } from '../core/log/partition-log.ts'
import type { RecordBatch } from '../core/log/record-batch.ts'
import { unbounded } from '../options/option.ts'
import type { TopicOptions } from '../options/topic-options.ts'
import { microsOf } from './cluster-settings.ts'

/**
 * A replica's log and the file that it lives in. What is appended is in the page cache; it is flushed every `flush.messages` or `flush.ms`, by
 * default never, and when the broker stops in order.
 *
 * `flush.ms` is looked at as often as it says; a real broker also needs `log.flush.scheduler.interval.ms`.
 */
export class ReplicaLog {
  readonly log = new PartitionLog()
  readonly file: LogFile<RecordBatch>
  /** Records that a start found damaged and dropped. */
  readonly droppedAtStart: number
  readonly #process: Process
  readonly #flushMessages: number
  readonly #flushInterval: Micros
  #unflushed = 0
  #flushScheduled = false

  /** Reads what the disk has. The first record that its checksum does not fit, and everything behind it, is cut. */
  constructor(process: Process, file: LogFile<RecordBatch>, options: TopicOptions) {
    this.#process = process
    this.file = file
    this.#flushMessages = options['flush.messages']
    this.#flushInterval = microsOf(options['flush.ms'])
    const batches: RecordBatch[] = []
    let dropped = 0
    for (let place = 0; place < file.length; place++) {
      const record = file.read(place)
      if (record?.state === 'whole' && dropped === 0) batches.push(record.value)
      else dropped += record?.value.messages.length ?? 0
    }
    if (batches.length < file.length) file.truncate(batches.length)
    this.log.appendAsFollower(batches)
    this.droppedAtStart = dropped
  }

  /** Writes batches that the log has taken. `false` when the disk does not take them. */
  write(batches: readonly RecordBatch[]): boolean {
    for (const batch of batches) {
      if (this.file.append(batch, batch.sizeBytes) !== 'written') return false
      this.#unflushed += batch.messages.length
    }
    if (this.#flushInterval < Infinity) this.#flushLater()
    return true
  }

  /** Cuts the file to what the log has after it was truncated. */
  cut(): void {
    this.file.truncate(this.log.allBatches.length)
  }

  /** Whether an append has to wait for the disk: `flush.messages` records are not flushed. */
  get mustFlush(): boolean {
    return this.#flushMessages < unbounded && this.#unflushed >= this.#flushMessages
  }

  flush(done: (flushed: boolean) => void): void {
    this.#unflushed = 0
    this.file.fsync((outcome) => done(outcome === 'written'))
  }

  #flushLater(): void {
    if (this.#flushScheduled) return
    this.#flushScheduled = true
    this.#process.setTimer(this.#flushInterval, () => {
      this.#flushScheduled = false
      this.flush(() => {})
    })
  }
}
