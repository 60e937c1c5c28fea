import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { ValueFile } from '../../../simulation/value-file.ts'
import type { TopicPartition } from '../core/controller/partition-registration.ts'
import { partitionName } from '../core/controller/partition-registration.ts'
import type { PartitionMap } from '../core/partition-map.ts'
import type { HostedPartition } from './hosted-partition.ts'

type Offsets = ReadonlyMap<string, number>

/** The high watermarks of a broker's replicas, written to a file from time to time: what a start knows of them may be old. */
export class HighWatermarkCheckpoint {
  readonly #process: Process
  readonly #interval: Micros
  readonly #partitions: PartitionMap<HostedPartition>
  readonly #file: ValueFile<Offsets>
  readonly #restored: Offsets
  #scheduled = false

  constructor(process: Process, interval: Micros, partitions: PartitionMap<HostedPartition>) {
    this.#process = process
    this.#interval = interval
    this.#partitions = partitions
    this.#file = process.disk.value<Offsets>('replication-offset-checkpoint')
    this.#restored = this.#file.value ?? new Map()
  }

  /** What the file said when the broker started; 0 for a partition that is not in it. */
  restored(of: TopicPartition): number {
    return this.#restored.get(partitionName(of)) ?? 0
  }

  /** A high watermark moved: it will be in the file at the end of the interval. */
  noteChange(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    const wait = this.#interval - (this.#process.now % Math.max(1, this.#interval))
    this.#process.setTimer(wait, () => {
      this.#scheduled = false
      this.write()
    })
  }

  write(): void {
    const offsets = new Map<string, number>()
    for (const [name, { log }] of this.#partitions.entries()) offsets.set(name, log.highWatermark)
    this.#file.write(offsets)
  }
}
