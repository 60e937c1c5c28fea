import type { Connection } from '../../../simulation/connection.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { ClientFrame, ServerFrame } from '../protocol.ts'
import { brokerPort, clientFrameBytes, nameOfFrame } from '../protocol.ts'
import { Channel } from './channel.ts'
import type { ChannelListener } from './channel.ts'
import type { ConnectionSettings } from './client-settings.ts'
import { Heartbeat } from './heartbeat.ts'

/** What a socket takes before a write has to wait, bytes. */
const sendBufferBytes = 131_072

/** How long a client waits for the answer to its goodbye, µs: `shutdownTimeout` of the Java client. */
export const closeTimeout = 10_000_000

/** How it stands: being opened for the first time, open, lost and not given up, or over. */
type State = 'opening' | 'open' | 'lost' | 'over'

/**
 * A client's connection to a broker: opened at once, and again after it was lost, by the client itself or by the application, as the settings
 * have it. A first attempt that fails is tried again by the application.
 */
export class AmqpConnection {
  readonly process: Process
  readonly settings: ConnectionSettings
  /** The node on the other side. */
  readonly broker: string
  readonly #channels = new Map<number, Channel>()
  #socket: Connection<ClientFrame> | undefined
  #heartbeat: Heartbeat | undefined
  #state: State = 'opening'
  #blocked = false
  #channelNumbers = 0
  #handshakeTimer: Timer | undefined
  #retryTimer: Timer | undefined
  #closing: (() => void) | undefined
  #closeTimer: Timer | undefined

  constructor(process: Process, broker: string, settings: ConnectionSettings) {
    this.process = process
    this.settings = settings
    this.broker = broker
    this.#connect()
  }

  get isOpen(): boolean {
    return this.#state === 'open'
  }

  /** Whether the broker asked publishers to stop. */
  get isBlocked(): boolean {
    return this.#blocked
  }

