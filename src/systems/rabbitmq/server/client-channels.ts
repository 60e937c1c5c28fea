import type { Fault } from '../core/fault.ts'
import { channelClosed } from '../facts.ts'
import type { Method } from '../protocol.ts'
import type { ClientConnection, ConnectionHost } from './client-connection.ts'

/** The core's number of an open channel, or that the broker has closed it and waits for the client to answer. */
type ChannelState = { readonly core: number } | 'closing'

/** The channels of one connection, whose numbers are the client's own. */
export class ClientChannels {
  readonly #connection: ClientConnection
  readonly #host: ConnectionHost
  readonly #states = new Map<number, ChannelState>()
  readonly #numbers = new Map<number, number>()

  constructor(connection: ClientConnection, host: ConnectionHost) {
    this.#connection = connection
    this.#host = host
  }

  numberOf(coreChannel: number): number | undefined {
    return this.#numbers.get(coreChannel)
  }

  /** Opens a channel, or says what is wrong with that. */
  open(channel: number): Fault | undefined {
    if (this.#states.has(channel)) return channelError("second 'channel.open' seen")
    const { channelMax } = this.#host.settings
    if (channel < 1 || channel > channelMax || this.#states.size >= channelMax)
      return notAllowed(`number of channels opened (${this.#states.size}) has reached the maximum (${channelMax})`)
    const core = this.#host.register(this.#connection)
    this.#states.set(channel, { core })
    this.#numbers.set(core, channel)
    this.#host.execute({ kind: 'open-channel', channel: core, connection: this.#connection.name }, '')
    this.#connection.send({ type: 'channel-opened', channel })
    return undefined
  }

  /** The client closes a channel. What it had unacknowledged goes back. */
  close(channel: number): Fault | undefined {
    const state = this.#states.get(channel)
    if (state === undefined) return expectedOpen()
    if (state !== 'closing') {
      this.#forget(state.core)
      this.#host.execute({ kind: 'close-channel', channel: state.core }, 'channel closed')
    }
    this.#states.delete(channel)
    this.#connection.send({ type: 'channel-close-ok', channel })
    return undefined
  }

  /** The client knows that the channel is closed: its number is free. */
  closeAnswered(channel: number): void {
    if (this.#states.get(channel) === 'closing') this.#states.delete(channel)
  }

  /** The core has closed a channel. */
  failed(coreChannel: number, code: number, text: string): void {
    const channel = this.#numbers.get(coreChannel)
    if (channel === undefined) return
    const client = this.#connection.peerName
    // The core knows the channel by another number.
    const reason = text.replace(`channel ${coreChannel}`, `channel ${channel}`)
    this.#host.process.record(channelClosed, { client, channel, code, reason })
    this.#states.set(channel, 'closing')
    this.#forget(coreChannel)
    this.#connection.send({ type: 'close-channel', channel, code, text: reason })
  }

  method(channel: number, method: Method): Fault | undefined {
    const state = this.#states.get(channel)
    if (state === undefined) return expectedOpen()
    if (state !== 'closing') this.#host.execute({ channel: state.core, ...method }, whyBack(method))
    return undefined
  }

  forgetAll(): void {
    for (const core of [...this.#numbers.keys()]) this.#forget(core)
    this.#states.clear()
  }

  #forget(core: number): void {
    this.#numbers.delete(core)
    this.#host.unregister(core)
  }
}

function whyBack({ kind }: Method): string {
  if (kind === 'reject') return 'rejected'
  return kind === 'recover' ? 'recovered' : 'channel closed'
}

function expectedOpen(): Fault {
  return channelError("expected 'channel.open'")
}

function channelError(what: string): Fault {
  return { scope: 'connection', code: 504, text: `CHANNEL_ERROR - ${what}` }
}

function notAllowed(what: string): Fault {
  return { scope: 'connection', code: 530, text: `NOT_ALLOWED - ${what}` }
}
