import type { CloseReason, Connection, ConnectionHandler } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { BrokerCommand, ChannelCommand } from '../core/command.ts'
import type { Fault } from '../core/fault.ts'
import { connectionEnded } from '../facts.ts'
import type { Answer, Capabilities, ClientFrame, ServerFrame } from '../protocol.ts'
import { nameOfFrame, negotiateHeartbeat, serverFrameBytes } from '../protocol.ts'
import type { BlockReason } from './alarms.ts'
import type { BrokerSettings } from './broker-settings.ts'
import { ClientChannels } from './client-channels.ts'
import { Heartbeats } from './heartbeats.ts'
import { Throttle } from './throttle.ts'

/** What a connection asks of the broker that it came to. */
export interface ConnectionHost {
  readonly process: Process
  readonly settings: BrokerSettings
  readonly blockReasons: ReadonlySet<BlockReason>
  /** A number for a channel that no other channel of this broker has. */
  register(connection: ClientConnection): number
  unregister(coreChannel: number): void
  /** `why` says on account of what messages come back to their queues. */
  execute(command: ChannelCommand | BrokerCommand, why: string): void
  gone(connection: ClientConnection): void
}

/** The longest that the broker waits for the answer to its `connection.close`. */
const closingTimeout: Micros = 30 * second

/**
 * A client's connection, on the broker's side. What comes on a channel goes to the core in the order in which it came. After an error has closed
 * the channel, everything on it is thrown away until the client has answered; after one that closed the connection, everything.
 */
export class ClientConnection implements ConnectionHandler<ClientFrame> {
  /** Tells connections of one client apart, for the core. */
  readonly name: string
  readonly #connection: Connection<ServerFrame>
  readonly #host: ConnectionHost
  readonly #channels: ClientChannels
  #throttle: Throttle | undefined
  #heartbeats: Heartbeats | undefined
  #capabilities: Capabilities = { consumerCancelNotify: false, connectionBlocked: false }
  #state: 'opening' | 'open' | 'closing' | 'gone' = 'opening'
  /** What came in while nothing was to be read, or is behind such. */
  readonly #unread: ClientFrame[] = []

  constructor(connection: Connection<ServerFrame>, host: ConnectionHost) {
    this.name = `${connection.peerName}#${connection.number}`
    this.#connection = connection
    this.#host = host
    this.#channels = new ClientChannels(this, host)
  }

  /** The node at the other end. */
  get peerName(): string {
    return this.#connection.peerName
  }

  get canHearCancellations(): boolean {
    return this.#capabilities.consumerCancelNotify
  }

