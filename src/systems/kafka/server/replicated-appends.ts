import type { Process } from '../../../simulation/process.ts'
import type { KafkaError } from '../core/error-table.ts'
import { Deadlines } from './deadlines.ts'
import type { HostedPartition } from './hosted-partition.ts'

/** Appends with `acks=all` that wait for their replicas, each no longer than its request says. */
export class ReplicatedAppends {
  readonly #process: Process
  readonly #deadlines: Deadlines

  constructor(process: Process) {
    this.#process = process
    this.#deadlines = new Deadlines(process)
  }

  /** `answered` hears when everything below `requiredOffset` is committed, or why it is not after `timeout` µs at the latest. */
  waitFor(
    partition: HostedPartition,
    requiredOffset: number,
    timeout: number,
    answered: (error: KafkaError) => void,
  ): void {
    const deadline = this.#process.now + timeout
    let over = false
    partition.park({
      requiredOffset,
      deadline,
      answered: (error) => {
        over = true
        answered(error)
      },
    })
    if (over) return
    this.#deadlines.add(deadline, () => {
      if (!over) partition.answerParked()
      return over
    })
  }
}
