import { retransmissionBackOff } from './back-off.ts'
import type { Direction } from './direction.ts'
import type { Micros } from './duration.ts'
import type { Engine } from './engine.ts'
import type { EventTarget } from './event-queue.ts'

const acknowledgementDue = 2

/**
 * What arrived, but whose acknowledgement did not come back: the sender goes on sending it, the receiver's host throws it away each time,
 * until an answer gets through or the sender gives up. Nothing is scheduled as long as acknowledgements get through.
 */
export class AcknowledgementWatch implements EventTarget {
  readonly number: number
  readonly #engine: Engine
  readonly #direction: Direction
  #since: Micros | undefined
  #attempts = 0

  constructor(engine: Engine, direction: Direction) {
    this.number = direction.number
    this.#engine = engine
    this.#direction = direction
  }

  begin(): void {
    if (this.#since !== undefined) return
    this.#since = this.#engine.now
    this.#attempts = 0
    this.#later()
  }

  occur(): void {
    const direction = this.#direction
    const since = this.#since
    if (since === undefined || direction.sender.state === 'over') return
    if (direction.answered) {
      this.#since = undefined
      if (direction.forgottenByPeer) direction.sender.over('reset')
    } else if (this.#engine.now - since > direction.patience) direction.giveUp(since)
    else this.#later()
  }

  #later(): void {
    this.#engine.schedule(retransmissionBackOff(this.#attempts++), this, acknowledgementDue, undefined)
  }
}
