import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'

export interface HeartbeatOptions {
  readonly process: Process
  /** The node on the other side. */
  readonly peer: string
  /** The time-out that both sides agreed on, µs. */
  readonly timeout: Micros
  readonly client: 'java' | 'amqplib'
  readonly beat: () => void
  readonly missed: () => void
}

/**
 * Both halves of a client's heartbeat: something is sent at least once in half a time-out, and the connection is given up when nothing was
 * heard for about twice that time. A process that was frozen finds what arrived meanwhile before it looks.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  readonly #begun: Micros
  #sent = false
  #heardAt: Micros
  #beatTimer: Timer | undefined
  #watchTimer: Timer | undefined

  constructor(options: HeartbeatOptions) {
    this.#options = options
    this.#begun = options.process.now
    this.#heardAt = this.#begun
    if (options.timeout === 0) return
    this.#beatLater()
    this.#watchLater()
  }

  /** Something was sent: no heartbeat is needed for now. */
  sent(): void {
    this.#sent = true
  }

  heard(): void {
    this.#heardAt = this.#options.process.now
  }

  stop(): void {
    this.#beatTimer?.clear()
    this.#watchTimer?.clear()
  }

  #beatLater(): void {
    const { process, timeout } = this.#options
    this.#beatTimer = process.setTimer(Math.max(1, Math.floor(timeout / 2)), () => {
      if (!this.#sent) this.#options.beat()
      this.#sent = false
      this.#beatLater()
    })
  }

  /** One timer for all misses in a row: it comes due when they would be complete, and looks whether they are. */
  #watchLater(): void {
    const { process, peer } = this.#options
    const due = this.#givesUpAt
    this.#watchTimer = process.setTimer(
      // A process that was frozen may be late already.
      Math.max(0, due - process.now),
      () => {
        if (this.#givesUpAt > due) this.#watchLater()
        // What waits in the socket is read first.
        else this.#watchTimer = process.setTimer(0, () => this.#look(due), peer)
      },
      peer,
    )
  }

  #look(due: Micros): void {
    if (this.#givesUpAt > due) this.#watchLater()
    else this.#options.missed()
  }

  /**
   * When nothing more was heard. Java: nine reads in a row that found nothing, each for a quarter of the time-out. amqplib: it looks once in each
   * interval, and two of them have to have been silent.
   */
  get #givesUpAt(): Micros {
    const { timeout, client } = this.#options
    if (client === 'java') return this.#heardAt + Math.floor((timeout * 9) / 4)
    const intervals = Math.floor((this.#heardAt - this.#begun) / timeout)
    return this.#begun + (intervals + 3) * timeout
  }
}
