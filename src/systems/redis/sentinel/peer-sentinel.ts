import type { Connection } from '../../../simulation/connection.ts'
import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { SentinelAnswer, SentinelRequest } from '../protocol.ts'
import { frameBytes, sentinelPort } from '../protocol.ts'

/** Another Sentinel, as one sees it. */
export class PeerSentinel {
  readonly name: string
  readonly #process: Process
  readonly #received: (answer: SentinelAnswer) => void
  #connection: Connection<SentinelRequest> | undefined
  #isOpen = false
  /** Whether it has been told over this connection what this Sentinel knows. */
  #isInformed = false
  /** What it last said about the master, and whom it voted for. */
  saysDown = false
  saidAt = -Infinity
  vote: { readonly epoch: number; readonly leader: string } | undefined

  constructor(process: Process, name: string, received: (peer: PeerSentinel, answer: SentinelAnswer) => void) {
    this.#process = process
    this.name = name
    this.#received = (answer) => received(this, answer)
    this.#connect()
  }

  get isWell(): boolean {
    return this.#isOpen && this.#isInformed && this.#connection?.isWell === true
  }

  tell(request: SentinelRequest): void {
    if (!this.#isOpen) return
    this.#connection?.send(request, { bytes: frameBytes, about: request.type })
    if (request.type === 'HELLO') this.#isInformed = true
  }

  #connect(): void {
    this.#connection = this.#process.connect<SentinelRequest, SentinelAnswer>(
      this.name,
      sentinelPort,
      {
        opened: () => (this.#isOpen = true),
        received: (answer) => this.#received(answer),
        closed: () => {
          this.#isOpen = false
          this.#isInformed = false
          this.#process.setTimer(second, () => this.#connect(), this.name)
        },
      },
      { connectTimeout: 2 * second, userTimeout: 5 * second },
    )
  }
}
