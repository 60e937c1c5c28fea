import type { Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import { lastOf } from '../../../simulation/lulls.ts'
import type { Process } from '../../../simulation/process.ts'
import { takeOut } from '../../../simulation/take-out.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { SdkValues } from '../options/client-table.ts'
import type { Answer, Call, Request } from '../protocol.ts'
import { actionOf, callBytes, endpointPort } from '../protocol.ts'

/**
 * Sockets of Node's agent are probed after a second of silence, each second, ten times: a host that is gone is noticed after eleven seconds, also
 * where no call has a time-out (https://nodejs.org/api/net.html#socketsetkeepaliveenable-initialdelay).
 */
const keepAlive = { idle: second, interval: second, probes: 10 }

/** How an attempt ended. `sent` says whether the service may have heard of it. */
export type Exchanged =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly sent: boolean; readonly isTimeout: boolean; readonly reason: string }

interface Exchange {
  readonly call: Call
  readonly id: string
  readonly ended: (end: Exchanged) => void
  timer: Timer | undefined
  leaveLull: (() => void) | undefined
  isOver: boolean
}

interface Socket {
  readonly connection: Connection<Request>
  isOpen: boolean
  exchange: Exchange | undefined
}

/** Connections to the endpoint as HTTP/1.1 has them: each carries one call at a time and is used again; further calls wait for one. */
export class HttpPool {
  readonly #process: Process
  readonly #endpoint: string
  readonly #values: SdkValues
  readonly #sockets: Socket[] = []
  readonly #waiting: Exchange[] = []

  constructor(process: Process, endpoint: string, values: SdkValues) {
    this.#process = process
    this.#endpoint = endpoint
    this.#values = values
  }

  /** Makes one attempt. `ended` hears once how it went, never inside this call. What comes back gives it up: then nobody hears of it. */
  exchange(call: Call, id: string, ended: (end: Exchanged) => void): () => void {
    const exchange: Exchange = { call, id, ended, timer: undefined, leaveLull: undefined, isOver: false }
    this.#waiting.push(exchange)
    this.#serve()
    return () => this.#abort(exchange)
  }

  close(): void {
    for (const { connection } of this.#sockets) connection.close()
    this.#sockets.length = 0
  }

  #serve(): void {
    while (this.#waiting.length > 0) {
      const idle = this.#sockets.find((socket) => socket.exchange === undefined)
      if (idle === undefined && this.#sockets.length >= this.#values.maxSockets) return
      const [exchange] = this.#waiting.splice(0, 1)
      if (exchange === undefined) return
      const socket = idle ?? this.#open(exchange)
      socket.exchange = exchange
      if (socket.isOpen) this.#write(socket, exchange)
    }
  }

  #open(exchange: Exchange): Socket {
    const { connectionTimeout } = this.#values
    const options = connectionTimeout === null ? { keepAlive } : { keepAlive, connectTimeout: connectionTimeout }
    const connection = this.#process.connect<Request, Answer>(
      this.#endpoint,
      endpointPort,
      {
        opened: () => {
          socket.isOpen = true
          if (socket.exchange !== undefined) this.#write(socket, socket.exchange)
        },
        received: (answer) => this.#received(socket, answer),
        closed: (reason) => this.#lost(socket, reason),
      },
      options,
    )
    const socket: Socket = { connection, isOpen: false, exchange }
    this.#sockets.push(socket)
    return socket
  }

  #write(socket: Socket, exchange: Exchange): void {
    const { connection } = socket
    const { call, id } = exchange
    const rests = call.type === 'ReceiveMessage' && call.mayRest && connection.isWell
    this.#watch(socket, exchange, rests)
    const sent = call.type === 'ReceiveMessage' ? { ...call, mayRest: rests } : call
    connection.send({ call: sent, id }, { bytes: callBytes(call), about: actionOf(call) })
  }

  /** A poll that may rest has no deadline until something gets in its way; then it has that of the last poll that there would have been. */
  #watch(socket: Socket, exchange: Exchange, rests: boolean): void {
    const timeout = this.#values.requestTimeout
    if (timeout === null) return
    const begun = this.#process.now
    const set = (delay: Micros): void => {
      exchange.timer = this.#process.setTimer(delay, () => this.#timedOut(socket), this.#endpoint)
    }
    if (!rests || exchange.call.type !== 'ReceiveMessage') {
      set(timeout)
      return
    }
    const rhythm = exchange.call.waitTime ?? exchange.call.again
    exchange.leaveLull = this.#process.beginLull(() => {
      exchange.leaveLull = undefined
      set(lastOf(begun, Math.max(1, rhythm), this.#process.now) + timeout - this.#process.now)
    })
  }

  #received(socket: Socket, answer: Answer): void {
    const { exchange } = socket
    socket.exchange = undefined
    if (exchange !== undefined) this.#end(exchange, { kind: 'answer', answer })
    this.#serve()
  }

  #lost(socket: Socket, reason: string): void {
    takeOut(this.#sockets, socket)
    const { exchange, isOpen } = socket
    if (exchange !== undefined)
      this.#end(exchange, { kind: 'failed', sent: isOpen, isTimeout: false, reason: `connection ${reason}` })
    this.#serve()
  }

  #timedOut(socket: Socket): void {
    const { exchange } = socket
    this.#drop(socket)
    if (exchange !== undefined)
      this.#end(exchange, { kind: 'failed', sent: true, isTimeout: true, reason: 'no answer in time' })
    this.#serve()
  }

  #abort(exchange: Exchange): void {
    exchange.isOver = true
    takeOut(this.#waiting, exchange)
    const socket = this.#sockets.find((each) => each.exchange === exchange)
    if (socket === undefined) return
    exchange.timer?.clear()
    exchange.leaveLull?.()
    this.#drop(socket)
  }

  /** A call cannot be taken back, only its connection. */
  #drop(socket: Socket): void {
    socket.connection.close()
    takeOut(this.#sockets, socket)
  }

  #end(exchange: Exchange, end: Exchanged): void {
    if (exchange.isOver) return
    exchange.isOver = true
    exchange.timer?.clear()
    exchange.leaveLull?.()
    exchange.ended(end)
  }
}
