import type { Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { lastOf } from '../../../simulation/lulls.ts'
import type { Process } from '../../../simulation/process.ts'
import { takeOut } from '../../../simulation/take-out.ts'
import type { Timer } from '../../../simulation/timer.ts'
import { retryBackoff } from '../core/producer/retry-backoff.ts'
import type { Backoff } from '../core/producer/retry-backoff.ts'
import type { Request, RequestBody, Response, ResponseBody, ResponseTo } from '../protocol.ts'
import { brokerPort, requestBytes } from '../protocol.ts'

/** `send.buffer.bytes` of every client: what a socket takes before a write has to wait. */
const sendBufferBytes = 131_072

export interface LinkSettings {
  /** `request.timeout.ms`, µs. */
  readonly requestTimeout: Micros
  /** What a request that is not answered in time does: Java closes the connection, kafkajs only stops waiting for it. */
  readonly afterTimeout: 'close' | 'forget'
  /** `socket.connection.setup.timeout.ms`, µs. */
  readonly connectTimeout: Micros
  /** `reconnect.backoff.ms` and `reconnect.backoff.max.ms`, µs. */
  readonly reconnectBackoff: Backoff
  /** `connections.max.idle.ms`, µs. */
  readonly maxIdle: Micros
}

/** Hears that requests can go out now, or that the connection is gone. */
export type LinkListener = (change: 'opened' | 'lost') => void

/** What became of a request: the answer; or there is none, and it had left or not. */
export type Answer<R extends RequestBody> = ResponseTo<R> | 'no-answer' | 'not-sent'

interface InFlight {
  readonly number: number
  readonly body: RequestBody
  deadline: Micros
  /** Forgets the lull in which its deadline is put off. */
  leaveLull: (() => void) | undefined
  readonly answered: (answer: ResponseBody | 'no-answer' | 'not-sent') => void
  sent: boolean
}

/**
 * A client's connection to one broker, opened when it is asked for and again after a back-off when it was lost. Requests go out in order and
 * are answered in order. One that is not answered in time may close the connection, and with it everything that was in flight there: the
 * broker may still carry it out.
 */
export class BrokerLink {
  readonly node: string
  readonly #process: Process
  readonly #settings: LinkSettings
  readonly #changed: LinkListener
  /** In the order of asking. They are few: a list costs less than a map. */
  #inFlight: InFlight[] = []
  #connection: Connection<Request> | undefined
  #connected = false
  #failures = 0
  #mayConnectAt: Micros = 0
  #numbers = 0
  #timeoutTimer: Timer | undefined
  #watchedFor: Micros = 0
  #connectTimer: Timer | undefined
  #lastUsed: Micros = 0

  constructor(process: Process, node: string, settings: LinkSettings, changed: LinkListener) {
    this.#process = process
    this.node = node
    this.#settings = settings
    this.#changed = changed
  }

  get connected(): boolean {
    return this.#connected
  }

  get connecting(): boolean {
    return this.#connection !== undefined && !this.#connected
  }

  /** Before this moment the client does not try to connect again. */
  get mayConnectAt(): Micros {
    return this.#mayConnectAt
  }

  /** Whether nothing is in the way of asking the broker and being answered. */
  get isWell(): boolean {
    return this.#connected && this.#connection?.isWell === true
  }

  /** Requests without an answer. */
  get inFlight(): number {
    return this.#inFlight.length
  }

  /** Whether the socket takes another request. */
  get writable(): boolean {
    return this.#connected && (this.#connection?.unsentBytes ?? 0) < sendBufferBytes
  }

  /** Begins to connect, unless it is connected, about to be, or backing off. */
  connect(): void {
    this.#closeIfIdle()
    if (this.#connection === undefined && this.#process.now >= this.#mayConnectAt) this.#open()
  }

  /** Asks as soon as there is a connection. `answered` hears once what came of it, never inside this call. */
  request<R extends RequestBody>(
    body: R,
    answered: (answer: Answer<R>) => void,
    timeout = this.#settings.requestTimeout,
  ): void {
    const number = ++this.#numbers
    const hear = (answer: ResponseBody | 'no-answer' | 'not-sent'): void => answered(answerTo(body, answer))
    const deadline = this.#process.now + timeout
    const inFlight: InFlight = { number, body, deadline, leaveLull: undefined, answered: hear, sent: false }
    this.#closeIfIdle()
    // What is asked behind a poll is answered when that has come back, so it may not rest any longer.
    if (this.#hasRestingPoll) this.#process.endLulls()
    this.#inFlight.push(inFlight)
    if (this.#connected) this.#write(inFlight)
    else this.#connectInTime()
    if (body.type === 'fetch' && body.asksForAll && this.isWell) this.#rest(inFlight, body.maxWait, timeout)
    else this.#watch(inFlight.deadline)
  }

  /** Writes a request that has no answer; only on an open connection. */
  post(body: RequestBody): void {
    this.#lastUsed = this.#process.now
    this.#connection?.send({ number: ++this.#numbers, body }, { bytes: requestBytes(body), about: body.type })
  }

  /** Closes the connection; nobody hears anything any more. */
  close(): void {
    this.#takeAll()
    this.#timeoutTimer?.clear()
    this.#connectTimer?.clear()
    this.#connection?.close()
    this.#connection = undefined
    this.#connected = false
  }

  #connectInTime(): void {
    const wait = this.#mayConnectAt - this.#process.now
    if (wait <= 0) this.connect()
    else this.#connectTimer ??= this.#process.setTimer(wait, () => this.#connectDue())
  }

  #connectDue(): void {
    this.#connectTimer = undefined
    if (this.#inFlight.length > 0) this.connect()
  }

  /** Clients close connections that were not used for long; it is looked at when they are to be used again. */
  #closeIfIdle(): void {
    const idle = this.#process.now - this.#lastUsed
    if (!this.#connected || this.#inFlight.length > 0 || idle < this.#settings.maxIdle) return
    this.#connection?.close()
    this.#connection = undefined
    this.#connected = false
  }

  #open(): void {
    const connection = this.#process.connect<Request, Response>(
      this.node,
      brokerPort,
      {
        opened: () => this.#opened(connection),
        received: (response) => this.#received(response),
        closed: () => {
          if (connection === this.#connection) this.#lost()
        },
      },
      { connectTimeout: this.#settings.connectTimeout },
    )
    this.#connection = connection
  }

  #opened(connection: Connection<Request>): void {
    if (connection !== this.#connection) return
    this.#connected = true
    this.#failures = 0
    this.#lastUsed = this.#process.now
    for (const inFlight of this.#inFlight) this.#write(inFlight)
    this.#changed('opened')
  }

  #write(inFlight: InFlight): void {
    const { body, number } = inFlight
    inFlight.sent = true
    this.#lastUsed = this.#process.now
    this.#connection?.send({ number, body }, { bytes: requestBytes(body), about: body.type })
  }

  #received({ number, body }: Response): void {
    const inFlight = this.#inFlight.find((each) => each.number === number)
    if (inFlight !== undefined) takeOut(this.#inFlight, inFlight)
    this.#lastUsed = this.#process.now
    inFlight?.leaveLull?.()
    inFlight?.answered(body)
  }

  #lost(): void {
    this.#connection = undefined
    this.#connected = false
    this.#failures += 1
    const draw = this.#process.random.fork(`reconnect/${this.node}/${this.#failures}`).next()
    this.#mayConnectAt = this.#process.now + retryBackoff(this.#failures, this.#settings.reconnectBackoff, draw)
    for (const { answered, sent } of this.#takeAll()) answered(sent ? 'no-answer' : 'not-sent')
    this.#changed('lost')
  }

  #takeAll(): readonly InFlight[] {
    const all = this.#inFlight
    this.#inFlight = []
    for (const { leaveLull } of all) leaveLull?.()
    return all
  }

  get #hasRestingPoll(): boolean {
    for (const { leaveLull } of this.#inFlight) if (leaveLull !== undefined) return true
    return false
  }

  /** A poll that finds nothing comes back and is asked again, in vain; its deadline counts from when it would have been asked last. */
  #rest(inFlight: InFlight, interval: Micros, timeout: Micros): void {
    const { now } = this.#process
    inFlight.deadline = Infinity
    inFlight.leaveLull = this.#process.beginLull(() => {
      inFlight.leaveLull = undefined
      inFlight.deadline = lastOf(now, interval, this.#process.now) + timeout
      this.#watch(inFlight.deadline)
    })
  }

  /** One timer for all: it looks again when it was too early. */
  #watch(deadline: Micros): void {
    if (this.#timeoutTimer !== undefined && this.#watchedFor <= deadline) return
    this.#timeoutTimer?.clear()
    this.#watchedFor = deadline
    this.#timeoutTimer = this.#process.setTimer(deadline - this.#process.now, () => this.#timeoutDue(), this.node)
  }

  #timeoutDue(): void {
    this.#timeoutTimer = undefined
    let next = Infinity
    for (const { deadline } of this.#inFlight) next = Math.min(next, deadline)
    if (next === Infinity) return
    if (next > this.#process.now) {
      this.#watch(next)
      return
    }
    if (this.#settings.afterTimeout === 'forget') this.#forgetLate()
    else {
      this.#connection?.close()
      this.#lost()
    }
  }

  /** Nobody waits for these any more; the connection stays. */
  #forgetLate(): void {
    const { now } = this.#process
    const late = this.#inFlight.filter(({ deadline }) => deadline <= now)
    this.#inFlight = this.#inFlight.filter(({ deadline }) => deadline > now)
    for (const { answered, sent } of late) answered(sent ? 'no-answer' : 'not-sent')
    let next = Infinity
    for (const { deadline } of this.#inFlight) next = Math.min(next, deadline)
    if (next < Infinity) this.#watch(next)
  }
}

function answerTo<R extends RequestBody>(body: R, answer: ResponseBody | 'no-answer' | 'not-sent'): Answer<R> {
  if (typeof answer === 'string') return answer
  if (isResponseTo(body, answer)) return answer
  throw new Error(`Kafka model: a ${body.type} request was answered by ${answer.type}`)
}

function isResponseTo<R extends RequestBody>(body: R, answer: ResponseBody): answer is ResponseTo<R> {
  return body.type === answer.type
}
