import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { SqsDelivery } from './delivery.ts'

/** Extends the visibility timeout of what is in hand, every so often, until it is settled or the service says no. */
export class Heartbeats {
  readonly #process: Process
  readonly #interval: () => Micros | null
  readonly #extend: (delivery: SqsDelivery, ended: (isGranted: boolean) => void) => void
  readonly #timers = new Map<SqsDelivery, Timer>()

  constructor(
    process: Process,
    interval: () => Micros | null,
    extend: (delivery: SqsDelivery, ended: (isGranted: boolean) => void) => void,
  ) {
    this.#process = process
    this.#interval = interval
    this.#extend = extend
  }

  begin(delivery: SqsDelivery): void {
    const interval = this.#interval()
    if (interval === null) return
    const timer = this.#process.setTimer(interval, () => {
      this.begin(delivery)
      this.#extend(delivery, (isGranted) => {
        if (!isGranted) this.end(delivery)
      })
    })
    this.#timers.set(delivery, timer)
  }

  end(delivery: SqsDelivery): void {
    this.#timers.get(delivery)?.clear()
    this.#timers.delete(delivery)
  }
}
