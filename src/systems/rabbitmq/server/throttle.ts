import type { Connection } from '../../../simulation/connection.ts'
import type { Process } from '../../../simulation/process.ts'
import { connectionBlocked, connectionUnblocked } from '../facts.ts'
import type { ServerFrame } from '../protocol.ts'
import type { BlockReason } from './alarms.ts'
import type { Heartbeats } from './heartbeats.ts'

export interface ThrottledConnection {
  readonly connection: Connection<ServerFrame>
  readonly heartbeats: Heartbeats
  /** Whether the client wants to be told: capability `connection.blocked`. */
  readonly wantsNotice: boolean
  send(frame: ServerFrame): void
  /** It may be read from again. */
  unblocked(): void
}

/**
 * Stops reading from a connection that publishes while there is a reason to. A connection that only consumes is never blocked; one that
 * published before is blocked with its next publish: when the broker has read the head of that message, and not its body.
 */
export class Throttle {
  readonly #process: Process
  readonly #target: ThrottledConnection
  #reasons: ReadonlySet<BlockReason> = new Set()
  #hasPublished = false
  #blocked = false
  #noticeSent = false

  constructor(process: Process, target: ThrottledConnection) {
    this.#process = process
    this.#target = target
  }

  get isBlocked(): boolean {
    return this.#blocked
  }

  /** The connection began to publish something while `reasons` hold. */
  publishes(reasons: ReadonlySet<BlockReason>): void {
    if (reasons.size === 0) return
    this.#hasPublished = true
    this.reasonsAre(reasons)
  }

  reasonsAre(reasons: ReadonlySet<BlockReason>): void {
    this.#reasons = new Set(reasons)
    const blocks = this.#hasPublished && reasons.size > 0
    if (blocks && !this.#blocked) this.#block()
    if (!blocks && this.#blocked) this.#unblock()
    this.#giveNotice()
  }

  get #alarms(): readonly BlockReason[] {
    return [...this.#reasons].filter((reason) => reason !== 'flow')
  }

  #block(): void {
    this.#blocked = true
    this.#target.connection.pauseReading()
    this.#target.heartbeats.pauseWatching()
    const client = this.#target.connection.peerName
    this.#process.record(connectionBlocked, { client, reason: [...this.#reasons].join(' and ') })
  }

  #unblock(): void {
    this.#blocked = false
    this.#hasPublished = false
    this.#target.connection.resumeReading()
    this.#target.heartbeats.resumeWatching()
    this.#target.unblocked()
    this.#process.record(connectionUnblocked, { client: this.#target.connection.peerName })
  }

  #giveNotice(): void {
    const due = this.#blocked && this.#alarms.length > 0
    if (due === this.#noticeSent || !this.#target.wantsNotice) return
    this.#noticeSent = due
    const reason = `low on ${this.#alarms.join(' & ')}`
    this.#target.send(due ? { type: 'connection-blocked', reason } : { type: 'connection-unblocked' })
  }
}
