import type { Process } from '../../../simulation/process.ts'
import type { AcknowledgeOutcome, Consumer, Delivery } from '../../system.ts'

type Done = (outcome: AcknowledgeOutcome) => void

/**
 * The direct replies to a process. They come on the channels on which its requests went out, without acknowledgements: what came to a channel that
 * is gone, came to nobody.
 */
export class DirectReplies implements Consumer {
  readonly #process: Process
  #buffer: Delivery[] = []
  #waiting: { readonly limit: number; readonly ready: (deliveries: readonly Delivery[]) => void } | undefined
  #isClosed = false

  constructor(process: Process) {
    this.#process = process
  }

  get alive(): boolean {
    return this.#process.alive
  }

  /** Replies that nobody has taken. */
  get held(): number {
    return this.#process.alive ? this.#buffer.length : 0
  }

  /** A channel got one. */
  hear(reply: Delivery): void {
    this.#buffer.push(reply)
    this.#handOn()
  }

  receive(limit: number, ready: (deliveries: readonly Delivery[]) => void): void {
    if (this.#waiting !== undefined) throw new Error('A consumer was asked to receive while it was receiving.')
    if (this.#isClosed) return
    this.#waiting = { limit, ready }
    if (this.#buffer.length > 0) this.#process.setTimer(0, () => this.#handOn())
  }

  acknowledge(_deliveries: readonly Delivery[], done: Done): void {
    this.#tell(done, 'acknowledged')
  }

  /** There is no queue that it could go back to. */
  reject(_delivery: Delivery, _how: 'again' | 'discard', done: Done): void {
    this.#tell(done, 'refused')
  }

  extend(_delivery: Delivery, _duration: number, done: Done): void {
    this.#tell(done, 'acknowledged')
  }

  close(done: () => void): void {
    this.#isClosed = true
    this.#buffer = []
    this.#process.setTimer(0, () => {
      const waiting = this.#waiting
      this.#waiting = undefined
      waiting?.ready([])
      done()
    })
  }

  #handOn(): void {
    const waiting = this.#waiting
    if (waiting === undefined || this.#buffer.length === 0) return
    this.#waiting = undefined
    waiting.ready(this.#buffer.splice(0, waiting.limit))
  }

  #tell(done: Done, outcome: AcknowledgeOutcome): void {
    this.#process.setTimer(0, () => done(outcome))
  }
}
