import type { ConnectOptions } from './connect-options.ts'
import { connectDefaults } from './connect-options.ts'
import type { Micros } from './duration.ts'
import type { Direction } from './direction.ts'
import { KeepAliveProbe } from './keep-alive.ts'
import type { Network } from './network.ts'
import type { Node } from './node.ts'
import type { Outgoing } from './outbox.ts'
import type { Process } from './process.ts'
import { Lane } from './service.ts'
import type { Task } from './work.ts'

const readOnDue = 15

/**
 * Why a connection is over: `refused` (nobody listens), `unreachable` (no answer to the opening), `closed` (the peer said goodbye), `reset`
 * (the peer's process is gone), `timed-out` (data stayed unacknowledged too long), `keep-alive` (the peer's host stopped answering).
 */
export type CloseReason = 'refused' | 'unreachable' | 'closed' | 'reset' | 'timed-out' | 'keep-alive'

/**
 * What a process does about a connection. Every call is a step. What arrived before the end is received before `closed`; on a connection that
 * is not read from, both wait until it is.
 */
export interface ConnectionHandler<In> {
  opened?(): void
  received(message: In): void
  /** The connection is over, and not by this side. What was in flight may or may not have been received. */
  closed?(reason: CloseReason): void
}

/** Called as a step for every connection that a peer opened; what it returns handles the connection. */
export type AcceptConnection<Out, In> = (connection: Connection<Out>) => ConnectionHandler<In>

/** Somebody who accepts connections to a port. */
export interface Listener {
  readonly accept: AcceptConnection<unknown, unknown>
  readonly options: ConnectOptions
}

export interface SendOptions {
  /** Size on the wire; it takes the link's bandwidth and the receiver's time for each byte. */
  readonly bytes: number
  /** What it is, for people. */
  readonly about: string
  /** The fact it is sent on account of, where that is not the latest of the step. */
  readonly cause?: number
}

type Arrival =
  | { readonly message: unknown; readonly bytes: number; readonly lull: number }
  | { readonly closed: CloseReason }

/** One side's end of a connection that behaves like TCP: what arrives is a prefix of what was sent, in order. */
export class Connection<Out> {
  readonly number: number
  readonly process: Process
  readonly peer: Node
  readonly options: ConnectOptions
  readonly #network: Network
  readonly #lane = new Lane()
  #outgoing: Direction | undefined
  #handler: ConnectionHandler<unknown> | undefined
  #accept: AcceptConnection<unknown, unknown> | undefined
  #state: 'opening' | 'open' | 'over' = 'opening'
  #reading = true
  #unread: Arrival[] = []
  #unreadBytes = 0
  #lastHeard: Micros
  #sentInLull = 0

  constructor(network: Network, number: number, process: Process, peer: Node, options: ConnectOptions) {
    this.#network = network
    this.number = number
    this.process = process
    this.peer = peer
    this.options = options
    this.#lastHeard = process.now
    process.attach(this)
  }

  get state(): 'opening' | 'open' | 'over' {
    return this.#state
  }

  get peerName(): string {
    return this.peer.name
  }

  /** Bytes sent that the peer's host has not taken yet: a program that looks at it can stop before the socket would block. */
  get unsentBytes(): number {
    return this.#outgoing?.queuedBytes ?? 0
  }

  /** Whether nothing is in the way of the two processes: until the next lull is over, a question would be answered at once. */
  get isWell(): boolean {
    return this.#state === 'open' && this.#outgoing?.isWell === true
  }

  /** Whether something is still to arrive at one of its ends, or waits here to be read. */
  get isUnderWay(): boolean {
    const outgoing = this.#outgoing
    return this.#unread.length > 0 || outgoing?.isUnderWay === true || outgoing?.wayBack?.isUnderWay === true
  }