  /** Whether a write would not have to wait. */
  get isWritable(): boolean {
    return this.isOpen && (this.#socket?.unsentBytes ?? 0) < sendBufferBytes
  }

  /** A channel of its own for each user of the connection; it is opened as soon as that can be, and again after the connection was. */
  channel(listener: ChannelListener): Channel {
    const channel = new Channel(this, ++this.#channelNumbers, listener)
    this.#channels.set(channel.number, channel)
    if (this.isOpen) channel.open()
    return channel
  }

  write(frame: ClientFrame): void {
    if (this.#socket === undefined) return
    this.#heartbeat?.sent()
    this.#socket.send(frame, { bytes: clientFrameBytes(frame), about: nameOfFrame(frame) })
  }

  /** Closes a channel, and with the last one the connection; `done` comes when the broker has said goodbye, or will not any more. */
  closeChannel(channel: Channel, done: () => void): void {
    const leave = (): void => {
      timer.clear()
      if (!this.#channels.delete(channel.number)) return
      if (this.#channels.size === 0) this.#close(done)
      else done()
    }
    const timer = this.process.setTimer(closeTimeout, leave, this.broker)
    if (channel.isOpen) channel.sayGoodbye(leave)
    else leave()
  }

  /** Asks again after the application's pause for a channel that was closed on it; whoever does nothing about it leaves it so. */
  reopenLater(reopen: () => void): void {
    const { onClosed, reopenAfter } = this.settings
    if (onClosed === 'exit') this.process.exit(reopenAfter)
    else if (onClosed === 'reopen') this.process.setTimer(reopenAfter, reopen)
  }

  #connect(): void {
    const socket = this.process.connect<ClientFrame, ServerFrame>(
      this.broker,
      brokerPort,
      {
        opened: () => this.#opened(),
        received: (frame) => {
          if (socket === this.#socket) this.#received(frame)
        },
        closed: (reason) => {
          if (socket === this.#socket) this.#lost(`connection ${reason}`)
        },
      },
      { connectTimeout: this.settings.connectTimeout },
    )
    this.#socket = socket
  }

  #opened(): void {
    const { heartbeat, consumerCancelNotify, handshakeTimeout } = this.settings
    this.#handshakeTimer = this.process.setTimer(
      handshakeTimeout,
      () => this.#abandon('no greeting in time'),
      this.broker,
    )
    const capabilities = { consumerCancelNotify, connectionBlocked: true }
    this.write({ type: 'open-connection', heartbeat, capabilities })
  }

  #received(frame: ServerFrame): void {
    this.#heartbeat?.heard()
    switch (frame.type) {
      case 'connection-opened':
        return this.#begin(frame.heartbeat)
      case 'close-connection':
        this.write({ type: 'connection-close-ok' })
        this.#socket?.close()
        return this.#lost(`${frame.code} ${frame.text}`)
      case 'connection-close-ok':
        return this.#closed()
      case 'connection-blocked':
        return this.#setBlocked(true)
      case 'connection-unblocked':
        return this.#setBlocked(false)
      case 'heartbeat':
        return
      default:
        return this.#channels.get(frame.channel)?.receive(frame)
    }
  }

  /** Gives up a connection that says nothing. */
  #abandon(reason: string): void {
    this.#socket?.close()
    this.#lost(reason)
  }

  #begin(timeout: number): void {
    this.#handshakeTimer?.clear()
    this.#state = 'open'
    this.#heartbeat = new Heartbeat({
      process: this.process,
      peer: this.broker,
      timeout,
      client: this.settings.client,
      beat: () => this.write({ type: 'heartbeat' }),
      missed: () => this.#abandon('heartbeats were missed'),
    })
    for (const channel of this.#channels.values()) channel.open()
    if (this.#closing !== undefined && this.#channels.size === 0) this.#sayGoodbye()
  }

  #setBlocked(blocked: boolean): void {
    this.#blocked = blocked
    if (!blocked) for (const channel of this.#channels.values()) channel.resume()
  }

  #lost(reason: string): void {
    const wasOpen = this.isOpen
    this.#socket = undefined
    this.#handshakeTimer?.clear()
    this.#heartbeat?.stop()
    this.#heartbeat = undefined
    this.#blocked = false
    if (this.#closing !== undefined) return this.#closed()
    if (wasOpen) this.#state = 'lost'
    for (const channel of this.#channels.values()) channel.lose(reason)
    // Whoever was closing has let go of it.
    if (this.#closing !== undefined) return
    if (this.#state === 'opening') this.#retryIn(this.settings.reopenAfter)
    else if (this.settings.recoverAfter !== undefined) this.#retryIn(this.settings.recoverAfter)
    else this.#leaveToApplication()
  }

  #leaveToApplication(): void {
    const { onClosed, reopenAfter } = this.settings
    if (onClosed === 'reopen') this.#retryIn(reopenAfter)
    else this.#state = 'over'
    if (onClosed === 'exit') this.process.exit(reopenAfter)
  }

  #retryIn(wait: number): void {
    this.#retryTimer?.clear()
    this.#retryTimer = this.process.setTimer(wait, () => this.#connect(), this.broker)
  }

  #close(done: () => void): void {
    this.#closing = done
    this.#retryTimer?.clear()
    if (this.isOpen) this.#sayGoodbye()
    else this.process.setTimer(0, () => this.#closed())
  }

  #sayGoodbye(): void {
    this.write({ type: 'close-connection' })
    this.#closeTimer = this.process.setTimer(closeTimeout, () => this.#closed(), this.broker)
  }

  #closed(): void {
    const done = this.#closing
    this.#state = 'over'
    this.#closeTimer?.clear()
    this.#handshakeTimer?.clear()
    this.#heartbeat?.stop()
    this.#socket?.close()
    this.#socket = undefined
    this.#closing = undefined
    done?.()
  }
}
