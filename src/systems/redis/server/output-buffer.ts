import type { Connection } from '../../../simulation/connection.ts'
import { millisecond } from '../../../simulation/duration.ts'
import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { Answer } from '../protocol.ts'
import type { OutputLimit } from './server-settings.ts'

/** What the kernel takes of a connection whose peer does not read, besides what the peer's own socket holds. */
const socketBytes = 128 * 1024
/** How often it is looked whether the socket has room again. */
const nextLook = 20 * millisecond

interface Written {
  readonly answer: Answer
  readonly bytes: number
}

/**
 * What a server has to say to one client and the socket does not take: it waits in the server's memory, up to a limit. The server never waits
 * for a client; one that reaches its limit is disconnected, and what waited for it is lost.
 */
export class OutputBuffer {
  readonly #process: Process
  readonly #connection: Connection<Answer>
  readonly #reached: () => void
  #waiting: Written[] = []
  #waitingBytes = 0
  #inStep = 0
  #softSince: Micros | undefined
  #timer: Timer | undefined

  constructor(process: Process, connection: Connection<Answer>, reached: () => void) {
    this.#process = process
    this.#connection = connection
    this.#reached = reached
  }

  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** How many messages wait in the server's memory. */
  get waitingCount(): number {
    return this.#waiting.length
  }

  write(answer: Answer, bytes: number, limit: OutputLimit): void {
    if (this.#waiting.length === 0 && this.#hasRoom) return this.#send({ answer, bytes })
    this.#waiting.push({ answer, bytes })
    this.#waitingBytes += bytes
    this.#look(limit)
  }

  close(): void {
    this.#timer?.clear()
    this.#waiting = []
    this.#waitingBytes = 0
  }

  get #hasRoom(): boolean {
    return this.#connection.unsentBytes + this.#inStep < socketBytes
  }

  #send({ answer, bytes }: Written): void {
    this.#connection.send(answer, { bytes, about: answer.type })
    // What a step sends is in the socket when the step is over.
    if (this.#inStep === 0) this.#process.leaveAfterStep({ leave: () => (this.#inStep = 0) })
    this.#inStep += bytes
  }

  #look(limit: OutputLimit): void {
    while (this.#waiting.length > 0 && this.#hasRoom) {
      const next = this.#waiting.shift()
      if (next === undefined) break
      this.#waitingBytes -= next.bytes
      this.#send(next)
    }
    if (this.#isBeyond(limit)) return this.#reached()
    if (this.#waiting.length > 0)
      this.#timer ??= this.#process.setTimer(nextLook, () => {
        this.#timer = undefined
        this.#look(limit)
      })
  }

  #isBeyond({ hard, soft, softFor }: OutputLimit): boolean {
    if (this.#waitingBytes > hard) return true
    if (this.#waitingBytes <= soft) this.#softSince = undefined
    else this.#softSince ??= this.#process.now
    return this.#softSince !== undefined && this.#process.now - this.#softSince > softFor
  }
}
