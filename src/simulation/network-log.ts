import { connectionClosed, connectionOpened, packetArrived, packetLost, packetSent } from '../history/facts.ts'
import type { CloseReason, Connection } from './connection.ts'
import type { Node } from './node.ts'
import type { Packet } from './packet.ts'
import type { World } from './world.ts'

/** What a fact says of something that travels. */
type Travelling = Pick<Packet, 'number' | 'bytes' | 'about' | 'cause'>

/** Writes down what the network does, where somebody wants to see it. Nothing in the simulated world depends on it. */
export class NetworkLog {
  readonly #world: World
  readonly #observed: boolean
  readonly #onLoss: (from: Node, to: Node) => void
  #packets = 0

  /** `onLoss` hears of every loss, observed or not. */
  constructor(world: World, observed: boolean, onLoss: (from: Node, to: Node) => void) {
    this.#world = world
    this.#observed = observed
    this.#onLoss = onLoss
  }

  nextPacket(): number {
    return this.#packets++
  }

  sent(sender: Connection<unknown>, packet: Packet): void {
    if (this.#observed) this.sentFrom(sender.process.node, sender.peer, packet)
  }

  arrived(receiver: Connection<unknown>, packet: Packet): void {
    if (this.#observed) this.arrivedAt(receiver.process.node, receiver.peer, packet)
  }

  lost(sender: Connection<unknown>, packet: Packet, reason: string): void {
    this.lostFrom(sender.process.node, sender.peer, packet, reason)
  }

  sentFrom(from: Node, to: Node, { number, bytes, about, cause }: Travelling): void {
    if (!this.#observed) return
    this.#world.record(packetSent, from.label, { packet: number, to: to.label, bytes, about }, cause)
  }

  arrivedAt(at: Node, from: Node, { number, about, cause }: Travelling): void {
    if (!this.#observed) return
    this.#world.record(packetArrived, at.label, { packet: number, from: from.label, about }, cause)
  }

  lostFrom(from: Node, to: Node, { number, about, cause }: Travelling, reason: string): void {
    this.#onLoss(from, to)
    if (!this.#observed) return
    this.#world.record(packetLost, from.label, { packet: number, to: to.label, about, reason }, cause)
  }

  opened(connection: Connection<unknown>): void {
    if (!this.#observed) return
    const values = { connection: connection.number, peer: connection.peer.label }
    this.#world.record(connectionOpened, connection.process.node.label, values)
  }

  closed(connection: Connection<unknown>, reason: CloseReason): void {
    if (!this.#observed) return
    const values = { connection: connection.number, peer: connection.peer.label, reason }
    this.#world.record(connectionClosed, connection.process.node.label, values)
  }
}
