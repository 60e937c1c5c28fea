import type { CloseReason, Connection } from '../../simulation/connection.ts'
import type { Micros } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { Program } from '../program.ts'
import { perform } from '../program.ts'

/** `unsent`: nobody was there to hear it. `unknown`: it may have been heard, and done. */
export type Answer<Reply> =
  | { readonly kind: 'answered'; readonly reply: Reply }
  | { readonly kind: 'unsent'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string }

/** What travels: replies say which request they answer. */
export interface Numbered<T> {
  readonly number: number
  readonly body: T
}

/**
 * Requests and replies over one connection to a node, which is opened when it is needed. A request that is not answered in time gives the
 * connection up, as clients do that cannot tell whether it still works.
 */
export class RequestClient<Request, Reply> {
  readonly #process: Process
  readonly #node: string
  readonly #port: string
  readonly #timeout: Micros
  readonly #waiting = new Map<number, (answer: Answer<Reply>) => void>()
  #connection: Connection<Numbered<Request>> | undefined
  #requests = 0

  constructor(process: Process, node: string, port: string, timeout: Micros) {
    this.#process = process
    this.#node = node
    this.#port = port
    this.#timeout = timeout
  }

  /** Asks; `what` names the operation for people and for faults. */
  ask(what: string, body: Request, bytes = 128): Program<Answer<Reply>> {
    return perform(`${what} ${this.#node}`, (resume) => {
      const number = ++this.#requests
      const timer = this.#process.setTimer(this.#timeout, () => this.#timedOut(number), this.#node)
      this.#waiting.set(number, (answer) => {
        timer.clear()
        resume(answer)
      })
      this.#open().send({ number, body }, { bytes, about: what })
    })
  }

  #open(): Connection<Numbered<Request>> {
    this.#connection ??= this.#process.connect<Numbered<Request>, Numbered<Reply>>(
      this.#node,
      this.#port,
      {
        received: ({ number, body }) => this.#answer(number, { kind: 'answered', reply: body }),
        closed: (reason) => this.#closed(reason),
      },
      { connectTimeout: this.#timeout },
    )
    return this.#connection
  }

  #timedOut(number: number): void {
    this.#connection?.close()
    this.#connection = undefined
    this.#answer(number, { kind: 'unknown', reason: 'time-out' })
    this.#answerAll({ kind: 'unknown', reason: 'connection given up' })
  }

  #closed(reason: CloseReason): void {
    this.#connection = undefined
    this.#answerAll({ kind: reason === 'refused' || reason === 'unreachable' ? 'unsent' : 'unknown', reason })
  }

  #answerAll(answer: Answer<Reply>): void {
    for (const number of [...this.#waiting.keys()]) this.#answer(number, answer)
  }

  #answer(number: number, answer: Answer<Reply>): void {
    const waiting = this.#waiting.get(number)
    this.#waiting.delete(number)
    waiting?.(answer)
  }
}
