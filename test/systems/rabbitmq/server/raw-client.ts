import type { Connection } from '../../../../src/simulation/connection.ts'
import type { Micros } from '../../../../src/simulation/duration.ts'
import type { Process } from '../../../../src/simulation/process.ts'
import type { FieldTable } from '../../../../src/systems/rabbitmq/core/field-table.ts'
import type { Properties } from '../../../../src/systems/rabbitmq/core/message.ts'
import type {
  Answer,
  Capabilities,
  ClientFrame,
  Method,
  ServerFrame,
} from '../../../../src/systems/rabbitmq/protocol.ts'
import { brokerPort, clientFrameBytes, nameOfFrame } from '../../../../src/systems/rabbitmq/protocol.ts'
import type { RabbitBroker } from '../../../../src/systems/rabbitmq/server/rabbit-broker.ts'

export interface RawClientOptions {
  /** µs; 0 leaves it to the broker. */
  readonly heartbeat?: Micros
  readonly capabilities?: Partial<Capabilities>
  /** Answers the broker's `channel.close` and `connection.close`, as every client does. */
  readonly answers?: boolean
}

interface ClientOfBench extends RawClientOptions {
  /** The number of a message's name in the history. */
  readonly nameOf: (message: string) => number
}

/** A connection of a client without any will of its own: it sends what it is told to, and keeps what comes. */
export class RawClient {
  /** What came from the broker, without heartbeats. */
  readonly frames: ServerFrame[] = []
  heartbeats = 0
  /** Why the connection was over, once it is. */
  closed: string | undefined
  readonly #process: Process
  readonly #broker: RabbitBroker
  readonly #connection: Connection<ClientFrame>
  readonly #options: ClientOfBench

  constructor(process: Process, broker: RabbitBroker, options: ClientOfBench) {
    this.#process = process
    this.#broker = broker
    this.#options = options
    this.#connection = process.connect<ClientFrame, ServerFrame>(broker.node, brokerPort, {
      received: (frame) => this.#received(frame),
      closed: (reason) => {
        this.closed = reason
      },
    })
    const capabilities = { consumerCancelNotify: true, connectionBlocked: true, ...options.capabilities }
    this.send({ type: 'open-connection', heartbeat: options.heartbeat ?? 0, capabilities })
  }

  send(frame: ClientFrame): void {
    this.#process.step(() =>
      this.#connection.send(frame, { bytes: clientFrameBytes(frame), about: nameOfFrame(frame) }),
    )
  }

  do(method: Method, channel = 1): void {
    this.send({ type: 'method', channel, method })
  }

  openChannel(channel: number): void {
    this.send({ type: 'open-channel', channel })
  }

  queue(name: string, given: FieldTable = {}, flags: { durable?: boolean; exclusive?: boolean } = {}): void {
    this.do({ kind: 'declare-queue', name, durable: true, ...flags, arguments: given })
  }

  /** Publishes a message of this name; persistent unless it says otherwise. */
  publish(
    queue: string,
    message: string,
    { exchange = '', mandatory = false, bytes = 10, channel = 1, properties = {} as Properties } = {},
  ): void {
    const content = {
      id: this.#content(message, bytes),
      bytes,
      properties: { deliveryMode: 2, ...properties } as const,
    }
    this.do({ kind: 'publish', exchange, routingKey: queue, mandatory, content }, channel)
  }

  consume(queue: string, { tag = 'c', noAck = false, channel = 1 } = {}): void {
    this.do({ kind: 'consume', queue, tag, noAck }, channel)
  }

  /** Takes the socket away, as a crash of the client does. */
  drop(): void {
    this.#process.step(() => this.#connection.close())
  }

  get answers(): readonly Answer[] {
    return this.frames.flatMap((frame) => (frame.type === 'method' ? [frame.answer] : []))
  }

  /** Names of the messages that were delivered or got, `!` for redelivered. */
  get deliveries(): readonly string[] {
    return this.answers.flatMap((answer) =>
      answer.kind === 'deliver' || answer.kind === 'got'
        ? [`${this.#broker.contents.content(answer.message.id).type}${answer.redelivered ? '!' : ''}`]
        : [],
    )
  }

  /** Answers to publishes, as `ack 1` or `ack ..3`. */
  get confirms(): readonly string[] {
    return this.answers.flatMap((answer) =>
      answer.kind === 'confirm' ? [`${answer.answer} ${answer.multiple ? '..' : ''}${answer.sequence}`] : [],
    )
  }

  /** Frames besides those of methods, by their types. */
  get signals(): readonly string[] {
    return this.frames.flatMap((frame) => (frame.type === 'method' ? [] : [frame.type]))
  }

  #received(frame: ServerFrame): void {
    if (frame.type === 'heartbeat') {
      this.heartbeats++
      return
    }
    this.frames.push(frame)
    if (this.#options.answers === false) return
    if (frame.type === 'close-channel') this.send({ type: 'channel-close-ok', channel: frame.channel })
    if (frame.type === 'close-connection') this.send({ type: 'connection-close-ok' })
  }

  #content(message: string, size: number): number {
    const name = this.#options.nameOf(message)
    const content = { message: name, operation: name, key: '', sequence: 0, version: 0, size }
    return this.#broker.contents.add({ ...content, type: message, headers: {}, body: undefined })
  }
}