  received(frame: ClientFrame): void {
    if (this.#state === 'gone') return
    this.#heartbeats?.heard()
    if (this.#state === 'closing') this.#receiveWhileClosing(frame)
    else if (this.#state === 'open') this.#read(frame)
    else if (frame.type === 'open-connection') this.#open(frame)
    else this.#end()
  }

  closed(reason: CloseReason): void {
    this.#readOn()
    if (this.#state === 'gone') return
    this.#forget(`connection ${reason}`)
  }

  send(frame: ServerFrame): void {
    if (this.#state === 'gone') return
    this.#heartbeats?.sent()
    this.#connection.send(frame, { bytes: serverFrameBytes(frame), about: nameOfFrame(frame) })
  }

  /** Something for the client from a channel of the core. */
  sendAnswer(coreChannel: number, answer: Answer): void {
    const channel = this.#channels.numberOf(coreChannel)
    if (channel !== undefined) this.send({ type: 'method', channel, answer })
  }

  /** The core has closed a channel for an error. */
  channelFailed(coreChannel: number, code: number, text: string): void {
    this.#channels.failed(coreChannel, code, text)
  }

  /** Closes the connection for an error of the client's, or because the broker is going down; waits for the answer, but not for ever. */
  fail(code: number, text: string): void {
    if (this.#state !== 'open') return
    this.#record(code, text)
    this.send({ type: 'close-connection', code, text })
    this.#state = 'closing'
    this.#leaveCore('connection closed')
    this.#host.process.setTimer(closingTimeout, () => this.#end(), this.peerName)
  }

  blockReasonsAre(reasons: ReadonlySet<BlockReason>): void {
    if (this.#state === 'open') this.#throttle?.reasonsAre(reasons)
  }

  #open({ heartbeat: wanted, capabilities }: Extract<ClientFrame, { readonly type: 'open-connection' }>): void {
    const { settings, process } = this.#host
    const heartbeat = negotiateHeartbeat(wanted, settings.heartbeat)
    this.#state = 'open'
    this.#capabilities = capabilities
    const heartbeats = new Heartbeats(process, this.peerName, heartbeat, {
      send: () => this.#beat(),
      missed: () => this.#heartbeatsMissed(),
    })
    this.#heartbeats = heartbeats
    this.#throttle = new Throttle(process, {
      connection: this.#connection,
      heartbeats,
      wantsNotice: capabilities.connectionBlocked,
      send: (frame) => this.send(frame),
      unblocked: () => process.setTimer(0, () => this.#readOn(), this.peerName),
    })
    this.send({ type: 'connection-opened', heartbeat, channelMax: settings.channelMax })
  }

  #read(frame: ClientFrame): void {
    if (this.#unread.length > 0 || this.#isHeldBack(frame)) this.#unread.push(frame)
    else this.#receive(frame)
  }

  #readOn(): void {
    while (this.#state === 'open') {
      const [frame] = this.#unread
      if (frame === undefined || this.#isHeldBack(frame)) return
      this.#unread.shift()
      this.#receive(frame)
    }
  }

  /** Whether nothing is read, the body of this message to begin with. */
  #isHeldBack(frame: ClientFrame): boolean {
    if (isPublish(frame)) this.#throttle?.publishes(this.#host.blockReasons)
    return this.#throttle?.isBlocked ?? false
  }

  #receive(frame: ClientFrame): void {
    switch (frame.type) {
      case 'open-connection':
        return this.#failWith(unexpected('connection.open'))
      case 'close-connection':
        this.#leaveCore('connection closed')
        this.send({ type: 'connection-close-ok' })
        return this.#end()
      case 'connection-close-ok':
      case 'heartbeat':
        return
      case 'open-channel':
        return this.#failWith(this.#channels.open(frame.channel))
      case 'close-channel':
        return this.#failWith(this.#channels.close(frame.channel))
      case 'channel-close-ok':
        return this.#channels.closeAnswered(frame.channel)
      case 'method':
        return this.#failWith(this.#channels.method(frame.channel, frame.method))
    }
  }

  #receiveWhileClosing(frame: ClientFrame): void {
    if (frame.type === 'close-connection') this.send({ type: 'connection-close-ok' })
    if (frame.type === 'connection-close-ok') this.#end()
  }

  #failWith(fault: Fault | undefined): void {
    if (fault !== undefined) this.fail(fault.code, fault.text)
  }

  /** Whoever does not read learns only from this that the client is gone. */
  #beat(): void {
    if (this.#connection.state === 'over') this.#forget('connection reset')
    else this.send({ type: 'heartbeat' })
  }

  #heartbeatsMissed(): void {
    this.#record(0, 'missed heartbeats')
    this.#forget('connection closed')
    this.#connection.close()
  }

  /** The socket is closed: nothing more is said. */
  #end(): void {
    if (this.#state === 'gone') return
    this.#forget('connection closed')
    this.#connection.close()
  }

  #forget(why: string): void {
    const wasOpen = this.#state === 'open'
    this.#state = 'gone'
    this.#heartbeats?.stop()
    if (wasOpen) this.#leaveCore(why)
    this.#host.gone(this)
  }

  #leaveCore(why: string): void {
    this.#host.execute({ kind: 'close-connection', connection: this.name }, why)
    this.#channels.forgetAll()
  }

  #record(code: number, reason: string): void {
    this.#host.process.record(connectionEnded, { client: this.peerName, code, reason })
  }
}

function isPublish(frame: ClientFrame): boolean {
  return frame.type === 'method' && frame.method.kind === 'publish'
}

/** 503: what no client may send now. */
function unexpected(method: string): Fault {
  return { scope: 'connection', code: 503, text: `COMMAND_INVALID - unexpected method ${method}` }
}
