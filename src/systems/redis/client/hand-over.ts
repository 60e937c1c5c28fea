import type { Process } from '../../../simulation/process.ts'
import type { Delivery } from '../../system.ts'

interface Waiting {
  readonly limit: number
  readonly ready: (deliveries: readonly Delivery[]) => void
}

/** Between what a client has got and the program that asks for it: at most one call waits, and is answered in a step of its own. */
export class HandOver {
  readonly #process: Process
  readonly #arrived: Delivery[] = []
  #waiting: Waiting | undefined
  #isPlanned = false
  #isClosed = false

  constructor(process: Process) {
    this.#process = process
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined
  }

  /** How many more the program would take now. */
  get room(): number {
    return Math.max(0, (this.#waiting?.limit ?? 0) - this.#arrived.length)
  }

  get held(): number {
    return this.#arrived.length
  }

  ask(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    if (this.#waiting !== undefined) throw new Error('A consumer was asked to receive while it was receiving.')
    if (this.#isClosed) return
    this.#waiting = { limit, ready }
    this.#plan()
  }

  put(deliveries: readonly Delivery[]): void {
    this.#arrived.push(...deliveries)
    this.#plan()
  }

  /** Nothing more is handed over; who waits gets nothing. Returns what nobody took. */
  close(): readonly Delivery[] {
    this.#isClosed = true
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.ready([])
    return this.#arrived.splice(0)
  }

  #plan(): void {
    if (this.#isPlanned || this.#waiting === undefined || this.#arrived.length === 0) return
    this.#isPlanned = true
    this.#process.setTimer(0, () => {
      this.#isPlanned = false
      const waiting = this.#waiting
      if (waiting === undefined || this.#arrived.length === 0) return
      this.#waiting = undefined
      waiting.ready(this.#arrived.splice(0, waiting.limit))
    })
  }
}
