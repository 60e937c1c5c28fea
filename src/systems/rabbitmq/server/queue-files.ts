import type { Disk, WriteOutcome } from '../../../simulation/disk.ts'
import type { LogFile } from '../../../simulation/log-file.ts'

/** What one flush put into the file of a queue: its writes after the number `from`, up to the number `to`. */
interface FlushRecord {
  readonly from: number
  readonly to: number
}

interface QueueFile {
  readonly log: LogFile<FlushRecord>
  /** Room that the queue's messages take on the disk. */
  bytes: number
}

const folder = 'queues/'
const cleanMark = 'clean-shutdown'

/**
 * The files of a broker's queues on its disk. They outlive the process: what a file has of a queue is what the next incarnation finds. The
 * messages themselves are kept by the core, which numbers its writes; the files only know which of them were written.
 */
export class QueueFiles {
  readonly #disk: Disk
  readonly #files = new Map<string, QueueFile>()

  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** Bytes that are free, as far as the broker can see. */
  get free(): number {
    if (this.#disk.claim(0) === 'no-space') return 0
    let used = 0
    for (const { bytes } of this.#files.values()) used += bytes
    return this.#disk.profile.capacity - used
  }

  /** Hands the writes of a queue up to `write` to the operating system; its messages take `bytes` then. */
  write(queue: string, write: number, bytes: number): WriteOutcome {
    const file = this.#file(queue)
    const outcome = this.#resize(file, bytes)
    if (outcome !== 'written') return outcome
    const from = file.log.read(file.log.length - 1)?.value.to ?? 0
    return file.log.append({ from, to: write }, 0)
  }

  /** Makes what was written safe from a loss of power. */
  fsync(queue: string, done: (outcome: WriteOutcome) => void): void {
    this.#file(queue).log.fsync(done)
  }

  /** The queue is gone. */
  remove(queue: string): void {
    const file = this.#files.get(queue)
    if (file === undefined) return
    this.#disk.release(file.bytes)
    this.#files.delete(queue)
    this.#disk.remove(folder + queue)
  }

  /** Which writes the files have now; what a checksum gives away as damaged does not count. */
  survey(): (queue: string, write: number) => boolean {
    const found = new Map([...this.#files].map(([queue, { log }]) => [queue, readBack(log)]))
    return (queue, write) => found.get(queue)?.(write) ?? false
  }

  /** Leaves the mark of an orderly shutdown. */
  markClean(): void {
    this.#disk.value<boolean>(cleanMark).write(true)
  }

  /** Whether the mark is there. */
  get isClean(): boolean {
    return this.#disk.value<boolean>(cleanMark).value === true
  }

  clearMark(): void {
    if (this.isClean) this.#disk.value<boolean>(cleanMark).write(false)
  }

  #file(queue: string): QueueFile {
    const known = this.#files.get(queue)
    if (known !== undefined) return known
    const file = { log: this.#disk.log<FlushRecord>(folder + queue), bytes: 0 }
    this.#files.set(queue, file)
    return file
  }

  #resize(file: QueueFile, bytes: number): WriteOutcome {
    if (bytes < file.bytes) this.#disk.release(file.bytes - bytes)
    else if (bytes > file.bytes) {
      const outcome = this.#disk.claim(bytes - file.bytes)
      if (outcome !== 'written') return outcome
    }
    file.bytes = bytes
    return 'written'
  }
}

function readBack(log: LogFile<FlushRecord>): (write: number) => boolean {
  const damaged: FlushRecord[] = []
  let last = 0
  for (let place = 0; place < log.length; place++) {
    const record = log.read(place)
    if (record === undefined) continue
    if (record.state === 'whole') last = record.value.to
    else damaged.push(record.value)
  }
  return (write) => write <= last && !damaged.some(({ from, to }) => from < write && write <= to)
}
