import type { CloseReason, Connection } from '../../../simulation/connection.ts'
import type { Micros } from '../../../simulation/duration.ts'
import { second } from '../../../simulation/duration.ts'
import type { Timer } from '../../../simulation/timer.ts'
import { replicaSynced } from '../facts-of-servers.ts'
import type { Answer, Request } from '../protocol.ts'
import { frameBytes, serverPort } from '../protocol.ts'
import type { RedisServer } from './redis-server.ts'
import type { ReplicationHistory } from './replication-history.ts'

/** `replicationCron`: acknowledgements, and attempts to connect. */
const tick = second

/** A replica's way to its master: it says where it is, takes what follows, and says each second how far it has got. */
export class MasterLink {
  readonly master: string
  readonly #server: RedisServer
  readonly #history: ReplicationHistory
  #connection: Connection<Request> | undefined
  #isStreaming = false
  #downSince: Micros
  #heardAt: Micros
  #timer: Timer | undefined
  #leaveLull: (() => void) | undefined
  #saidOffset = -1
  #lull = -1
  /** What the own disk has. */
  #synced = 0

  constructor(server: RedisServer, history: ReplicationHistory, master: string) {
    this.#server = server
    this.#history = history
    this.master = master
    this.#downSince = server.process.now
    this.#heardAt = server.process.now
    this.#connect()
  }

  get isUp(): boolean {
    return this.#isStreaming
  }

  /** µs for which the connection has not been in order. */
  get downFor(): Micros {
    return this.#isStreaming ? 0 : this.#server.process.now - this.#downSince
  }

  /** The own disk has everything up to there, which the master is told with the next acknowledgement. */
  hasSynced(offset: number): void {
    this.#synced = offset
    if (this.#isStreaming) this.#plan()
  }

  close(): void {
    this.#timer?.clear()
    this.#leaveLull?.()
    this.#connection?.close()
    this.#connection = undefined
  }

  #connect(): void {
    const { process, settings } = this.#server
    const connectTimeout = settings.values['repl-timeout']
    this.#connection = process.connect<Request, Answer>(
      this.master,
      serverPort,
      {
        opened: () => this.#opened(),
        received: (answer) => this.#received(answer),
        closed: (reason) => this.#closed(reason),
      },
      { connectTimeout },
    )
  }

  #opened(): void {
    this.#heardAt = this.#server.process.now
    this.#put({ type: 'PSYNC', history: this.#history.id, offset: this.#history.offset })
    this.#plan()
  }

  #closed(_reason: CloseReason): void {
    this.#lost()
  }

  #lost(): void {
    const { process } = this.#server
    if (this.#isStreaming) this.#downSince = process.now
    this.#isStreaming = false
    this.#leaveLull?.()
    this.#leaveLull = undefined
    this.#timer?.clear()
    this.#timer = process.setTimer(
      tick,
      () => {
        this.#timer = undefined
        this.#connect()
      },
      this.master,
    )
  }

  #received(answer: Answer): void {
    this.#heardAt = this.#server.process.now
    switch (answer.type) {
      case 'CONTINUE':
        this.#history.rename(answer.history)
        return this.#began('partial')
      case 'FULLRESYNC':
        this.#server.replaceBy(answer.snapshot, answer.history, answer.offset, this.master)
        return this.#began('full')
      case 'STREAM':
        this.#server.follow(answer.commands, answer.bytes)
        if (answer.getAck) this.#acknowledge(false)
        else this.#plan()
    }
  }

  #began(how: 'partial' | 'full'): void {
    this.#isStreaming = true
    this.#server.process.record(replicaSynced, { master: this.master, how })
    this.#acknowledge(false)
  }

  #plan(): void {
    if (this.#leaveLull !== undefined) {
      this.#leaveLull()
      this.#leaveLull = undefined
      this.#timer = undefined
    }
    this.#timer ??= this.#server.process.setTimer(tick, () => this.#due(), this.master)
  }

  #due(): void {
    const { process, settings } = this.#server
    this.#timer = undefined
    if (process.now - this.#heardAt > settings.values['repl-timeout']) {
      this.#connection?.close()
      return this.#lost()
    }
    if (this.#isStreaming) this.#acknowledge(this.#isQuiet)
    else this.#plan()
  }

  /** Whether the next acknowledgements would say the same. */
  get #isQuiet(): boolean {
    const isSame = this.#saidOffset === this.#history.offset && this.#lull === this.#server.process.lull
    return isSame && this.#connection?.isWell === true
  }

  #acknowledge(rests: boolean): void {
    const { process } = this.#server
    this.#put({ type: 'ACK', offset: this.#history.offset, synced: this.#synced, rests })
    this.#saidOffset = this.#history.offset
    this.#lull = process.lull
    if (!rests) return this.#plan()
    this.#leaveLull = process.beginLull(() => {
      this.#leaveLull = undefined
      this.#heardAt = process.now
      this.#plan()
    })
  }

  #put(request: Request): void {
    this.#connection?.send(request, { bytes: frameBytes, about: request.type })
  }
}
