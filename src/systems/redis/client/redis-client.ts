import type { CloseReason, Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import { bytesOf } from '../core/bulk.ts'
import type { Reply } from '../core/reply.ts'
import type { Answer, Request } from '../protocol.ts'
import { frameBytes, serverPort } from '../protocol.ts'
import type { ClientPolicy } from './client-policy.ts'
import { findMaster } from './find-master.ts'

/**
 * How a command ended. `unsent`: it never left. `unknown`: it did, and nobody knows more. `isAgain`: what is answered was written before over a
 * connection that is gone, and may have been obeyed then.
 */
export type CallEnd =
  | { readonly outcome: 'answered'; readonly reply: Reply; readonly isAgain: boolean }
  | { readonly outcome: 'unsent' | 'unknown'; readonly reason: string }

export interface ClientEvents {
  /** A connection is there, for the first time or again; what is asked for now is written before what waits. */
  ready?(): void
  /** Something came that nobody had asked for: a message of a channel. */
  pushed?(reply: Reply): void
  lost?(): void
}

/** Where to find the server: by name, or by asking Sentinels. */
export interface Whereabouts {
  readonly server: string
  readonly sentinels: readonly string[]
}

interface Pending {
  readonly request: Request
  readonly ended: (end: CallEnd) => void
  readonly blocks: boolean
  /** How often it was written, and how often there was no connection for it. */
  tries: number
  failures: number
  isOver: boolean
  timer: Timer | undefined
}

/** A client's connection to the master. Answers come in the order of what was asked for. */
export class RedisClient {
  readonly process: Process
  readonly #whereabouts: Whereabouts
  readonly #policy: ClientPolicy
  readonly #events: ClientEvents
  #connection: Connection<Request> | undefined
  /** Whom it talks to, or waits to hear from. */
  #server: string
  #isReady = false
  #written: Pending[] = []
  #queue: Pending[] = []
  #attempts = 0
  #timer: Timer | undefined
  #closing: (() => void) | undefined
  #isClosed = false

  constructor(process: Process, whereabouts: Whereabouts, policy: ClientPolicy, events: ClientEvents = {}) {
    this.process = process
    this.#whereabouts = whereabouts
    this.#policy = policy
    this.#events = events
    this.#server = whereabouts.sentinels[0] ?? whereabouts.server
    this.#look()
  }

  get isReady(): boolean {
    return this.#isReady
  }

  get readsAhead(): boolean {
    return this.#policy.readsAhead
  }

  /** Asks the server; `ended` hears once how it went, and never inside this call. `blocks`: the answer may take as long as it likes. */
  call(request: Request, ended: (end: CallEnd) => void, blocks = false): void {
    const pending: Pending = { request, ended, blocks, tries: 0, failures: 0, isOver: false, timer: undefined }
    if (this.#isClosed || (!this.#isReady && !this.#policy.waitsForConnection)) {
      this.process.setTimer(0, () => ended({ outcome: 'unsent', reason: 'there is no connection' }))
      return
    }
    const { commandTimeout } = this.#policy
    if (!blocks && commandTimeout < Infinity)
      pending.timer = this.process.setTimer(commandTimeout, () => this.#timedOut(pending), this.#server)
    this.#queue.push(pending)
    this.#writeQueue()
  }

  pauseReading(): void {
    this.#connection?.pauseReading()
  }

  resumeReading(): void {
    this.#connection?.resumeReading()
  }

  /** Says goodbye when all that was asked for is answered. */
  close(done: () => void): void {
    this.#closing = done
    this.process.setTimer(0, () => this.#closeIfIdle())
  }

  /** Ends the connection at once, whatever waits for an answer. */
  abandon(): void {
    this.#isClosed = true
    for (const pending of [...this.#written, ...this.#queue]) {
      pending.isOver = true
      pending.timer?.clear()
    }
    this.#written = []
    this.#queue = []
    this.#disconnect()
  }

  #look(): void {
    const { server, sentinels } = this.#whereabouts
    if (sentinels.length === 0) return this.#connect(server)
    findMaster(this.process, sentinels, (master) => {
      if (this.#isClosed) return
      if (master === undefined) this.#failed()
      else this.#connect(master)
    })
  }

  #connect(server: string): void {
    this.#server = server
    const { connectTimeout, keepAliveAfter } = this.#policy
    const keepAlive =
      keepAliveAfter === undefined ? undefined : { idle: keepAliveAfter, interval: 1_000_000, probes: 10 }
    const connection = this.process.connect<Request, Answer>(
      server,
      serverPort,
      {
        opened: () => this.#opened(),
        received: (answer) => this.#received(answer),
        closed: (reason) => this.#lost(reason),
      },
      { connectTimeout, ...(keepAlive === undefined ? {} : { keepAlive }) },
    )
    this.#connection = connection
  }

  /** Who was told by a Sentinel looks first whether it is true. */
  #opened(): void {
    if (this.#whereabouts.sentinels.length === 0) return this.#ready()
    this.#connection?.send({ type: 'INFO' }, { bytes: frameBytes, about: 'INFO' })
  }

  #ready(): void {
    this.#attempts = 0
    this.#isReady = true
    this.#events.ready?.()
    this.#writeQueue()
  }

  #received(answer: Answer): void {
    switch (answer.type) {
      case 'info':
        if (answer.role === 'master') return this.#ready()
        this.#connection?.close()
        return this.#lost('closed')
      case 'message':
        return this.#events.pushed?.(answer)
      case 'CONTINUE':
      case 'FULLRESYNC':
      case 'STREAM':
        return
      default: {
        const pending = this.#written.shift()
        if (pending !== undefined)
          this.#end(pending, { outcome: 'answered', reply: answer, isAgain: pending.tries > 1 })
        this.#writeQueue()
      }
    }
  }

  #lost(reason: CloseReason): void {
    const wasReady = this.#isReady
    this.#isReady = false
    this.#connection = undefined
    const written = this.#written.filter(({ isOver }) => !isOver)
    this.#written = []
    if (this.#policy.afterLoss === 'write-again') this.#queue.unshift(...written)
    else for (const pending of written) this.#end(pending, { outcome: 'unknown', reason: `connection ${reason}` })
    this.#failed()
    if (wasReady) this.#events.lost?.()
  }

  /** There is no connection: another attempt follows, and perhaps an end for those who wait. */
  #failed(): void {
    if (this.#isClosed) return
    this.#attempts++
    const delay: Micros = this.#policy.delay(this.#attempts, this.process.random)
    this.#timer = this.process.setTimer(delay, () => this.#look(), this.#server)
    if (this.#attempts % this.#policy.attempts === 0) this.#failAll('no connection after several attempts')
    const [head] = this.#queue
    if (!this.#policy.isSerial || head === undefined || ++head.failures <= this.#policy.retries) return
    this.#queue.shift()
    this.#fail(head, 'no connection after several attempts')
  }

  #failAll(reason: string): void {
    for (const pending of this.#queue.splice(0)) this.#fail(pending, reason)
  }

  #fail(pending: Pending, reason: string): void {
    this.#end(pending, { outcome: pending.tries > 0 ? 'unknown' : 'unsent', reason })
  }

  #writeQueue(): void {
    while (this.#isReady && this.#queue.length > 0 && !(this.#policy.isSerial && this.#written.length > 0)) {
      const pending = this.#queue.shift()
      if (pending === undefined || pending.isOver) continue
      pending.tries++
      this.#written.push(pending)
      this.#connection?.send(pending.request, { bytes: requestBytes(pending.request), about: pending.request.type })
    }
  }

  #timedOut(pending: Pending): void {
    this.#fail(pending, 'no answer in time')
  }

  #end(pending: Pending, end: CallEnd): void {
    if (pending.isOver) return
    pending.isOver = true
    pending.timer?.clear()
    // Inside of a call nobody is called back.
    pending.ended(end)
    this.#closeIfIdle()
  }

  #closeIfIdle(): void {
    const done = this.#closing
    const isIdle = [...this.#written, ...this.#queue].every(({ isOver }) => isOver)
    if (done === undefined || !isIdle) return
    this.#closing = undefined
    this.#isClosed = true
    this.#disconnect()
    done()
  }

  #disconnect(): void {
    this.#timer?.clear()
    this.#connection?.close()
    this.#connection = undefined
    this.#isReady = false
  }
}

function requestBytes(request: Request): number {
  if (request.type === 'XADD') return request.fields.reduce((sum, bulk) => sum + bytesOf(bulk), frameBytes)
  if (request.type === 'LPUSH' || request.type === 'RPUSH')
    return request.values.reduce((sum, bulk) => sum + bytesOf(bulk), frameBytes)
  return request.type === 'PUBLISH' ? frameBytes + bytesOf(request.message) : frameBytes
}
