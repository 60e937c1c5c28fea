import type { Connection } from '../../../simulation/connection.ts'
import { second } from '../../../simulation/duration.ts'
import type { Process } from '../../../simulation/process.ts'
import type { ValueFile } from '../../../simulation/value-file.ts'
import { CommitLog } from './commit-log.ts'
import type { PrimaryOptions } from './primary.ts'
import { Primary, refuse } from './primary.ts'
import type { Control, FromPeer, LogEntry, Reply, Request, Role, Timeline, ToPeer } from './protocol.ts'
import { Standby } from './standby.ts'
import { timelineNumber } from './timeline.ts'
import { WalSender } from './wal-sender.ts'

/** µs after which a supervisor starts a server again that stopped by itself. */
const supervisorDelay = second

export interface ServerOptions extends PrimaryOptions {
  /** The part that it has before the first start. */
  readonly role: Role
  readonly peer: string | undefined
  /** Hears which part the server has. */
  readonly plays: (role: Role, log: CommitLog) => void
}

/** One server: it recovers its log and then serves clients, or follows the other server until that is gone. */
export class Server {
  readonly #process: Process
  readonly #options: ServerOptions
  readonly #log: CommitLog
  readonly #control: ValueFile<Control>
  #primary: Primary | undefined

  constructor(process: Process, options: ServerOptions) {
    this.#process = process
    this.#options = options
    this.#log = new CommitLog(process, () => process.exit(supervisorDelay))
    this.#control = process.disk.value<Control>('control')
  }

  start(): void {
    const { role } = this.#state
    const { peer } = this.#options
    const entries = this.#log.recover()
    // What is about to be shown must not be lost any more.
    const serve = (): void =>
      entries.length === 0 ? this.#serve(entries) : this.#log.flush(() => this.#serve(entries))
    this.#listen()
    if (role === 'standby') this.#follow()
    else if (peer === undefined || this.#process.incarnation === 1) serve()
    else this.#askFirst(peer, serve)
  }

  /** A primary that comes back may have been replaced: it serves only if the other server does not, or cannot be asked. */
  #askFirst(peer: string, serve: () => void): void {
    const { timelines } = this.#state
    const connection = this.#process.connect<FromPeer, ToPeer>(
      peer,
      'replication',
      {
        received: ({ kind }) => {
          connection.close()
          if (kind === 'not-primary') {
            serve()
            return
          }
          this.#remember({ role: 'standby', timelines })
          this.#follow()
        },
        closed: serve,
      },
      { connectTimeout: this.#options.values.wal_retrieve_retry_interval },
    )
    connection.send(
      { kind: 'stream', timeline: timelineNumber(timelines), from: this.#log.length },
      { bytes: 32, about: 'stream' },
    )
  }

  #listen(): void {
    const { values, peer } = this.#options
    this.#process.listen<Reply, Request>(
      'database',
      (connection) => this.#primary?.accept(connection) ?? notReady(connection),
      Primary.keepAlive(values),
    )
    if (peer === undefined) return
    this.#process.listen<ToPeer, FromPeer>('replication', (connection) => this.#acceptPeer(connection))
  }

  #serve(entries: readonly LogEntry[]): void {
    const { peer, plays } = this.#options
    const timeline = timelineNumber(this.#state.timelines)
    plays('primary', this.#log)
    this.#primary = new Primary(this.#process, this.#log, entries, this.#options)
    if (peer !== undefined && timeline > 1) this.#announce(peer, timeline)
  }

  #follow(): void {
    const { peer, values } = this.#options
    if (peer === undefined) throw new Error('A standby follows another server.')
    this.#options.plays('standby', this.#log)
    const standby = new Standby(this.#process, this.#log, peer, values, {
      timelines: () => this.#state.timelines,
      copied: (entries) => this.#options.account.found(this.#process, entries),
      rewound: (lost, timelines) => {
        this.#options.account.drop(this.#process, lost)
        this.#remember({ role: 'standby', timelines })
      },
      takeOver: () => this.#takeOver(),
    })
    standby.start()
  }

  /** The standby becomes the primary; what it did not get of the other's log never was. */
  #takeOver(): void {
    const { timelines } = this.#state
    const next: Timeline = { number: timelineNumber(timelines) + 1, begins: this.#log.length }
    this.#remember({ role: 'primary', timelines: [...timelines, next] })
    this.#serve(this.#log.entries(0))
  }

  /** Tells the old primary, as soon as it can be reached, that it is one no more. */
  #announce(peer: string, timeline: number): void {
    const { wal_retrieve_retry_interval: interval } = this.#options.values
    const connection = this.#process.connect<FromPeer, ToPeer>(
      peer,
      'replication',
      { received: () => {}, closed: () => void this.#process.setTimer(interval, () => this.#announce(peer, timeline)) },
      { connectTimeout: interval },
    )
    connection.send({ kind: 'superseded', timeline }, { bytes: 32, about: 'superseded' })
  }

  #acceptPeer(connection: Connection<ToPeer>): { received(message: FromPeer): void; closed?(): void } {
    let sender: WalSender | undefined
    return {
      received: (message) => {
        if (message.kind === 'flushed') {
          this.#primary?.standbyHas(message.length)
          return
        }
        // Whoever is on a newer timeline has been primary since.
        const isSuperseded = message.timeline > timelineNumber(this.#state.timelines)
        if (message.kind === 'superseded' || isSuperseded) this.#superseded(message.timeline)
        if (message.kind === 'superseded') return
        if (this.#primary === undefined || isSuperseded)
          connection.send({ kind: 'not-primary' }, { bytes: 16, about: 'not primary' })
        else {
          sender ??= new WalSender(this.#process, connection, this.#log, this.#primary, this.#options.values)
          sender.stream(message.timeline, message.from, this.#state.timelines)
        }
      },
      closed: () => sender?.stop(),
    }
  }

  /** Another server has taken over: this one stops, to come back as its standby. */
  #superseded(timeline: number): void {
    const { role, timelines } = this.#state
    if (role === 'standby' || timelineNumber(timelines) >= timeline) return
    this.#remember({ role: 'standby', timelines })
    this.#process.exit(supervisorDelay)
  }

  get #state(): Control {
    return this.#control.value ?? { role: this.#options.role, timelines: [{ number: 1, begins: 0 }] }
  }

  #remember(control: Control): void {
    this.#control.write(control)
    this.#control.fsync(() => {})
  }
}

function notReady(connection: Connection<Reply>): { received(): void } {
  refuse(connection, { kind: 'ended', sqlState: '57P03', message: 'the server is a standby' })
  return { received: () => {} }
}