  /** How long the next packet takes that arrives at one of its ends, µs. */
  get flight(): Micros {
    return Math.max(this.#outgoing?.flight ?? 0, this.#outgoing?.wayBack?.flight ?? 0)
  }

  /** Whether something will be tried again that can succeed then: its opening, or a packet of one of its ends. */
  get isToTryAgain(): boolean {
    const outgoing = this.#outgoing
    if (this.#state === 'opening') return outgoing?.canArrive === true
    return outgoing?.isToSendAgain === true || outgoing?.wayBack?.isToSendAgain === true
  }

  /** The number of the lull in which the message that is being received was sent. */
  get sentInLull(): number {
    return this.#sentInLull
  }

  /** When anything last arrived from the peer's host, µs. */
  get lastHeard(): Micros {
    return this.#lastHeard
  }

  /** Sends a message; it leaves at the end of the step. On a connection that is over it goes nowhere, silently, as a write to a dead socket may. */
  send(message: Out, options: SendOptions): void {
    const cause = options.cause ?? this.#network.engine.cause
    this.process.leaveAfterStep(new Sending(this, message, options, cause))
  }

  /** Says goodbye: what was sent before still arrives. The handler hears nothing more. */
  close(): void {
    this.process.leaveAfterStep({ leave: () => this.#end('closed') })
  }

  /** Leaves what arrives in the socket until {@link resumeReading}; when the window is full, the peer's sending stalls. */
  pauseReading(): void {
    this.#reading = false
  }

  /** What arrived meanwhile is received in steps of its own, after the running one. */
  resumeReading(): void {
    if (this.#reading) return
    this.#reading = true
    if (this.#unread.length === 0) return
    const target = { number: this.process.node.number, occur: () => this.#readOn() }
    this.#network.engine.schedule(0, target, readOnDue, undefined)
  }

  // What follows is for the network.

  /** Whether the receiver's socket has room. */
  get hasRoom(): boolean {
    return this.#unreadBytes < (this.options.window ?? connectDefaults.window)
  }

  /** This side asked for the connection. */
  awaitOpening(outgoing: Direction, handler: ConnectionHandler<unknown>): void {
    this.#outgoing = outgoing
    this.#handler = handler
  }

  /** This side answered the request; its program does not know yet. */
  awaitHandshake(outgoing: Direction, accept: AcceptConnection<unknown, unknown>): void {
    this.#outgoing = outgoing
    this.#accept = accept
  }

  /** The peer's host answered: the connection is open. */
  opened(): void {
    if (this.#state !== 'opening') return
    this.#network.log.opened(this)
    this.#begin(true)
    this.process.input(0, { run: () => this.#handler?.opened?.() }, this.#lane)
  }

  /** The opening is complete: the program accepts. */
  accepted(): void {
    if (this.#state !== 'opening') return
    this.#begin(false)
    this.process.input(0, { run: () => this.#takeHandler() }, this.#lane)
  }

  /** Whoever asked for the connection was gone before it was open. */
  abandon(): void {
    if (this.#state !== 'opening') return
    this.#state = 'over'
    this.process.detach(this)
  }

  transmit(message: unknown, { bytes, about }: SendOptions, cause: number): void {
    if (this.#state !== 'over') this.#outgoing?.transmit(message, bytes, about, cause)
  }

  /** Something came from the peer's host, if only an acknowledgement. */
  heard(): void {
    this.#lastHeard = this.#network.engine.now
  }

  /** Data reached the host. */
  arrived(message: unknown, bytes: number, lull: number): void {
    this.heard()
    this.#unreadBytes += bytes
    if (this.#reading && this.#unread.length === 0) this.#hand(message, bytes, lull)
    else this.#unread.push({ message, bytes, lull })
  }

  /** The connection ended, and this side learns of it now. */
  over(reason: CloseReason): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.#outgoing?.drop(`connection ${reason}`)
    this.process.detach(this)
    this.#network.log.closed(this, reason)
    if (this.#reading && this.#unread.length === 0) this.#handEnd(reason)
    else this.#unread.push({ closed: reason })
  }

  /** The process died; its kernel resets or closes the connection, or is dead too and says nothing. */
  processEnded(ending: 'reset' | 'silence' | 'close'): void {
    this.#handler = undefined
    this.#accept = undefined
    if (ending === 'silence') {
      this.#state = 'over'
      this.process.detach(this)
      this.#outgoing?.hostDied()
    } else this.#end(ending === 'close' ? 'closed' : 'reset')
  }

  doubtAcknowledgement(): void {
    this.#outgoing?.doubtAcknowledgement()
  }

  #begin(handshake: boolean): void {
    this.#state = 'open'
    this.heard()
    const outgoing = this.#outgoing
    outgoing?.begin(handshake)
    const { keepAlive } = this.options
    if (outgoing !== undefined && keepAlive !== undefined) {
      new KeepAliveProbe(this.#network.engine, this, outgoing, keepAlive).begin()
    }
  }

  #end(ends: 'closed' | 'reset'): void {
    if (this.#state === 'over') return
    this.#state = 'over'
    this.process.detach(this)
    this.#outgoing?.finish(ends)
  }

  #readOn(): void {
    while (this.#reading) {
      const arrival = this.#unread.shift()
      if (arrival === undefined) return
      if ('closed' in arrival) this.#handEnd(arrival.closed)
      else this.#hand(arrival.message, arrival.bytes, arrival.lull)
    }
  }

  #takeHandler(): void {
    this.#handler = this.#accept?.(this)
    this.#accept = undefined
  }

  #hand(message: unknown, bytes: number, lull: number): void {
    this.process.input(bytes, new Received(this, message, bytes, lull), this.#lane)
  }

  /** A message has been worked off: the handler receives it. */
  receive(message: unknown, bytes: number, lull: number): void {
    this.#sentInLull = lull
    const full = !this.hasRoom
    this.#unreadBytes -= bytes
    if (full && this.hasRoom) this.#outgoing?.opposite.roomAgain()
    // A side that said goodbye wants to hear nothing more; one that was cut off still reads what had arrived.
    if (this.#outgoing?.ending === undefined) this.#handler?.received(message)
  }

  #handEnd(reason: CloseReason): void {
    this.process.input(0, { run: () => this.#handler?.closed?.(reason) }, this.#lane)
  }
}

/** A message that has arrived and is to be received. */
class Received implements Task {
  readonly #connection: Connection<never>
  readonly #message: unknown
  readonly #bytes: number
  readonly #lull: number

  constructor(connection: Connection<never>, message: unknown, bytes: number, lull: number) {
    this.#connection = connection
    this.#message = message
    this.#bytes = bytes
    this.#lull = lull
  }

  run(): void {
    this.#connection.receive(this.#message, this.#bytes, this.#lull)
  }
}

/** A message in the outbox of a step. A class of its own: a closure for each message would cost more. */
class Sending implements Outgoing {
  readonly #connection: Connection<never>
  readonly #message: unknown
  readonly #options: SendOptions
  readonly #cause: number

  constructor(connection: Connection<never>, message: unknown, options: SendOptions, cause: number) {
    this.#connection = connection
    this.#message = message
    this.#options = options
    this.#cause = cause
  }

  leave(): void {
    this.#connection.transmit(this.#message, this.#options, this.#cause)
  }
}
