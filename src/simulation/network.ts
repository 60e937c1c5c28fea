import { noFact } from '../history/fact.ts'
import type { ConnectOptions } from './connect-options.ts'
import type { ConnectionHandler } from './connection.ts'
import { Connection } from './connection.ts'
import type { Datagram } from './datagram.ts'
import { sendDatagram } from './datagram.ts'
import { Direction } from './direction.ts'
import type { Micros } from './duration.ts'
import type { Engine } from './engine.ts'
import type { LinkStream } from './link.ts'
import { Link } from './link.ts'
import type { LinkProfile } from './link-profile.ts'
import { NetworkLog } from './network-log.ts'
import type { Node, Undo } from './node.ts'
import { Opening } from './opening.ts'
import type { Process } from './process.ts'
import type { Random } from './random.ts'
import type { Cut } from './reachability.ts'
import { Reachability } from './reachability.ts'
import { Silence } from './silence.ts'
import type { World } from './world.ts'

/** Which profile a pair of nodes is linked by. */
export type LinkProfileOf = (from: Node, to: Node) => LinkProfile

/** The links between the nodes, the connections over them, and the cuts in force. */
export class Network {
  readonly log: NetworkLog
  readonly #reachability = new Reachability()
  readonly #world: World
  readonly #profileOf: LinkProfileOf
  readonly #random: Random
  /** By the numbers of the two nodes. */
  readonly #links: (Link | undefined)[][] = []
  readonly #datagrams = new Map<string, LinkStream>()
  readonly #silences = new Map<string, Silence>()
  #connections = 0

  /** `observed` records a fact for each packet sent, received and lost. */
  constructor(world: World, profileOf: LinkProfileOf, observed: boolean) {
    this.#world = world
    this.#profileOf = profileOf
    this.#random = world.random.fork('network')
    this.log = new NetworkLog(world, observed, (from, to) => this.#noteLoss(from, to))
  }

  get engine(): Engine {
    return this.#world.engine
  }

  /** The number of the present lull. */
  get lull(): number {
    return this.#world.lulls.number
  }

  /** Whether packets get from one node to another, as far as cuts are concerned. */
  open(from: Node, to: Node): boolean {
    return this.#reachability.open(from.number, to.number)
  }

  /** Fault: drops what goes from some nodes to others. */
  cut(cut: Cut): Undo {
    this.#world.lulls.end()
    this.#reachability.cut(cut)
    this.doubtAcknowledgements()
    return () => this.#reachability.heal(cut)
  }

  /** Ways were cut or a host died: connections look whether that hit an acknowledgement. */
  doubtAcknowledgements(): void {
    for (const node of this.#world.nodes) {
      for (const connection of node.process.connections) connection.doubtAcknowledgement()
    }
  }

  link(from: Node, to: Node): Link {
    const fromHere = (this.#links[from.number] ??= [])
    return (fromHere[to.number] ??= new Link(linkName(from, to), this.#profileOf(from, to), this.#random))
  }

  connect<Out, In>(
    process: Process,
    to: string,
    port: string,
    handler: ConnectionHandler<In>,
    options: ConnectOptions = {},
  ): Connection<Out> {
    const peer = this.#world.node(to)
    const connection = new Connection<unknown>(this, ++this.#connections, process, peer, options)
    const link = this.link(process.node, peer)
    const outgoing = new Direction(this, connection, link, link.openStream(port))
    // What travels on a port is an agreement of both ends that the network cannot know.
    connection.awaitOpening(outgoing, handler as ConnectionHandler<unknown>)
    process.leaveAfterStep({ leave: () => new Opening(this, connection, outgoing, port).begin() })
    return connection
  }

  sendDatagram(from: Node, datagram: Datagram): void {
    const to = this.#world.node(datagram.to)
    const name = `${linkName(from, to)} ${datagram.port}`
    const stream = this.#datagrams.get(name) ?? this.link(from, to).openStream(`datagrams/${datagram.port}`)
    this.#datagrams.set(name, stream)
    sendDatagram(this, from, to, datagram, stream)
  }

  /** Resets every connection between the two nodes, as a middlebox does that forgot them. Both sides notice. */
  resetBetween(one: Node, other: Node): void {
    this.#world.lulls.end()
    for (const connection of [...one.process.connections]) if (connection.peer === other) connection.over('reset')
    for (const connection of [...other.process.connections]) if (connection.peer === one) connection.over('reset')
  }

  /** What follows in this event had waited for `connection.peer` in vain since then. */
  blameSilence(connection: Connection<unknown>, since: Micros): void {
    this.engine.waitedFor = this.silenceOf(connection.peer, connection.process.node, since)
  }

  /** Why a packet of this sender does not get through at the moment, for people. */
  lossReason(sender: Connection<unknown>): string {
    if (!this.open(sender.process.node, sender.peer)) return 'the network is cut'
    return sender.peer.powered ? 'the packet was lost' : 'the host is dead'
  }

  /** The fact of the fault that, at some time since `since`, kept `from` quiet or one of the two from hearing the other; or {@link noFact}. */
  silenceOf(from: Node, to: Node, since: Micros): number {
    const quiet = from.silence.reaching(since)
    if (quiet !== noFact) return quiet
    for (const [sender, receiver] of [[from, to] as const, [to, from] as const]) {
      const cut = this.#reachability.cutFact(sender.number, receiver.number)
      if (cut !== noFact) return cut
      const lost = this.#silences.get(linkName(sender, receiver))?.reaching(since) ?? noFact
      if (lost !== noFact) return lost
    }
    return noFact
  }

  #noteLoss(from: Node, to: Node): void {
    const cut = this.#reachability.cutFact(from.number, to.number)
    const fact = cut === noFact ? this.link(from, to).faultFact : cut
    if (fact === undefined) return
    const name = linkName(from, to)
    const silence = this.#silences.get(name) ?? new Silence()
    this.#silences.set(name, silence)
    silence.note(fact, this.engine.now)
  }
}

function linkName(from: Node, to: Node): string {
  return `${from.name}→${to.name}`
}
