import { AsyncResource } from 'node:async_hooks'
import { Duplex } from 'node:stream'
import type { CommandConnection } from '../../../application/stores/cache/command-connection.ts'
import { commandNames } from '../../../application/stores/cache/commands/registry.ts'
import type { CloseReason } from '../../../simulation/connection.ts'
import type { Inside } from '../../bridge/inside.ts'
import { UnsupportedCommand } from './unsupported-command.ts'
import { CommandReader } from './command-reader.ts'
import { respOf } from './resp.ts'

/** What a socket does with a connection to the cache. */
type CommandsOfSocket = Pick<CommandConnection, 'opened' | 'onEnd' | 'ask' | 'close'>

/** What a socket needs of its surroundings. */
export interface SocketPlace {
  readonly inside: Pick<Inside, 'perform' | 'later'>
  readonly cache: { open(): CommandsOfSocket }
  /** A command was met that cannot be simulated: the check fails by it. */
  unsupported(error: UnsupportedCommand): void
}

/** Commands of a connection, which work on no keys. */
const ofConnection = ['multi', 'exec', 'discard', 'watch', 'unwatch', 'client', 'select']

/** The socket of a client of `ioredis`: the commands that it writes go into the simulated network, and the replies come back as bytes. */
export class SimulatedSocket extends Duplex {
  connecting = true
  readonly #place: SocketPlace
  readonly #connection: CommandsOfSocket
  readonly #reader = new CommandReader()
  readonly #home = new AsyncResource('SimulatedSocket')

  constructor(place: SocketPlace) {
    super()
    this.#place = place
    this.#connection = place.cache.open()
    this.#connection.onEnd((reason) => place.inside.later(() => this.#lost(reason)))
    void this.#open()
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const commands = this.#reader.read(chunk)
    if (commands.length > 0) void this.#ask(commands)
    done()
  }

  override _final(done: () => void): void {
    done()
    this.destroy()
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#connection.close()
    done(error)
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(): this {
    return this
  }

  setTimeout(): this {
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  async #open(): Promise<void> {
    const reason = await this.#place.inside.perform(() => this.#connection.opened(), { isShared: true })
    this.connecting = false
    if (reason !== undefined) this.#lost(reason)
    else if (!this.destroyed) this.#home.runInAsyncScope(() => this.emit('connect'))
  }

  async #ask(commands: readonly (readonly string[])[]): Promise<void> {
    for (const [name = ''] of commands) {
      if (commandNames.includes(name.toLowerCase()) || ofConnection.includes(name.toLowerCase())) continue
      this.#place.unsupported(new UnsupportedCommand(name))
    }
    const answer = await this.#place.inside.perform(() => this.#connection.ask(commands))
    // That the connection is over, the system tells, and not an answer.
    if (answer.kind === 'replies' && !this.destroyed)
      this.push(Buffer.from(answer.replies.map(respOf).join(''), 'latin1'))
  }

  #lost(reason: CloseReason): void {
    this.#home.runInAsyncScope(() => this.destroy(reason === 'closed' ? undefined : socketError(reason)))
  }
}

function socketError(reason: CloseReason): Error {
  const [code, syscall] =
    reason === 'refused'
      ? ['ECONNREFUSED', 'connect']
      : reason === 'unreachable'
        ? ['ETIMEDOUT', 'connect']
        : reason === 'reset'
          ? ['ECONNRESET', 'read']
          : ['ETIMEDOUT', 'read']
  return Object.assign(new Error(`${syscall} ${code}`), { code, syscall, errno: 0 })
}
