import type { Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Answer, Request, ServerInformation } from '../protocol.ts'
import { frameBytes, serverPort } from '../protocol.ts'

/** A server as a Sentinel sees it: when it last answered, and what it said of itself. */
export class WatchedServer {
  readonly name: string
  readonly #process: Process
  readonly #changed: () => void
  #connection: Connection<Request> | undefined
  #isOpen = false
  #answeredAt: Micros
  #pingedAt: Micros | undefined
  information: ServerInformation | undefined
  informedAt: Micros = -Infinity
  #sameRoleSince: Micros = 0
  /** Since when it is known as what it says it is, though it should be something else. */
  wrongSince: Micros | undefined

  constructor(process: Process, name: string, changed: () => void) {
    this.#process = process
    this.name = name
    this.#changed = changed
    this.#answeredAt = process.now
    this.#connect()
  }

  get isWell(): boolean {
    return this.#isOpen && this.#pingedAt === undefined && this.#connection?.isWell === true
  }

  get isConnected(): boolean {
    return this.#isOpen
  }

  /** Whether it has left an unanswered question, or no connection, for longer than that. */
  isSilentFor(limit: Micros): boolean {
    const since = this.#pingedAt ?? (this.#isOpen ? undefined : this.#answeredAt)
    return since !== undefined && this.#process.now - since > limit
  }

  /** Whether it has said for longer than that that it is a replica. */
  isReplicaFor(limit: Micros): boolean {
    return this.information?.role === 'replica' && this.#process.now - this.#sameRoleSince > limit
  }

  /** Its answers were left out while nothing could go wrong: the last one is not long ago. */
  hasRested(): void {
    this.#answeredAt = this.#process.now
    this.informedAt = this.#process.now
  }

  /** Asks how it is. `INFO` serves as the ping too. */
  ask(): void {
    if (!this.#isOpen) return
    this.#pingedAt ??= this.#process.now
    this.tell({ type: 'INFO' })
  }

  tell(request: Request): void {
    if (this.#isOpen) this.#connection?.send(request, { bytes: frameBytes, about: request.type })
  }

  /** A connection that leaves questions unanswered for half of the limit is opened anew. */
  renew(limit: Micros): void {
    if (this.#pingedAt === undefined || this.#process.now - this.#pingedAt < limit / 2 || !this.#isOpen) return
    this.#connection?.close()
    this.#isOpen = false
    this.#connect()
  }

  #connect(): void {
    this.#connection = this.#process.connect<Request, Answer>(
      this.name,
      serverPort,
      {
        opened: () => {
          this.#isOpen = true
          this.ask()
        },
        received: (answer) => this.#received(answer),
        closed: () => {
          this.#isOpen = false
          this.#process.setTimer(second, () => this.#connect(), this.name)
        },
      },
      { connectTimeout: 2 * second },
    )
  }

  #received(answer: Answer): void {
    if (answer.type !== 'info') return
    this.#answeredAt = this.#process.now
    this.#pingedAt = undefined
    if (this.information?.role !== answer.role) this.#sameRoleSince = this.#process.now
    this.information = answer
    this.informedAt = this.#process.now
    this.#changed()
  }
}
