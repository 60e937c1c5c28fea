import { AcknowledgementWatch } from './acknowledgement-watch.ts'
import { orphanTimeout, retransmissionBackOff } from './back-off.ts'
import type { Connection } from './connection.ts'
import { connectDefaults } from './connect-options.ts'
import type { Micros } from './duration.ts'
import type { EventTarget, Ticket } from './event-queue.ts'
import type { Link, LinkStream } from './link.ts'
import type { Network } from './network.ts'
import type { Packet, PacketKind } from './packet.ts'
import { packetOf } from './packet.ts'
import { PacketQueue } from './packet-queue.ts'

const headDue = 1
const resetDue = 3

/**
 * One direction of a connection. Packets arrive in the order of sending; one that is lost is sent again with growing pauses, and those behind
 * it wait. One event is scheduled at a time: that of the packet at the head.
 */
export class Direction implements EventTarget {
  readonly number: number
  readonly sender: Connection<unknown>
  /** The draws of this direction. */
  readonly stream: LinkStream
  readonly #network: Network
  readonly #link: Link
  readonly #queue = new PacketQueue()
  readonly #unacknowledged: AcknowledgementWatch
  readonly #peerBoots: number
  readonly #boots: number
  #queuedBytes = 0
  #lastArrival: Micros = 0
  #acknowledgedAt: Micros = -1
  #failingSince: Micros | undefined
  #doomed = 0
  #roomProbes = 0
  #begun = false
  #ticket: Ticket | undefined
  #opposite: Direction | undefined
  /** How the sender ended: it said goodbye, its process died, or its host did. */
  ending: 'closed' | 'reset' | 'silent' | undefined

  constructor(network: Network, sender: Connection<unknown>, link: Link, stream: LinkStream) {
    this.#network = network
    this.sender = sender
    this.number = sender.process.node.number
    this.#link = link
    this.stream = stream
    this.#boots = sender.process.node.boots
    this.#peerBoots = sender.peer.boots
    this.#unacknowledged = new AcknowledgementWatch(network.engine, this)
  }

  /** The way back. Both exist from the moment the peer's host answers the opening. */
  get opposite(): Direction {
    if (this.#opposite === undefined) throw new Error('This connection was used before its peer answered.')
    return this.#opposite
  }

  get queuedBytes(): number {
    return this.#queuedBytes
  }

  /** The way back, where the peer's host has answered the opening. */
  get wayBack(): Direction | undefined {
    return this.#opposite
  }

  pairWith(opposite: Direction): void {
    this.#opposite = opposite
  }

  /** Whether something sent now would be answered by the peer's host, going both ways. */
  get answered(): boolean {
    return this.#isOpen && this.#wayBackOpen
  }

  /** Whether packets have not arrived yet that can as things are. */
  get isUnderWay(): boolean {
    return this.#queue.length > 0 && this.canArrive
  }

  /** How long the next packet takes that arrives, µs; 0 where none is under way. */
  get flight(): Micros {
    const packet = this.#queue.first
    return packet !== undefined && this.#begun && this.canArrive ? packet.arrival - packet.departure : 0
  }

  /** Whether a packet that got lost is to be sent again, and can arrive then. The pause before that may be long. */
  get isToSendAgain(): boolean {
    const packet = this.#queue.first
    return packet !== undefined && (packet.attempts > 0 || packet.doomed) && this.canArrive
  }

  /** Whether what is sent now, or again, has a chance to reach the peer's host. */
  get canArrive(): boolean {
    return this.#isOpen && this.#link.loss < 1
  }

  get #isOpen(): boolean {
    const { process, peer } = this.sender
    return peer.powered && this.#network.open(process.node, peer)
  }

  /** Whether nothing keeps the two processes from asking and answering each other in the usual time. */
  get isWell(): boolean {
    const { process, peer } = this.sender
    const back = this.#opposite
    if (back?.sender.state !== 'open' || !process.node.isWell || !peer.isWell) return false
    return this.answered && this.#link.isWell && back.#link.isWell
  }

