import type { Connection } from './connection.ts'
import { connectDefaults } from './connection.ts'
import type { Micros } from './duration.ts'
import { millisecond, second } from './duration.ts'
import type { EventTarget } from './event-queue.ts'
import type { Link } from './link.ts'
import type { Network } from './network.ts'
import type { Packet } from './packet.ts'

const headDue = 1
const acknowledgementDue = 2
const resetDue = 3

/** First retransmission after this; Linux never waits less (`TCP_RTO_MIN`). Doubled each time up to {@link longestBackOff}. */
const firstBackOff: Micros = 200 * millisecond
const longestBackOff: Micros = 120 * second

/**
 * One direction of a connection. Packets arrive in the order of sending; one that is lost is sent again with growing pauses, and those behind
 * it wait. One event is scheduled at a time: that of the packet at the head.
 */
export class Direction implements EventTarget {
  readonly number: number
  readonly sender: Connection<unknown>
  readonly #network: Network
  readonly #link: Link
  readonly #streams: ReturnType<Link['openStreams']>
  #queue: Packet[] = []
  #head = 0
  #queuedBytes = 0
  #lastArrival: Micros = 0
  #begun = false
  #stalledByWindow = false
  #unacknowledgedSince: Micros | undefined
  #acknowledgementAttempts = 0
  #opposite: Direction | undefined
  #receiver: Connection<unknown> | undefined
  finished = false

  constructor(network: Network, sender: Connection<unknown>, link: Link) {
    this.#network = network
    this.sender = sender
    this.number = sender.process.node.number
    this.#link = link
    this.#streams = link.openStreams()
  }

