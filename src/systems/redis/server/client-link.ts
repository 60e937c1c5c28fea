import type { CloseReason, Connection, ConnectionHandler } from '../../../simulation/connection.ts'
import type { Timer } from '../../../simulation/timer.ts'
import { replyBytes } from '../core/wire-reply.ts'
import type { Answer, Request } from '../protocol.ts'
import { frameBytes } from '../protocol.ts'
import { OutputBuffer } from './output-buffer.ts'
import type { RedisServer } from './redis-server.ts'

/** One who is connected to a server: a client, a replica or a Sentinel. */
export class ClientLink implements ConnectionHandler<Request> {
  readonly number: number
  readonly connection: Connection<Answer>
  readonly #server: RedisServer
  readonly #output: OutputBuffer
  /** What it asked for while it is blocked. */
  readonly later: Request[] = []
  isBlocked = false
  kind: 'normal' | 'subscriber' | 'replica' = 'normal'
  /** The end of the time that it wants to be blocked. */
  timer: Timer | undefined
  /** How far the history was after the last command of its own that counts: what `WAIT` waits for (`woff`). */
  lastOffset = 0
  isOver = false

  constructor(number: number, connection: Connection<Answer>, server: RedisServer) {
    this.number = number
    this.connection = connection
    this.#server = server
    this.#output = new OutputBuffer(server.process, connection, () => server.limitReached(this))
  }

  get name(): string {
    return this.connection.peerName
  }

  get waitingCount(): number {
    return this.#output.waitingCount
  }

  received(request: Request): void {
    this.#server.receive(this, request)
  }

  closed(_reason: CloseReason): void {
    this.#server.gone(this)
  }

  write(answer: Answer): void {
    if (this.isOver) return
    const { pubsubLimit, replicaLimit } = this.#server.settings
    const limit = { normal: noLimit, subscriber: pubsubLimit, replica: replicaLimit }[this.kind]
    this.#output.write(answer, answerBytes(answer), limit)
  }

  /** The server ends the connection. */
  end(): void {
    this.over()
    this.connection.close()
  }

  over(): void {
    this.isOver = true
    this.timer?.clear()
    this.#output.close()
  }
}

const noLimit = { hard: Infinity, soft: Infinity, softFor: 0 }

function answerBytes(answer: Answer): number {
  switch (answer.type) {
    case 'FULLRESYNC':
      return frameBytes + answer.snapshot.bytes
    case 'STREAM':
      return answer.bytes
    case 'info':
    case 'CONTINUE':
      return frameBytes
    default:
      return frameBytes + replyBytes(answer)
  }
}
