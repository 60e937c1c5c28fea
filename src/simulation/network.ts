import type { Name } from '../history/fact.ts'
import { noFact } from '../history/fact.ts'
import { connectionClosed, connectionOpened, packetArrived, packetLost, packetSent } from '../history/facts.ts'
import type { CloseReason, ConnectionHandler, ConnectOptions } from './connection.ts'
import { connectDefaults, Connection } from './connection.ts'
import { Direction } from './direction.ts'
import type { Micros } from './duration.ts'
import { second } from './duration.ts'
import type { Engine } from './engine.ts'
import type { EventTarget } from './event-queue.ts'
import { Link } from './link.ts'
import type { LinkProfile } from './link-profile.ts'
import type { Node } from './node.ts'
import type { Packet } from './packet.ts'
import type { Process } from './process.ts'
import type { Random } from './random.ts'
import { Reachability } from './reachability.ts'
import type { World } from './world.ts'

const openingDue = 5
const openedDue = 6
const refusedDue = 7
const datagramDue = 8
const probeDue = 9

/** µs before an unanswered opening is tried again; doubled each time. Linux: `TCP_TIMEOUT_INIT`, 1 s. */
const firstOpeningBackOff: Micros = second

/** Which profile a pair of nodes is linked by. */
export type LinkProfileOf = (from: Node, to: Node) => LinkProfile

/** The links between the nodes, the connections over them, and the cuts in force. */
export class Network {
  readonly reachability = new Reachability()
  readonly #world: World
  readonly #profileOf: LinkProfileOf
  readonly #random: Random
  readonly #observed: boolean
  readonly #links = new Map<string, Link>()
  readonly #silences = new Map<string, number>()
  #packets = 0
  #connections = 0

  /** `observed` records a fact for each packet sent, received and lost. */
  constructor(world: World, profileOf: LinkProfileOf, observed: boolean) {
    this.#world = world
    this.#profileOf = profileOf
    this.#observed = observed
    this.#random = world.random.fork('network')
  }

  get engine(): Engine {
    return this.#world.engine
  }

  /** The fact on whose account something sent now is sent. */
  get cause(): number {
    return this.#world.engine.cause
  }