  /** The way back. Both exist from the moment the peer accepts. */
  get opposite(): Direction {
    if (this.#opposite === undefined) throw new Error('This connection was used before its peer accepted it.')
    return this.#opposite
  }

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  /** Latency of an opening or a reset on this way; draws from the same stream as the packets. */
  drawLatency(): Micros {
    return this.#link.drawLatency(this.#streams.latency)
  }

  pairWith(opposite: Direction): void {
    this.#opposite = opposite
    this.#receiver = opposite.sender
  }

  /** The connection is open: what was sent before goes now. */
  begin(): void {
    this.#begun = true
    for (let place = this.#head; place < this.#queue.length; place++) {
      const packet = this.#queue[place]
      if (packet !== undefined) this.#depart(packet)
    }
    this.#scheduleHead()
  }

  transmit(message: unknown, bytes: number, about: string, cause: number): void {
    this.#enqueue(message, bytes, about, cause, undefined)
  }

  /** The sender will send no more: says so behind what it has sent. */
  finish(ends: 'closed' | 'reset'): void {
    this.finished = true
    if (this.#begun) this.#enqueue(undefined, 0, ends === 'reset' ? 'reset' : 'close', this.#network.cause, ends)
  }

  /** The sending host is dead: only what is on the wire goes on. */
  powerLost(): void {
    const wire: Packet[] = []
    for (let place = this.#head; place < this.#queue.length; place++) {
      const packet = this.#queue[place]
      if (packet === undefined || packet.doomed || packet.attempts > 0) break
      wire.push(packet)
    }
    this.#queue = wire
    this.#head = 0
    this.finished = true
  }

  /** The sender gave up: what has not arrived never will. */
  drop(reason: string): void {
    for (let place = this.#head; place < this.#queue.length; place++) {
      const packet = this.#queue[place]
      if (packet !== undefined) this.#network.recordLost(this.sender, packet, reason)
    }
    this.#queue = []
    this.#head = 0
    this.#queuedBytes = 0
  }

  windowOpened(): void {
    if (!this.#stalledByWindow) return
    this.#stalledByWindow = false
    this.#scheduleHead()
  }

  occur(code: number, payload: unknown): void {
    if (code === headDue) this.#headDue(payload)
    else if (code === acknowledgementDue) this.#acknowledgementDue()
    else this.sender.over('reset')
  }

  #enqueue(message: unknown, bytes: number, about: string, cause: number, ends: Packet['ends']): void {
    const { engine } = this.#network
    const packet: Packet = {
      number: this.#network.nextPacket(),
      message,
      bytes,
      about,
      ends,
      cause,
      latency: this.drawLatency(),
      sentAt: engine.now,
      arrival: 0,
      attempts: 0,
      doomed: false,
    }
    this.#network.recordSent(this.sender, packet)
    this.#queue.push(packet)
    this.#queuedBytes += bytes
    if (!this.#begun) return
    this.#depart(packet)
    if (this.#queue.length - this.#head === 1) this.#scheduleHead()
  }

  #depart(packet: Packet): void {
    const { now } = this.#network.engine
    packet.arrival = Math.max(this.#lastArrival, this.#link.departure(now, packet.bytes) + packet.latency)
    this.#lastArrival = packet.arrival
    packet.doomed = !this.#network.open(this.sender.process.name, this.sender.peerName)
  }

  #scheduleHead(): void {
    const packet = this.#queue[this.#head]
    if (packet === undefined) return
    const { engine } = this.#network
    engine.schedule(Math.max(0, packet.arrival - engine.now), this, headDue, packet)
  }

  #headDue(due: unknown): void {
    const packet = this.#queue[this.#head]
    const receiver = this.#receiver
    // The packet that was due may have been dropped meanwhile.
    if (packet === undefined || packet !== due || receiver === undefined) return
    if (this.#fails(packet, receiver)) this.#again(packet)
    else if (packet.ends === undefined && receiver.state === 'open' && !receiver.hasRoom) this.#stalledByWindow = true
    else this.#deliver(packet, receiver)
  }

  #fails(packet: Packet, receiver: Connection<unknown>): boolean {
    const lost = this.#link.drawLoss(this.#streams.loss)
    const { sender } = this
    return (
      packet.doomed ||
      lost ||
      !receiver.process.node.powered ||
      !this.#network.open(sender.process.name, sender.peerName)
    )
  }

  /** The packet at the head got lost: sends it again after a pause, or gives up. */
  #again(packet: Packet): void {
    const { engine } = this.#network
    this.#network.recordLost(this.sender, packet, this.#network.silenceReason(this.sender))
    if (!this.sender.process.node.powered && this.finished) {
      this.drop('its host is dead')
      return
    }
    const backOff = Math.min(longestBackOff, firstBackOff * 2 ** packet.attempts)
    packet.attempts++
    packet.doomed = false
    packet.arrival = engine.now + backOff
    if (packet.arrival - packet.sentAt > this.#userTimeout) this.#giveUp()
    else engine.schedule(backOff, this, headDue, packet)
  }

  #deliver(packet: Packet, receiver: Connection<unknown>): void {
    this.#shift(packet)
    const { engine } = this.#network
    const gone = receiver.state === 'over'
    engine.descendFrom(packet.cause)
    if (gone) this.#network.recordLost(this.sender, packet, 'nobody is there any more')
    else this.#network.recordArrived(receiver, packet)
    this.#scheduleHead()
    if (gone) this.#answerWithReset(packet)
    else if (packet.ends !== undefined) receiver.over(packet.ends === 'reset' ? 'reset' : 'closed')
    else {
      this.#acknowledge()
      receiver.arrived(packet.message, packet.bytes)
    }
  }

  /** The receiving host knows no such connection: a reset goes back, if the way is open. */
  #answerWithReset(packet: Packet): void {
    const { engine } = this.#network
    if (packet.ends !== undefined || this.finished) return
    if (this.#network.open(this.sender.peerName, this.sender.process.name)) {
      engine.schedule(this.opposite.drawLatency(), this, resetDue, undefined)
    }
  }

  /** The acknowledgement of what was delivered goes back; if that way is cut, the sender goes on sending in vain until it gives up. */
  #acknowledge(): void {
    if (this.#unacknowledgedSince !== undefined || this.#network.open(this.sender.peerName, this.sender.process.name))
      return
    this.#unacknowledgedSince = this.#network.engine.now
    this.#acknowledgementAttempts = 0
    this.#network.engine.schedule(firstBackOff, this, acknowledgementDue, undefined)
  }

  #acknowledgementDue(): void {
    const since = this.#unacknowledgedSince
    if (since === undefined || this.sender.state === 'over') return
    const { engine } = this.#network
    if (this.#network.open(this.sender.peerName, this.sender.process.name)) this.#unacknowledgedSince = undefined
    else if (engine.now - since > this.#userTimeout) this.#giveUp()
    else
      engine.schedule(
        Math.min(longestBackOff, firstBackOff * 2 ** ++this.#acknowledgementAttempts),
        this,
        acknowledgementDue,
        undefined,
      )
  }

  #giveUp(): void {
    if (this.sender.state === 'over') this.drop('the sender gave up')
    else this.sender.over('timed-out')
  }

  get #userTimeout(): Micros {
    return this.sender.options.userTimeout ?? connectDefaults.userTimeout
  }

  #shift(packet: Packet): void {
    this.#queuedBytes -= packet.bytes
    this.#head++
    if (this.#head > 64 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
  }
}
