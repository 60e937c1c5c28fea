import type { CloseReason, Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import { lastOf } from '../../../simulation/lulls.ts'
import type { Process } from '../../../simulation/process.ts'
import { takeOut } from '../../../simulation/take-out.ts'
import type { Timer } from '../../../simulation/timer.ts'

/** `socket.connection.setup.timeout.ms`. */
const connectTimeout = 10 * second

/** What a server of the cluster says to another one: bodies with numbers, answered by number. */
export interface Numbered<Body> {
  readonly number: number
  readonly body: Body
}

export interface RpcOptions<RequestBody> {
  readonly node: string
  readonly port: string
  bytesOf(body: RequestBody): number
}

interface Pending<ResponseBody> {
  readonly number: number
  readonly answered: (response: ResponseBody | undefined) => void
  timer: Timer | undefined
  leaveLull: (() => void) | undefined
}

/**
 * A server's way to another server: one connection, opened when it is needed. A request that is not answered in time closes it, and everything
 * that waits on it is told that there is no answer; whether it had an effect is unknown.
 */
export class RpcClient<RequestBody extends { readonly type: string }, ResponseBody> {
  readonly node: string
  readonly #process: Process
  readonly #options: RpcOptions<RequestBody>
  /** In the order of asking. They are few: a list costs less than a map. */
  #pending: Pending<ResponseBody>[] = []
  #connection: Connection<Numbered<RequestBody>> | undefined
  #numbers = 0

  constructor(process: Process, options: RpcOptions<RequestBody>) {
    this.#process = process
    this.#options = options
    this.node = options.node
  }

  /**
   * Asks; `answered` hears the answer, or `undefined` when there is none within `timeout` µs. Never inside this call. A poll is answered in vain
   * every `interval` and asked again, which may be left out while all is well: the time-out counts from when it would have been asked last.
   */
  request(
    body: RequestBody,
    timeout: Micros,
    answered: (response: ResponseBody | undefined) => void,
    interval = Infinity,
  ): void {
    const connection = this.#connection ?? this.#connect()
    const number = ++this.#numbers
    const pending: Pending<ResponseBody> = { number, answered, timer: undefined, leaveLull: undefined }
    if (interval < Infinity && connection.isWell) this.#rest(pending, timeout, interval)
    else if (timeout < Infinity) pending.timer = this.#timeOutIn(timeout)
    this.#pending.push(pending)
    connection.send({ number, body }, { bytes: this.#options.bytesOf(body), about: body.type })
  }

  /** Whether there is a connection, and nothing is in the way. */
  get isWell(): boolean {
    return this.#connection?.isWell === true
  }

  /** Gives the connection up: everything that waits on it has no answer. */
  reset(): void {
    this.#connection?.close()
    this.#lost()
  }

  /** Closes the connection; nobody hears anything any more. */
  close(): void {
    for (const pending of this.#pending) settle(pending)
    this.#pending = []
    this.#connection?.close()
    this.#connection = undefined
  }

  #rest(pending: Pending<ResponseBody>, timeout: Micros, interval: Micros): void {
    const { now } = this.#process
    pending.leaveLull = this.#process.beginLull(() => {
      pending.timer = this.#timeOutIn(lastOf(now, interval, this.#process.now) + timeout - this.#process.now)
    })
  }

  #timeOutIn(delay: Micros): Timer {
    return this.#process.setTimer(delay, () => this.reset(), this.#options.node)
  }

  #connect(): Connection<Numbered<RequestBody>> {
    const { node, port } = this.#options
    const connection = this.#process.connect<Numbered<RequestBody>, Numbered<ResponseBody>>(
      node,
      port,
      {
        received: (response) => this.#received(response),
        closed: (reason) => this.#closed(connection, reason),
      },
      { connectTimeout },
    )
    this.#connection = connection
    return connection
  }

  #received({ number, body }: Numbered<ResponseBody>): void {
    const pending = this.#pending.find((each) => each.number === number)
    if (pending === undefined) return
    takeOut(this.#pending, pending)
    settle(pending)
    pending.answered(body)
  }

  #closed(connection: Connection<Numbered<RequestBody>>, _reason: CloseReason): void {
    if (connection === this.#connection) this.#lost()
  }

  #lost(): void {
    this.#connection = undefined
    const lost = this.#pending
    this.#pending = []
    for (const pending of lost) {
      settle(pending)
      pending.answered(undefined)
    }
  }
}

function settle({
  timer,
  leaveLull,
}: {
  readonly timer: Timer | undefined
  readonly leaveLull: (() => void) | undefined
}): void {
  timer?.clear()
  leaveLull?.()
}
