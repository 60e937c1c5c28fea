import type { Connection } from '../../../simulation/connection.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { CommitLog } from './commit-log.ts'
import type { DatabaseValues } from './options.ts'
import type { FromPeer, LogEntry, Timeline, ToPeer } from './protocol.ts'
import { timelineNumber } from './timeline.ts'

export interface StandbyHost {
  timelines(): readonly Timeline[]
  /** Commits were dropped to follow the primary on its way. */
  rewound(lost: readonly LogEntry[], timelines: readonly Timeline[]): void
  /** These were copied from the primary, and are there now whatever was said of them before. */
  copied(entries: readonly LogEntry[]): void
  takeOver(): void
}

/** Follows the log of the primary, and takes over when nothing has been heard of it for too long. */
export class Standby {
  readonly #process: Process
  readonly #log: CommitLog
  readonly #peer: string
  readonly #values: DatabaseValues
  readonly #host: StandbyHost
  #connection: Connection<FromPeer> | undefined
  #watch: Timer | undefined
  #over = false

  constructor(process: Process, log: CommitLog, peer: string, values: DatabaseValues, host: StandbyHost) {
    this.#process = process
    this.#log = log
    this.#peer = peer
    this.#values = values
    this.#host = host
  }

  start(): void {
    this.#heard()
    this.#connect()
  }

  #connect(): void {
    if (this.#over) return
    // Whoever may take over looks for the primary often enough before.
    const interval = Math.min(this.#values.wal_retrieve_retry_interval, Math.floor(this.#values['failover.after'] / 3))
    const again = (): void => void this.#process.setTimer(interval, () => this.#connect(), this.#peer)
    this.#connection = this.#process.connect<FromPeer, ToPeer>(
      this.#peer,
      'replication',
      { opened: () => this.#ask(), received: (message) => this.#receive(message, again), closed: again },
      { connectTimeout: interval, userTimeout: this.#values['failover.after'] },
    )
  }

  #ask(): void {
    const timeline = timelineNumber(this.#host.timelines())
    this.#send({ kind: 'stream', timeline, from: this.#log.length })
  }

  #receive(message: ToPeer, again: () => void): void {
    if (this.#over) return
    if (message.kind !== 'not-primary') this.#heard()
    switch (message.kind) {
      case 'entries':
        this.#write(message.from, message.entries)
        break
      case 'rewind':
        this.#rewind(message.length, message.timelines)
        break
      case 'not-primary':
        this.#connection?.close()
        again()
        break
      case 'alive':
    }
  }

  #write(from: number, entries: readonly LogEntry[]): void {
    for (const [index, entry] of entries.entries())
      if (from + index === this.#log.length && !this.#log.append(entry)) return
    this.#host.copied(entries)
    const { length } = this.#log
    this.#log.flush(() => this.#send({ kind: 'flushed', length }))
  }

  #rewind(length: number, timelines: readonly Timeline[]): void {
    const lost = this.#log.entries(length)
    this.#log.truncate(length)
    this.#host.rewound(lost, timelines)
    this.#ask()
  }

  #send(message: FromPeer): void {
    if (!this.#over) this.#connection?.send(message, { bytes: 32, about: message.kind })
  }

  /** The primary is there: the time until this server takes over begins anew. */
  #heard(): void {
    this.#watch?.clear()
    this.#watch = this.#process.setTimer(this.#values['failover.after'], () => this.#takeOver(), this.#peer)
  }

  #takeOver(): void {
    this.#over = true
    this.#connection?.close()
    this.#host.takeOver()
  }
}