  /** Whether packets get from one node to another, as far as cuts are concerned. */
  open(from: string, to: string): boolean {
    return this.reachability.whole || this.reachability.open(this.#world.node(from).number, this.#world.node(to).number)
  }

  link(from: string, to: string): Link {
    const name = `${from}→${to}`
    const known = this.#links.get(name)
    if (known !== undefined) return known
    const link = new Link(name, this.#profileOf(this.#world.node(from), this.#world.node(to)), this.#random)
    this.#links.set(name, link)
    return link
  }

  connect<Out, In>(
    process: Process,
    to: string,
    port: string,
    handler: ConnectionHandler<In>,
    options: ConnectOptions = {},
  ): Connection<Out> {
    const connection = new Connection<unknown>(this, ++this.#connections, process, to, options)
    const outgoing = new Direction(this, connection, this.link(process.name, to))
    // What travels on a port is an agreement of both ends that the network cannot know.
    connection.established(outgoing, handler as ConnectionHandler<unknown>)
    const opening = new Opening(this, connection, outgoing, port)
    process.leaveAfterStep({ leave: () => opening.begin() })
    return connection
  }

  sendDatagram(from: Node, to: string, port: string, message: unknown, bytes: number): void {
    const target = this.#world.node(to)
    const link = this.link(from.name, to)
    const departure = link.departure(this.engine.now, bytes) - this.engine.now
    const open = this.open(from.name, to)
    for (const latency of link.drawDatagram()) {
      const arrival: EventTarget = {
        number: target.number,
        occur: () => {
          const { process } = target
          if (!open || !this.open(from.name, to)) return
          process.input(bytes, () => process.datagramHandler(port)?.(message, from.name), port)
        },
      }
      this.engine.schedule(departure + latency, arrival, datagramDue, undefined)
    }
  }

  /** Resets every connection between the two nodes, as a middlebox does that forgot them. Both sides notice. Returns how many there were. */
  resetBetween(one: string, other: string): number {
    const connections = [...this.#world.node(one).process.connections].filter(
      (connection) => connection.peerName === other,
    )
    const back = [...this.#world.node(other).process.connections].filter((connection) => connection.peerName === one)
    for (const connection of [...connections, ...back]) connection.over('reset')
    return connections.length
  }

  // What follows keeps the record.

  nextPacket(): number {
    return this.#packets++
  }

  recordSent(sender: Connection<unknown>, packet: Packet): void {
    if (!this.#observed) return
    const values = { packet: packet.number, to: this.#label(sender.peerName), bytes: packet.bytes, about: packet.about }
    this.#world.record(packetSent, sender.process.node.label, values, packet.cause)
  }

  recordArrived(receiver: Connection<unknown>, packet: Packet): void {
    if (!this.#observed) return
    const values = { packet: packet.number, from: this.#label(receiver.peerName), about: packet.about }
    this.#world.record(packetArrived, receiver.process.node.label, values, packet.cause)
  }

  recordLost(sender: Connection<unknown>, packet: Packet, reason: string): void {
    this.#noteSilence(sender.process.name, sender.peerName)
    if (!this.#observed) return
    const values = { packet: packet.number, to: this.#label(sender.peerName), about: packet.about, reason }
    this.#world.record(packetLost, sender.process.node.label, values, packet.cause)
  }

  recordOpened(connection: Connection<unknown>): void {
    if (!this.#observed) return
    const values = { connection: connection.number, peer: this.#label(connection.peerName) }
    this.#world.record(connectionOpened, connection.process.node.label, values)
  }

  recordClosed(connection: Connection<unknown>, reason: CloseReason): void {
    if (!this.#observed) return
    this.#noteSilence(connection.peerName, connection.process.name)
    const values = { connection: connection.number, peer: this.#label(connection.peerName), reason }
    this.#world.record(connectionClosed, connection.process.node.label, values)
  }

  /** Why a packet of this sender does not get through at the moment, for people. */
  silenceReason(sender: Connection<unknown>): string {
    if (!this.open(sender.process.name, sender.peerName)) return 'the network is cut'
    return this.#world.node(sender.peerName).powered ? 'the packet was lost' : 'the host is dead'
  }

  /** The fact of the fault that last kept something of `from` away from `to`, or {@link noFact}. */
  silenceOf(from: string, to: string): number {
    const node = this.#world.node(from)
    if (node.silencedBy !== noFact) return node.silencedBy
    const cut = this.reachability.cutFact(node.number, this.#world.node(to).number)
    if (cut !== noFact) return cut
    return this.#silences.get(`${from}→${to}`) ?? noFact
  }

  #noteSilence(from: string, to: string): void {
    const cut = this.reachability.cutFact(this.#world.node(from).number, this.#world.node(to).number)
    const fact = cut === noFact ? this.link(from, to).faultFact : cut
    if (fact !== undefined) this.#silences.set(`${from}→${to}`, fact)
  }

  #label(node: string): Name {
    return this.#world.node(node).label
  }

  /** The node that is to be connected to, for {@link Opening}. */
  target(name: string): Node {
    return this.#world.node(name)
  }
}

/** The opening of a connection: one message there, one back; then keep-alive probes, if wanted. */
class Opening implements EventTarget {
  readonly number: number
  readonly #network: Network
  readonly #connection: Connection<unknown>
  readonly #outgoing: Direction
  readonly #port: string
  readonly #began: Micros
  #attempts = 0
  #probesFailed = 0

  constructor(network: Network, connection: Connection<unknown>, outgoing: Direction, port: string) {
    this.number = connection.process.node.number
    this.#network = network
    this.#connection = connection
    this.#outgoing = outgoing
    this.#port = port
    this.#began = network.engine.now
  }

  begin(): void {
    this.#network.engine.schedule(this.#outgoing.drawLatency(), this, openingDue, undefined)
  }

  occur(code: number): void {
    if (code === probeDue) this.#probe()
    else if (this.#connection.state === 'over') return
    else if (code === openingDue) this.#reach()
    else if (code === refusedDue) this.#connection.over('refused')
    else this.#opened()
  }

  #reach(): void {
    const connection = this.#connection
    const target = this.#network.target(connection.peerName)
    if (!target.powered || !this.#reachable) {
      this.#again()
      return
    }
    const accept = target.process.alive ? target.process.listener(this.#port) : undefined
    if (accept === undefined) {
      this.#network.engine.schedule(this.#outgoing.drawLatency(), this, refusedDue, undefined)
      return
    }
    const accepted = new Connection<unknown>(
      this.#network,
      connection.number,
      target.process,
      connection.process.name,
      connection.options,
    )
    const back = new Direction(this.#network, accepted, this.#network.link(target.name, connection.process.name))
    back.pairWith(this.#outgoing)
    this.#outgoing.pairWith(back)
    this.#acceptAtPeer(accepted, back, accept)
    this.#network.engine.schedule(back.drawLatency(), this, openedDue, undefined)
  }

  #acceptAtPeer(
    accepted: Connection<unknown>,
    back: Direction,
    accept: NonNullable<ReturnType<Process['listener']>>,
  ): void {
    let handler: ConnectionHandler<unknown> | undefined
    accepted.established(back, {
      received: (message) => handler?.received(message),
      closed: (reason) => handler?.closed?.(reason),
    })
    accepted.process.input(0, () => (handler = accept(accepted)), accepted)
    accepted.opened()
  }

  #opened(): void {
    // The answer to an opening is lost like anything else; the opening is then sent again and answered again.
    if (!this.#reachable) {
      this.#network.engine.schedule(firstOpeningBackOff, this, openedDue, undefined)
      return
    }
    this.#network.recordOpened(this.#connection)
    this.#connection.opened()
    this.#scheduleProbe(this.#connection.options.keepAlive?.idle)
  }

  #again(): void {
    const backOff = firstOpeningBackOff * 2 ** this.#attempts++
    const { engine } = this.#network
    const limit = this.#connection.options.connectTimeout ?? connectDefaults.connectTimeout
    if (engine.now + backOff - this.#began <= limit) engine.schedule(backOff, this, openingDue, undefined)
    else this.#connection.over('unreachable')
  }

  #scheduleProbe(delay: Micros | undefined): void {
    if (delay !== undefined) this.#network.engine.schedule(delay, this, probeDue, undefined)
  }

  #probe(): void {
    const { keepAlive } = this.#connection.options
    if (keepAlive === undefined || this.#connection.state !== 'open') return
    const idleFor = this.#network.engine.now - this.#connection.lastHeard
    if (idleFor < keepAlive.idle) {
      this.#probesFailed = 0
      this.#scheduleProbe(keepAlive.idle - idleFor)
    } else if (this.#reachable && this.#network.target(this.#connection.peerName).powered)
      this.#probeAnswered(keepAlive.idle)
    else if (++this.#probesFailed >= keepAlive.probes) this.#connection.over('keep-alive')
    else this.#scheduleProbe(keepAlive.interval)
  }

  #probeAnswered(idle: Micros): void {
    this.#probesFailed = 0
    if (this.#outgoing.opposite.sender.state === 'over') this.#connection.over('reset')
    else this.#scheduleProbe(idle)
  }

  get #reachable(): boolean {
    const [here, there] = [this.#connection.process.name, this.#connection.peerName]
    return this.#network.open(here, there) && this.#network.open(there, here)
  }
}
