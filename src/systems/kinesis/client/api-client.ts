import type { Connection } from '../../../simulation/connection.ts'
import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { SdkSettings } from '../options/client-tables.ts'
import type { ErrorAnswer, Incoming, Numbered } from '../protocol.ts'

/** How a call ended. `mayHaveHappened`: some attempt of it, or one before the answer, may have been heard, and no answer of it came. */
export type CallEnd<A> =
  | { readonly type: 'answered'; readonly answer: A; readonly mayHaveHappened: boolean }
  | { readonly type: 'failed'; readonly reason: string; readonly mayHaveHappened: boolean }

export interface Endpoint<R, A, P> {
  readonly node: string
  readonly port: string
  bytesOf(request: R): number
  pushed?(push: P): void
  /** The connection is gone, and what the service would have pushed over it. */
  lost?(): void
  isThrottled?(answer: A): boolean
}

export interface CallOptions {
  /** How often the call is sent; by default as often as the SDK does. */
  readonly attempts?: number
  /** Whether the answer may take any time, as long as the connection is good. */
  readonly isPatient?: boolean
}

interface Call<R, A> {
  readonly request: (attempt: number) => R
  readonly about: string
  readonly attempts: number
  readonly isPatient: boolean
  readonly ended: (end: CallEnd<A>) => void
  attempt: number
  mayHaveHappened: boolean
  timer: Timer | undefined
}

/** https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html */
const longestBackoff = 20 * second

/** What the AWS SDK does: it sends a request, waits for the answer, and sends it again after a pause if it failed for a reason that may pass. */
export class ApiClient<R extends { readonly type: string }, A extends { readonly type: string } | ErrorAnswer, P> {
  readonly #process: Process
  readonly #endpoint: Endpoint<R, A, P>
  readonly #settings: SdkSettings
  readonly #waiting = new Map<number, Call<R, A>>()
  #connection: Connection<Numbered<R>> | undefined
  #numbers = 0
  #isClosed = false

  constructor(process: Process, endpoint: Endpoint<R, A, P>, settings: SdkSettings) {
    this.#process = process
    this.#endpoint = endpoint
    this.#settings = settings
  }

  /** Asks; `ended` hears once how it went, and never inside this call. */
  call(request: (attempt: number) => R, ended: (end: CallEnd<A>) => void, options: CallOptions = {}): void {
    const { attempts = this.#settings.max_attempts, isPatient = false } = options
    const about = request(1).type
    this.#send({ request, about, attempts, isPatient, ended, attempt: 0, mayHaveHappened: false, timer: undefined })
  }

  /** Says something that has no answer, if there is a connection. */
  post(request: R): void {
    if (this.#connection !== undefined) this.#write(this.#connection, 0, request)
  }

  /** Says goodbye; what was not answered never is. */
  close(): void {
    this.#isClosed = true
    for (const { timer } of this.#waiting.values()) timer?.clear()
    this.#waiting.clear()
    this.#connection?.close()
    this.#connection = undefined
  }

  #send(call: Call<R, A>): void {
    if (this.#isClosed) return
    const number = ++this.#numbers
    call.attempt++
    this.#waiting.set(number, call)
    if (!call.isPatient)
      call.timer = this.#process.setTimer(this.#settings.readTimeout, () => this.#timedOut(number), this.#endpoint.node)
    this.#connection ??= this.#connect()
    this.#write(this.#connection, number, call.request(call.attempt))
  }

  #write(connection: Connection<Numbered<R>>, number: number, body: R): void {
    connection.send({ number, body }, { bytes: this.#endpoint.bytesOf(body), about: body.type })
  }

  #connect(): Connection<Numbered<R>> {
    const { connectionTimeout, readTimeout } = this.#settings
    // Probes begin after half the silence that is borne, and three of them fill the rest.
    const interval = Math.max(1, Math.floor(readTimeout / 6))
    const connection: Connection<Numbered<R>> = this.#process.connect<Numbered<R>, Incoming<A, P>>(
      this.#endpoint.node,
      this.#endpoint.port,
      {
        received: (incoming) => this.#received(incoming),
        closed: (reason) => this.#lost(connection, `connection ${reason}`),
      },
      {
        connectTimeout: connectionTimeout,
        userTimeout: readTimeout,
        keepAlive: { idle: Math.max(1, Math.floor(readTimeout / 2)), interval, probes: 3 },
      },
    )
    return connection
  }

  #received(incoming: Incoming<A, P>): void {
    if ('push' in incoming) {
      this.#endpoint.pushed?.(incoming.push)
      return
    }
    const call = this.#take(incoming.number)
    if (call === undefined) return
    const { body } = incoming
    if (this.#endpoint.isThrottled?.(body) !== true || call.attempt >= call.attempts)
      call.ended({ type: 'answered', answer: body, mayHaveHappened: call.mayHaveHappened })
    else this.#sendAgainLater(call)
  }

  /** The connection is of no use any more; what else waits on it fails with it. */
  #timedOut(number: number): void {
    const connection = this.#connection
    if (connection === undefined) this.#fail(number, 'no answer')
    else {
      connection.close()
      this.#lost(connection, 'no answer')
    }
  }

  #lost(connection: Connection<Numbered<R>>, reason: string): void {
    if (this.#connection !== connection) return
    this.#connection = undefined
    const wasHeard = reason !== 'connection refused' && reason !== 'connection unreachable'
    for (const [number, call] of [...this.#waiting]) {
      call.mayHaveHappened ||= wasHeard
      this.#fail(number, reason)
    }
    this.#endpoint.lost?.()
  }

  #fail(number: number, reason: string): void {
    const call = this.#take(number)
    if (call === undefined) return
    if (call.attempt < call.attempts) this.#sendAgainLater(call)
    else call.ended({ type: 'failed', reason, mayHaveHappened: call.mayHaveHappened })
  }

  #sendAgainLater(call: Call<R, A>): void {
    const longest = Math.min(longestBackoff, second * 2 ** (call.attempt - 1))
    this.#process.setTimer(Math.floor(longest * this.#process.random.next()), () => this.#send(call))
  }

  #take(number: number): Call<R, A> | undefined {
    const call = this.#waiting.get(number)
    this.#waiting.delete(number)
    call?.timer?.clear()
    return call
  }
}
