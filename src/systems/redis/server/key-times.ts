import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { ServerCore } from '../core/server-core.ts'

/** Wakes a server when the first of its keys expires, or an entry has been pending for as long as a blocked reader waits for. */
export class KeyTimes {
  readonly #process: Process
  readonly #core: ServerCore
  readonly #due: () => void
  #planned: { readonly at: number; readonly timer: Timer } | undefined

  constructor(process: Process, core: ServerCore, due: () => void) {
    this.#process = process
    this.#core = core
    this.#due = due
  }

  look(): void {
    const at = this.#core.role === 'replica' ? Infinity : Math.min(this.#core.nextExpiry, this.#core.nextClaim)
    if (at === Infinity || (this.#planned !== undefined && this.#planned.at <= at)) return
    this.#planned?.timer.clear()
    const delay = Math.max(1000, at * 1000 - this.#process.wallClock)
    const timer = this.#process.setTimer(delay, () => {
      this.#planned = undefined
      this.#due()
    })
    this.#planned = { at, timer }
  }
}