  /** The peer's host was switched off and on again, or its process died, and knows no such connection. */
  get forgottenByPeer(): boolean {
    const ending = this.#opposite?.ending
    return this.sender.peer.boots !== this.#peerBoots || ending === 'reset' || ending === 'silent'
  }

  /** µs for which the sender's host goes on sending in vain. */
  get patience(): Micros {
    const limit = this.sender.options.userTimeout ?? connectDefaults.userTimeout
    return this.sender.state === 'over' ? Math.min(limit, orphanTimeout) : limit
  }

  /** The connection is open: what was sent before goes now, behind what completes the opening, where this side opened it. */
  begin(handshake: boolean): void {
    this.#begun = true
    if (handshake) this.#queue.unshift(this.#packet('handshake', undefined, 0, 'accept', this.#network.engine.cause))
    for (const packet of this.#queue.waiting()) this.#depart(packet)
    this.#wakeForHead()
  }

  transmit(message: unknown, bytes: number, about: string, cause: number): void {
    this.#enqueue(this.#packet('data', message, bytes, about, cause))
  }

  /** The sender will send no more: says so behind what it has sent. A process that died before the connection was open leaves nothing. */
  finish(ends: 'closed' | 'reset'): void {
    this.ending = ends
    if (this.#begun || ends === 'closed') {
      this.#enqueue(this.#packet(ends, undefined, 0, ends === 'reset' ? 'reset' : 'close', this.#network.engine.cause))
    } else this.drop('its sender died')
  }

  /** The sending host is dead: only what is on the wire goes on. */
  hostDied(): void {
    this.ending = 'silent'
    const { now } = this.#network.engine
    const lost = this.#queue.cutFrom((packet) => packet.doomed || packet.attempts > 0 || packet.departure > now)
    for (const packet of lost) this.#network.log.lost(this.sender, packet, 'its host died')
  }

  /** What has not arrived never will. */
  drop(reason: string): void {
    for (const packet of this.#queue.waiting()) this.#network.log.lost(this.sender, packet, reason)
    this.#queue.clear()
    this.#queuedBytes = 0
    this.#doomed = 0
  }

  /** The peer's process reads again; its host says so, unless the way back is cut: then the next probe finds out. */
  roomAgain(): void {
    const packet = this.#queue.first
    if (this.#roomProbes > 0 && packet !== undefined && this.#wayBackOpen) this.#wake(2 * packet.latency, headDue)
  }

  /** A way was cut or a host died: what had only just arrived may never be acknowledged. */
  doubtAcknowledgement(): void {
    if (this.#network.engine.now < this.#acknowledgedAt && !this.answered) this.#unacknowledged.begin()
  }

  /** The sender's host has sent in vain for too long. */
  giveUp(since: Micros): void {
    if (this.sender.state === 'over') {
      this.drop('the sender gave up')
      return
    }
    this.#network.blameSilence(this.sender, since)
    this.sender.over('timed-out')
  }

  occur(code: number): void {
    this.#ticket = undefined
    const packet = this.#queue.first
    if (code === headDue) {
      if (packet !== undefined) this.#headDue(packet, this.opposite.sender)
    } else if (this.sender.state !== 'over') this.#resetDue(packet)
  }

  #packet(kind: PacketKind, message: unknown, bytes: number, about: string, cause: number): Packet {
    const { log, lull } = this.#network
    return packetOf(log.nextPacket(), kind, message, bytes, about, cause, lull, this.stream)
  }

  #enqueue(packet: Packet): void {
    this.#network.log.sent(this.sender, packet)
    this.#queue.push(packet)
    this.#queuedBytes += packet.bytes
    if (!this.#begun) return
    this.#depart(packet)
    if (this.#queue.length === 1) this.#wakeForHead()
  }

  #depart(packet: Packet): void {
    const { engine } = this.#network
    packet.departure = this.#link.departure(engine.now, packet.bytes)
    packet.arrival = Math.max(this.#lastArrival, packet.departure + packet.latency)
    this.#lastArrival = packet.arrival
    packet.doomed = !this.#network.open(this.sender.process.node, this.sender.peer)
    if (packet.doomed) this.#doomed++
  }

  #wakeForHead(): void {
    const packet = this.#queue.first
    if (packet !== undefined) this.#wake(Math.max(0, packet.arrival - this.#network.engine.now), headDue)
  }

  #wake(delay: Micros, code: number): void {
    const { engine } = this.#network
    if (this.#ticket !== undefined) engine.cancel(this.#ticket)
    this.#ticket = engine.schedule(delay, this, code, undefined)
  }

  #headDue(packet: Packet, receiver: Connection<unknown>): void {
    if (!this.#getsThrough(packet)) this.#sendAgain(packet)
    else if (receiver.state === 'over') this.#meetNobody(packet)
    else if (packet.kind === 'data' && !receiver.hasRoom) this.#wake(retransmissionBackOff(this.#roomProbes++), headDue)
    else this.#deliver(packet, receiver)
  }

  #getsThrough(packet: Packet): boolean {
    if (packet.doomed || !this.#isOpen) return false
    return !this.stream.drawLoss(packet.place, packet.attempts)
  }

  /** The packet at the head got lost: it is sent again after a pause, or the sender gives up. */
  #sendAgain(packet: Packet): void {
    const { engine, log } = this.#network
    log.lost(this.sender, packet, this.#network.lossReason(this.sender))
    if (this.sender.process.node.boots !== this.#boots) {
      this.drop('its host died')
      return
    }
    this.#failingSince ??= engine.now
    const backOff = retransmissionBackOff(packet.attempts++)
    if (packet.doomed) this.#doomed--
    packet.doomed = false
    packet.arrival = engine.now + backOff
    if (packet.arrival - this.#failingSince > this.patience) this.giveUp(this.#failingSince)
    else this.#wake(backOff, headDue)
  }

  #deliver(packet: Packet, receiver: Connection<unknown>): void {
    const { engine, log } = this.#network
    this.#queue.shift()
    this.#queuedBytes -= packet.bytes
    this.#failingSince = undefined
    this.#roomProbes = 0
    if (packet.attempts > 0 && this.#doomed > 0) this.#resendAtOnce()
    engine.descendFrom(packet.cause)
    log.arrived(receiver, packet)
    this.#wakeForHead()
    if (packet.kind === 'data') {
      this.#acknowledge(packet)
      receiver.arrived(packet.message, packet.bytes, packet.lull)
    } else if (packet.kind === 'handshake') receiver.accepted()
    else receiver.over(packet.kind)
  }

  /** The first packet that was sent again and gets through tells the sender that the way is open: what else left into the cut follows in one round trip. */
  #resendAtOnce(): void {
    const { now } = this.#network.engine
    for (const packet of this.#queue.waiting()) {
      if (packet.doomed) packet.arrival = Math.max(packet.arrival, now + 2 * packet.latency)
      packet.doomed = false
    }
    this.#doomed = 0
  }

  #acknowledge(packet: Packet): void {
    this.#acknowledgedAt = this.#network.engine.now + packet.latency
    if (this.#wayBackOpen) this.sender.heard()
    else this.#unacknowledged.begin()
  }

  /** The receiving host knows no such connection: a reset goes back, behind what it sent before. What has to be told to nobody is dropped. */
  #meetNobody(packet: Packet): void {
    if (this.sender.state === 'over') this.drop('nobody is there any more')
    else if (!this.#wayBackOpen) this.#sendAgain(packet)
    else {
      const { now } = this.#network.engine
      this.#wake(Math.max(packet.latency, this.opposite.#lastArrival - now), resetDue)
    }
  }

  #resetDue(packet: Packet | undefined): void {
    if (!this.#wayBackOpen && packet !== undefined) this.#sendAgain(packet)
    else {
      this.#network.blameSilence(this.sender, this.#network.engine.now)
      this.sender.over('reset')
    }
  }

  get #wayBackOpen(): boolean {
    return this.#network.open(this.sender.peer, this.sender.process.node)
  }
}
