import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'

export interface HeartbeatEvents {
  /** Nothing was sent for half the time-out. */
  send(): void
  /** The peer is taken for dead. */
  missed(): void
}

/**
 * The heartbeats of one side of a connection. It sends one for every half time-out in which it sent nothing else, and looks once each time-out
 * whether anything came; the second look in vain ends the connection, so that it takes two to three time-outs, as in the server.
 */
export class Heartbeats {
  readonly #process: Process
  readonly #peer: string
  readonly #half: Micros
  readonly #events: HeartbeatEvents
  #timer: Timer | undefined
  #sent = false
  #heard = false
  #silentLooks = 0
  #watching = true
  #looksNext = false

  /** @param timeout µs; 0 for no heartbeats at all. */
  constructor(process: Process, peer: string, timeout: Micros, events: HeartbeatEvents) {
    this.#process = process
    this.#peer = peer
    this.#half = Math.floor(timeout / 2)
    this.#events = events
    if (this.#half > 0) this.#again()
  }

  sent(): void {
    this.#sent = true
  }

  heard(): void {
    this.#heard = true
  }

  /** A side that does not read cannot tell whether its peer is silent. */
  pauseWatching(): void {
    this.#watching = false
  }

  resumeWatching(): void {
    this.#watching = true
    this.#heard = true
    this.#silentLooks = 0
  }

  stop(): void {
    this.#timer?.clear()
  }

  #again(): void {
    this.#timer = this.#process.setTimer(this.#half, () => this.#due(), this.#peer)
  }

  #due(): void {
    this.#again()
    if (!this.#sent) this.#events.send()
    this.#sent = false
    this.#looksNext = !this.#looksNext
    if (!this.#looksNext) this.#look()
  }

  #look(): void {
    if (!this.#watching) return
    this.#silentLooks = this.#heard ? 0 : this.#silentLooks + 1
    this.#heard = false
    if (this.#silentLooks > 1) this.#events.missed()
  }
}
