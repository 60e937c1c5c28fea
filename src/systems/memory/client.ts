import type { CloseReason, Connection } from '../../simulation/connection.ts'
import type { Micros } from '../../simulation/duration.ts'
import type { Process } from '../../simulation/process.ts'
import type { Timer } from '../../simulation/timer.ts'
import type { ConnectionSettings } from './options.ts'
import type { Command, HandedMessage, Reply, Request } from './protocol.ts'
import { brokerPort, commandBytes, noAnswer } from './protocol.ts'

/** How a request ended. `written`: it went out, and no answer was wanted. `unsent`: it never went out. `unknown`: it did, and that is all. */
export interface RequestEnd {
  readonly outcome: 'taken' | 'refused' | 'written' | 'unsent' | 'unknown'
  readonly reason: string
}

export interface ClientEvents {
  /** A connection is there, for the first time or again; what is asked of the broker now goes out before anything that waited. */
  connected(): void
  received(messages: readonly HandedMessage[]): void
}

interface Pending {
  readonly command: Command
  readonly wantsAnswer: boolean
  readonly deadline: Micros
  readonly ended: (end: RequestEnd) => void
  sent: boolean
}

/** A client's way to the broker: keeps a connection open, writes requests in order and brings their answers, or says that there is none. */
export class BrokerClient {
  readonly #process: Process
  readonly #broker: string
  readonly #settings: ConnectionSettings
  readonly #events: ClientEvents
  readonly #pending = new Map<number, Pending>()
  #connection: Connection<Request> | undefined
  #connected = false
  #backOff: Micros
  #numbers = noAnswer
  #deadlineTimer: Timer | undefined
  #reconnectTimer: Timer | undefined
  #closing: (() => void) | undefined

  constructor(process: Process, broker: string, settings: ConnectionSettings, events: ClientEvents) {
    this.#process = process
    this.#broker = broker
    this.#settings = settings
    this.#events = events
    this.#backOff = settings['reconnect-after']
    this.#connect()
  }

  get closing(): boolean {
    return this.#closing !== undefined
  }

  /** Asks, as soon as there is a connection. `ended` hears once how it went, within the time-out, and never inside this call. */
  request(command: Command, ended: (end: RequestEnd) => void, wantsAnswer = true): void {
    const number = ++this.#numbers
    const deadline = this.#process.now + this.#settings.timeout
    const pending: Pending = { command, wantsAnswer, deadline, ended, sent: false }
    this.#pending.set(number, pending)
    if (this.#connected) this.#write(number, pending)
    if (this.#pending.has(number)) this.#watchDeadline(deadline)
  }

  /** Writes a command that has no answer, if there is a connection; whoever posts does so again when there is a new one. */
  post(command: Command): void {
    if (this.#connected) this.#put({ number: noAnswer, command })
  }

  /** Waits until every request has ended, then says goodbye. */
  close(done: () => void): void {
    this.#closing = done
    this.#process.setTimer(0, () => this.#closeIfIdle())
  }

  #connect(): void {
    const limit = this.#settings['connection-timeout']
    // Probes begin after half the silence that is borne, and three of them fill the rest.
    const keepAlive = { idle: Math.floor(limit / 2), interval: Math.floor(limit / 6), probes: 3 }
    this.#connection = this.#process.connect<Request, Reply>(
      this.#broker,
      brokerPort,
      {
        opened: () => this.#opened(),
        received: (reply) => this.#received(reply),
        closed: (reason) => this.#lost(reason),
      },
      { connectTimeout: limit, userTimeout: limit, keepAlive },
    )
  }

  #opened(): void {
    this.#connected = true
    this.#backOff = this.#settings['reconnect-after']
    this.#events.connected()
    for (const [number, pending] of this.#pending) if (!pending.sent) this.#write(number, pending)
  }

  #received(reply: Reply): void {
    if (reply.type === 'messages') this.#events.received(reply.messages)
    else this.#settle(reply.number, { outcome: reply.taken ? 'taken' : 'refused', reason: reply.reason })
  }

  /** What was written is unknown now; what was not waits for the next connection. */
  #lost(reason: CloseReason): void {
    this.#connected = false
    this.#reconnectTimer = this.#process.setTimer(this.#backOff, () => this.#connect(), this.#broker)
    this.#backOff = Math.min(this.#settings['reconnect-at-most'], this.#backOff * 2)
    for (const [number, { sent }] of [...this.#pending]) {
      if (sent) this.#settle(number, { outcome: 'unknown', reason: `connection ${reason}` })
    }
  }

  #write(number: number, pending: Pending): void {
    pending.sent = true
    this.#put({ number: pending.wantsAnswer ? number : noAnswer, command: pending.command })
    if (pending.wantsAnswer) return
    this.#pending.delete(number)
    this.#process.setTimer(0, () => this.#end(pending, { outcome: 'written', reason: '' }))
  }

  #put(request: Request): void {
    this.#connection?.send(request, { bytes: commandBytes(request.command), about: request.command.type })
  }

  #settle(number: number, end: RequestEnd): void {
    const pending = this.#pending.get(number)
    if (pending === undefined) return
    this.#pending.delete(number)
    this.#end(pending, end)
  }

  #end(pending: Pending, end: RequestEnd): void {
    pending.ended(end)
    this.#closeIfIdle()
  }

  /** One timer for all: every request waits equally long, so the oldest is due first. */
  #watchDeadline(deadline: Micros): void {
    this.#deadlineTimer ??= this.#process.setTimer(
      deadline - this.#process.now,
      () => this.#deadlineDue(),
      this.#broker,
    )
  }

  #deadlineDue(): void {
    this.#deadlineTimer = undefined
    for (const [number, { deadline, sent }] of this.#pending) {
      if (deadline > this.#process.now) {
        this.#watchDeadline(deadline)
        return
      }
      this.#settle(number, { outcome: sent ? 'unknown' : 'unsent', reason: sent ? 'no answer' : 'no connection' })
    }
  }

  #closeIfIdle(): void {
    const done = this.#closing
    if (done === undefined || this.#pending.size > 0 || this.#connection === undefined) return
    this.#deadlineTimer?.clear()
    this.#reconnectTimer?.clear()
    this.#connection.close()
    this.#connection = undefined
    this.#connected = false
    done()
  }
}
