import { openingBackOff } from './back-off.ts'
import { connectDefaults } from './connect-options.ts'
import { Connection } from './connection.ts'
import { Direction } from './direction.ts'
import type { Micros } from './duration.ts'
import type { EventTarget } from './event-queue.ts'
import type { Network } from './network.ts'

const requestDue = 5
const answerDue = 6
const retryDue = 7

/**
 * The opening of a connection: a request there, an answer back (or a refusal), and with the first packet there again the peer's program
 * accepts. Request and answer are lost like anything else; the request is then sent again, at growing intervals.
 */
export class Opening implements EventTarget {
  readonly number: number
  readonly #network: Network
  readonly #connection: Connection<unknown>
  readonly #outgoing: Direction
  readonly #port: string
  readonly #began: Micros
  #accepted: Connection<unknown> | undefined
  #attempts = 0

  constructor(network: Network, connection: Connection<unknown>, outgoing: Direction, port: string) {
    this.number = connection.process.node.number
    this.#network = network
    this.#connection = connection
    this.#outgoing = outgoing
    this.#port = port
    this.#began = network.engine.now
  }

  /** Sends the request. */
  begin(): void {
    const { stream } = this.#outgoing
    const leaves = this.#wayThere && !stream.drawLoss('opening', this.#attempts)
    const latency = stream.drawLatencyOf(`opening/${this.#attempts}`)
    this.#network.engine.schedule(latency, this, requestDue, leaves)
  }

  occur(code: number, payload: unknown): void {
    if (this.#abandoned) this.#accepted?.abandon()
    else if (code === requestDue) this.#requestDue(payload === true)
    else if (code === retryDue) this.begin()
    else this.#answerDue()
  }

  /** Nobody wants the connection any more. One that was closed meanwhile still has to deliver what was sent before. */
  get #abandoned(): boolean {
    return this.#connection.state === 'over' && this.#outgoing.ending !== 'closed'
  }

  #requestDue(left: boolean): void {
    if (!left || !this.#connection.peer.powered || !this.#wayThere) this.#retryLater()
    else {
      if (this.#accepted === undefined || this.#accepted.state === 'over') this.#accepted = this.#reach()
      const latency = this.#outgoing.stream.drawLatencyOf(`answer/${this.#attempts}`)
      this.#network.engine.schedule(latency, this, answerDue, undefined)
    }
  }

  /** The peer's end, if somebody listens there. Its program hears of it when the opening is complete. */
  #reach(): Connection<unknown> | undefined {
    const { process, peer, number } = this.#connection
    const listener = peer.process.alive ? peer.process.listener(this.#port) : undefined
    if (listener === undefined) return undefined
    const accepted = new Connection<unknown>(this.#network, number, peer.process, process.node, listener.options)
    const link = this.#network.link(peer, process.node)
    const back = new Direction(this.#network, accepted, link, link.openStream(this.#port))
    back.pairWith(this.#outgoing)
    this.#outgoing.pairWith(back)
    accepted.awaitHandshake(back, listener.accept)
    return accepted
  }

  #answerDue(): void {
    if (!this.#network.open(this.#connection.peer, this.#connection.process.node)) this.#retryLater()
    else if (this.#accepted === undefined) this.#refused()
    else if (this.#connection.state === 'over') this.#outgoing.begin(true)
    else this.#connection.opened()
  }

  #refused(): void {
    this.#network.blameSilence(this.#connection, this.#began)
    this.#connection.over('refused')
  }

  #retryLater(): void {
    const { engine } = this.#network
    const backOff = openingBackOff(this.#attempts++)
    const limit = this.#connection.options.connectTimeout ?? connectDefaults.connectTimeout
    if (engine.now + backOff - this.#began <= limit) engine.schedule(backOff, this, retryDue, undefined)
    else if (this.#connection.state === 'over') this.#outgoing.drop('its connection never opened')
    else {
      this.#network.blameSilence(this.#connection, this.#began)
      this.#connection.over('unreachable')
    }
  }

  get #wayThere(): boolean {
    return this.#network.open(this.#connection.process.node, this.#connection.peer)
  }
}
