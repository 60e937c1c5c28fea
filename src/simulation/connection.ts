import type { Micros } from './duration.ts'
import { minute, second } from './duration.ts'
import type { Direction } from './direction.ts'
import type { Network } from './network.ts'
import type { Process } from './process.ts'

/**
 * Why a connection is over: `refused` (nobody listens), `unreachable` (no answer to the opening), `closed` (the peer said goodbye), `reset`
 * (the peer's process is gone), `timed-out` (data stayed unacknowledged too long), `keep-alive` (the peer's host stopped answering).
 */
export type CloseReason = 'refused' | 'unreachable' | 'closed' | 'reset' | 'timed-out' | 'keep-alive'

/** What a process does about a connection. Every call is a step. */
export interface ConnectionHandler<In> {
  opened?(): void
  received(message: In): void
  /** The connection is over, and not by this side. What was in flight may or may not have been received. */
  closed?(reason: CloseReason): void
}

export interface KeepAlive {
  /** µs of silence before the first probe. Linux: `tcp_keepalive_time`, 2 h. */
  readonly idle: Micros
  /** µs between probes. Linux: `tcp_keepalive_intvl`, 75 s. */
  readonly interval: Micros
  /** Probes without an answer that end the connection. Linux: `tcp_keepalive_probes`, 9. */
  readonly probes: number
}

export interface ConnectOptions {
  /** µs that the opening may take. Linux gives up after about 127 s (`tcp_syn_retries` = 6). */
  readonly connectTimeout?: Micros
  /** µs that sent data may stay unacknowledged. Linux: about 924 s (`tcp_retries2` = 15); also `TCP_USER_TIMEOUT`. */
  readonly userTimeout?: Micros
  /** Probes of an idle connection; none by default, as in Linux. */
  readonly keepAlive?: KeepAlive
  /** Bytes that the peer may have unread before this side's sending stalls. */
  readonly window?: number
}

export const connectDefaults = {
  connectTimeout: 127 * second,
  userTimeout: 15 * minute + 24 * second,
  window: 256 * 1024,
}

export interface SendOptions {
  /** Size on the wire; it takes the link's bandwidth and the receiver's time for each byte. */
  readonly bytes: number
  /** What it is, for people. */
  readonly about: string
  /** The fact it is sent on account of, where that is not the latest of the step. */
  readonly cause?: number
}

/** One side's end of a connection that behaves like TCP: what arrives is a prefix of what was sent, in order. */
export class Connection<Out> {
  readonly number: number
  readonly process: Process
  readonly peerName: string
  readonly options: ConnectOptions
  readonly #network: Network
  #outgoing: Direction | undefined
  #handler: ConnectionHandler<unknown> | undefined
  #state: 'opening' | 'open' | 'over' = 'opening'
  #reading = true
  #unread: { readonly message: unknown; readonly bytes: number }[] = []
  #unreadBytes = 0
  #lastHeard: Micros

  constructor(network: Network, number: number, process: Process, peerName: string, options: ConnectOptions) {
    this.#network = network
    this.number = number
    this.process = process
    this.peerName = peerName
    this.options = options
    this.#lastHeard = process.now
    process.attach(this)
  }

  get state(): 'opening' | 'open' | 'over' {
    return this.#state
  }

  /** Bytes sent that the peer's host has not taken yet: a program that looks at it can stop before the socket would block. */
  get unsentBytes(): number {
    return this.#outgoing?.queuedBytes ?? 0
  }

  /** When anything last arrived from the peer, µs. */
  get lastHeard(): Micros {
    return this.#lastHeard
  }

  /** Sends a message; it leaves at the end of the step. On a connection that is over it goes nowhere, silently, as a write to a dead socket may. */
  send(message: Out, options: SendOptions): void {
    const cause = options.cause ?? this.#network.cause
    this.process.leaveAfterStep({
      leave: () => {
        if (this.#state !== 'over') this.#outgoing?.transmit(message, options.bytes, options.about, cause)
      },
    })
  }

  /** Says goodbye: what was sent before still arrives. The handler hears nothing more. */
  close(): void {
    this.process.leaveAfterStep({ leave: () => this.#end('closed') })
  }

  /** Leaves what arrives in the socket until {@link resumeReading}; when the window is full, the peer's sending stalls. */
  pauseReading(): void {
    this.#reading = false
  }

  resumeReading(): void {
    if (this.#reading) return
    this.#reading = true
    const unread = this.#unread.splice(0)
    this.#unreadBytes = 0
    for (const { message, bytes } of unread) this.#hand(message, bytes)
    this.#outgoing?.opposite.windowOpened()
  }

  // What follows is for the network.

  /** Whether the receiver's socket has room. */
  get hasRoom(): boolean {
    return this.#unreadBytes < (this.options.window ?? connectDefaults.window)
  }

  established(outgoing: Direction, handler: ConnectionHandler<unknown>): void {
    this.#outgoing = outgoing
    this.#handler = handler
  }

  opened(): void {
    if (this.#state !== 'opening') return
    this.#state = 'open'
    this.#lastHeard = this.process.now
    this.#outgoing?.begin()
    this.process.input(0, () => this.#handler?.opened?.(), this)
  }

  /** Data reached the host. */
  arrived(message: unknown, bytes: number): void {
    this.opened()
    this.#lastHeard = this.process.now
    if (this.#reading) this.#hand(message, bytes)
    else {
      this.#unread.push({ message, bytes })
      this.#unreadBytes += bytes
    }
  }

  /** The connection ended, and this side learns of it now. */
  over(reason: CloseReason): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.#outgoing?.drop(reason)
    this.process.detach(this)
    this.#network.recordClosed(this, reason)
    this.process.input(0, () => this.#handler?.closed?.(reason), this)
  }

  /** The process died; its kernel resets or closes the connection, or is dead too and says nothing. */
  processEnded(ending: 'reset' | 'silence' | 'close'): void {
    if (ending === 'silence') {
      this.#state = 'over'
      this.#outgoing?.powerLost()
    } else this.#end(ending === 'close' ? 'closed' : 'reset')
  }

  #end(ends: 'closed' | 'reset'): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.process.detach(this)
    this.#outgoing?.finish(ends)
  }

  #hand(message: unknown, bytes: number): void {
    this.process.input(
      bytes,
      () => {
        if (this.#state !== 'over' || !this.#closedHere) this.#handler?.received(message)
      },
      this,
    )
  }

  /** A side that said goodbye itself wants to hear nothing more; one that was cut off still reads what had arrived. */
  get #closedHere(): boolean {
    return this.#outgoing?.finished ?? false
  }
}
