import type { KeepAlive } from './connect-options.ts'
import type { Connection } from './connection.ts'
import type { Direction } from './direction.ts'
import type { Micros } from './duration.ts'
import type { Engine } from './engine.ts'
import type { EventTarget } from './event-queue.ts'
import { lastOf } from './lulls.ts'

const probeDue = 9

/** Probes an idle connection, so that its side notices a host that is gone. While nothing is in their way, probes rest. */
export class KeepAliveProbe implements EventTarget {
  readonly number: number
  readonly #engine: Engine
  readonly #connection: Connection<unknown>
  readonly #outgoing: Direction
  readonly #keepAlive: KeepAlive
  #unanswered = 0

  constructor(engine: Engine, connection: Connection<unknown>, outgoing: Direction, keepAlive: KeepAlive) {
    this.number = connection.process.node.number
    this.#engine = engine
    this.#connection = connection
    this.#outgoing = outgoing
    this.#keepAlive = keepAlive
  }

  begin(): void {
    this.#later(this.#keepAlive.idle)
  }

  occur(): void {
    if (this.#connection.state !== 'open') return
    const { idle, interval, probes } = this.#keepAlive
    const idleFor = this.#engine.now - this.#connection.lastHeard
    if (idleFor < idle) this.#heardAgain(idle - idleFor)
    else if (this.#outgoing.answered) this.#answered()
    else if (this.#unanswered >= probes) this.#connection.over('keep-alive')
    else {
      this.#unanswered++
      this.#later(interval)
    }
  }

  #answered(): void {
    if (this.#outgoing.forgottenByPeer) this.#connection.over('reset')
    else if (this.#connection.isWell) this.#rest()
    else this.#heardAgain(this.#keepAlive.idle)
  }

  /** The next probe is the one that comes after the last that would have been answered. */
  #rest(): void {
    const { idle } = this.#keepAlive
    const begun = this.#engine.now
    this.#unanswered = 0
    this.#connection.process.beginLull(() =>
      this.#later(lastOf(begun, idle, this.#engine.now) + idle - this.#engine.now),
    )
  }

  #heardAgain(nextProbe: Micros): void {
    this.#unanswered = 0
    this.#later(nextProbe)
  }

  #later(delay: Micros): void {
    this.#engine.schedule(delay, this, probeDue, undefined)
  }
}
