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

/** How often a client looks whether it has heard anything, and how many times in a row it must not have, by parts of the time-out. */
const watches = {
  /** A read that takes a quarter of the time-out is a miss; it bears eight. */
  java: { parts: 4, misses: 9 },
  /** Two whole intervals without anything. */
  amqplib: { parts: 1, misses: 2 },
} as const

/**
 * Both halves of a client's heartbeat: something is sent at least once in half a time-out, and the connection is given up when nothing was
 * heard for about twice that time. A process that was frozen finds what arrived meanwhile before it looks.
 */
export class Heartbeat {
  readonly #options: HeartbeatOptions
  #sent = false
  #heardAt: Micros
  #beatTimer: Timer | undefined
  #watchTimer: Timer | undefined

  constructor(options: HeartbeatOptions) {
    this.#options = options
    this.#heardAt = options.process.now
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
    const { process, peer, timeout, client } = this.#options
    const { parts, misses } = watches[client]
    const limit = Math.floor((timeout * misses) / parts)
    const wait = this.#heardAt + limit - process.now
    this.#watchTimer = process.setTimer(
      wait,
      () => {
        if (process.now - this.#heardAt < limit) this.#watchLater()
        // What waits in the socket is read first.
        else this.#watchTimer = process.setTimer(0, () => this.#look(limit), peer)
      },
      peer,
    )
  }

  #look(limit: Micros): void {
    if (this.#options.process.now - this.#heardAt >= limit) this.#options.missed()
    else this.#watchLater()
  }
}
