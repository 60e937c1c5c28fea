import type { Connection } from '../../src/simulation/connection.ts'
import type { Micros } from '../../src/simulation/duration.ts'
import { millisecond } from '../../src/simulation/duration.ts'
import type { Process } from '../../src/simulation/process.ts'

/*
 * Calls and their answers over one connection, for products that are only doubles: a client calls, a server answers at once or later.
 */

interface Call<C> {
  readonly number: number
  readonly command: C
}

interface Answer<A> {
  readonly number: number
  readonly answer: A
}

const port = 'stub'
const pauseBeforeReconnect = 100 * millisecond

/** What the server does about a call. It answers when it likes; `peer` is the same for all calls of one connection. */
export type Serve<C, A> = (command: C, answer: (answer: A) => void, peer: object) => void

export function serve<C, A>(process: Process, act: Serve<C, A>, peerGone: (peer: object) => void): void {
  process.listen<Answer<A>, Call<C>>(port, (connection) => ({
    received: ({ number, command }) =>
      act(command, (answer) => connection.send({ number, answer }, { bytes: 100, about: 'answer' }), connection),
    closed: () => peerGone(connection),
  }))
}

interface Waiting<C, A> {
  readonly command: C
  readonly answered: (answer: A | undefined) => void
}

/** Calls are made again on a new connection until they are answered or their time is up: the server may see one twice. */
export class Caller<C, A> {
  readonly #process: Process
  readonly #server: string
  readonly #waiting = new Map<number, Waiting<C, A>>()
  #connection: Connection<Call<C>> | undefined
  #open = false
  #calls = 0
  #idle: (() => void) | undefined

  constructor(process: Process, server: string) {
    this.#process = process
    this.#server = server
    this.#connect()
  }

  /** `answered` hears `undefined` when there is no answer within `timeout`; without a time-out it waits for ever. */
  call(command: C, timeout: Micros | undefined, answered: (answer: A | undefined) => void): void {
    const number = ++this.#calls
    const timer =
      timeout === undefined ? undefined : this.#process.setTimer(timeout, () => this.#settle(number, undefined))
    const settled = (answer: A | undefined): void => {
      timer?.clear()
      answered(answer)
    }
    this.#waiting.set(number, { command, answered: settled })
    if (this.#open) this.#connection?.send({ number, command }, { bytes: 100, about: 'call' })
  }

  /** Closes when all calls are answered. */
  close(done: () => void): void {
    this.#idle = () => {
      this.#connection?.close()
      done()
    }
    this.#process.setTimer(0, () => this.#whenIdle())
  }

  #connect(): void {
    this.#connection = this.#process.connect<Call<C>, Answer<A>>(this.#server, port, {
      opened: () => this.#opened(),
      received: ({ number, answer }) => this.#settle(number, answer),
      closed: () => this.#lost(),
    })
  }

  #opened(): void {
    this.#open = true
    for (const [number, { command }] of this.#waiting) {
      this.#connection?.send({ number, command }, { bytes: 100, about: 'call' })
    }
  }

  #lost(): void {
    this.#open = false
    this.#process.setTimer(pauseBeforeReconnect, () => this.#connect())
  }

  #settle(number: number, answer: A | undefined): void {
    const waiting = this.#waiting.get(number)
    this.#waiting.delete(number)
    waiting?.answered(answer)
    this.#whenIdle()
  }

  #whenIdle(): void {
    if (this.#waiting.size > 0) return
    const idle = this.#idle
    this.#idle = undefined
    idle?.()
  }
}
