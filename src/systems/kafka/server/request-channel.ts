import type { Connection, ConnectionHandler } from '../../../simulation/connection.ts'
import type { RequestBody, Request, Response, ResponseBody } from '../protocol.ts'
import { responseBytes } from '../protocol.ts'

/** How a request ended: with an answer, without one, or so badly that the connection is closed. */
export type Answer = ResponseBody | 'no-answer' | 'close'

/** Handles a request; `answered` is called once, now or later. What it returns is called when the client is gone. */
export type HandleRequest = (
  request: RequestBody,
  channel: RequestChannel,
  answered: (answer: Answer) => void,
) => (() => void) | undefined

/**
 * A client's connection to a broker. Requests are taken up one at a time, in order: the next one when the one before is answered. What had
 * arrived when the client was lost is done all the same.
 */
export class RequestChannel implements ConnectionHandler<Request> {
  readonly #connection: Connection<Response>
  readonly #handle: HandleRequest
  readonly #waiting: { readonly request: Request; readonly lull: number }[] = []
  #lull = 0
  #busy = false
  #looping = false
  #closed = false
  #abandon: (() => void) | undefined

  constructor(connection: Connection<Response>, handle: HandleRequest) {
    this.#connection = connection
    this.#handle = handle
  }

  /** The node at the other end. */
  get peerName(): string {
    return this.#connection.peerName
  }

  /** Whether nothing is in the way between the client and this broker, and nothing has been since the client sent what is being handled. */
  get isWell(): boolean {
    return this.#connection.isWell && this.#connection.process.lull === this.#lull
  }

  received(request: Request): void {
    const lull = this.#connection.sentInLull
    if (this.#busy || this.#looping) this.#waiting.push({ request, lull })
    else this.#begin(request, lull)
    this.#next()
  }

  closed(): void {
    this.#closed = true
    this.#abandon?.()
    this.#busy = false
    this.#next()
  }

  #next(): void {
    if (this.#looping) return
    this.#looping = true
    while (!this.#busy) {
      const next = this.#waiting.shift()
      if (next === undefined) break
      this.#lull = next.lull
      this.#take(next.request)
    }
    this.#looping = false
  }

  /** Takes up what nothing waits before. */
  #begin(request: Request, lull: number): void {
    this.#looping = true
    this.#lull = lull
    this.#take(request)
    this.#looping = false
  }

  #take({ number, body }: Request): void {
    this.#busy = true
    this.#abandon = undefined
    const abandon = this.#handle(body, this, (answer) => this.#answer(number, answer))
    // An answer may have come inside of the call; a client that is gone waits for none.
    if (this.#closed) this.#busy = false
    else if (this.#busy) this.#abandon = abandon
  }

  #answer(number: number, answer: Answer): void {
    if (this.#closed) return
    this.#busy = false
    this.#abandon = undefined
    if (answer === 'close') {
      this.#closed = true
      this.#waiting.length = 0
      this.#connection.close()
    } else if (answer !== 'no-answer') {
      this.#connection.send({ number, body: answer }, { bytes: responseBytes(answer), about: answer.type })
    }
    this.#next()
  }
}
