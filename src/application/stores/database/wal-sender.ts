import type { Connection } from '../../../simulation/connection.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { CommitLog } from './commit-log.ts'
import { bytesOf } from './core/commit-record.ts'
import type { DatabaseValues } from './options.ts'
import type { Primary } from './primary.ts'
import type { Timeline, ToPeer } from './protocol.ts'
import { commonLength } from './timeline.ts'

/** Sends the log to the standby as it becomes durable, and a sign of life where there is nothing to send. */
export class WalSender {
  readonly #process: Process
  readonly #connection: Connection<ToPeer>
  readonly #log: CommitLog
  readonly #primary: Primary
  readonly #values: DatabaseValues
  #sent: number | undefined
  #timer: Timer | undefined

  constructor(
    process: Process,
    connection: Connection<ToPeer>,
    log: CommitLog,
    primary: Primary,
    values: DatabaseValues,
  ) {
    this.#process = process
    this.#connection = connection
    this.#log = log
    this.#primary = primary
    this.#values = values
  }

  /** The standby wants the log from a place on; where it has gone another way than this server, it has to go back first. */
  stream(timeline: number, from: number, timelines: readonly Timeline[]): void {
    const common = commonLength(timelines, timeline)
    if (common < Infinity) {
      this.#sent = undefined
      const length = Math.min(from, common)
      this.#connection.send({ kind: 'rewind', length, timelines }, { bytes: 128, about: 'rewind' })
      return
    }
    this.#sent = from
    this.#primary.standbyHas(from)
    this.#primary.onDurable = () => this.#send()
    this.#signOfLife()
    this.#send()
  }

  stop(): void {
    this.#sent = undefined
    this.#timer?.clear()
  }

  #send(): void {
    if (this.#sent === undefined || this.#connection.state === 'over') return
    const entries = this.#log.entries(this.#sent).slice(0, this.#primary.durable - this.#sent)
    if (entries.length === 0) return
    const bytes = entries.reduce((sum, { record }) => sum + bytesOf(record), 32)
    this.#connection.send({ kind: 'entries', from: this.#sent, entries }, { bytes, about: 'log' })
    this.#sent += entries.length
  }

  #signOfLife(): void {
    this.#connection.send({ kind: 'alive' }, { bytes: 16, about: 'alive' })
    const interval = Math.floor(this.#values['failover.after'] / 3)
    this.#timer?.clear()
    this.#timer = this.#process.setTimer(interval, () => this.#signOfLife())
  }
}
