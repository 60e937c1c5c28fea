import type { ConnectOptions } from '../../../simulation/connect-options.ts'
import type { Connection, ConnectionHandler } from '../../../simulation/connection.ts'
import type { Process } from '../../../simulation/process.ts'
import type { Timer } from '../../../simulation/timer.ts'
import type { CommitLog } from './commit-log.ts'
import type { CommitRecord } from './core/commit-record.ts'
import type { Output } from './core/database-core.ts'
import { coreDefaults, DatabaseCore } from './core/database-core.ts'
import type { SessionNumber, SessionSettings } from './core/session.ts'
import type { EffectAccount } from './effect-account.ts'
import type { DatabaseValues } from './options.ts'
import type { LogEntry, Reply, Request } from './protocol.ts'
import type { IndexDefinition, Schema } from './schema.ts'
import type { StatementResult, TableDefinition } from './statement.ts'
import { nameOf } from './statement.ts'

/** Connections that are not for ordinary users: `superuser_reserved_connections`. */
const reservedConnections = 3
/** Commits after which versions that nobody can see are looked for. */
const commitsBetweenVacuums = 256

export interface PrimaryOptions {
  readonly values: DatabaseValues
  readonly schema: Schema
  readonly account: EffectAccount
  readonly nextCommit: () => number
}

/** A client's end of a session: requests of a client that does not wait for answers are taken one after the other. */
interface Client {
  readonly connection: Connection<Reply>
  readonly requests: Request[]
  running: Request | undefined
}

/** The server that takes statements: sessions of clients, and commits that go to the log before anybody hears of them. */
export class Primary {
  readonly #process: Process
  readonly #log: CommitLog
  readonly #options: PrimaryOptions
  readonly #core: DatabaseCore
  readonly #clients = new Map<SessionNumber, Client>()
  /** Commits that wait for the standby: up to where the log has to be there. */
  #awaitingStandby: { readonly length: number; readonly done: () => void }[] = []
  #standbyHas = 0
  #timer: Timer | undefined
  #lateFlush: Timer | undefined
  #commits = 0
  /** Called whenever more of the log is durable. */
  #onDurable: () => void = () => {}
  #durable: number

  constructor(process: Process, log: CommitLog, entries: readonly LogEntry[], options: PrimaryOptions) {
    this.#process = process
    this.#log = log
    this.#options = options
    this.#durable = log.length
    options.account.begin(process, entries)
    const { values, schema } = options
    const records = entries.map(({ record }) => record)
    let uuids = 0
    const coreOptions = {
      ...coreDefaults,
      deadlockTimeout: values.deadlock_timeout,
      wallClock: () => process.wallClock,
      newUuid: () => uuidOf(process, ++uuids),
      rules: () => schema.rules,
      schema: {
        table: (table: TableDefinition) => schema.add(table),
        index: (index: IndexDefinition) => schema.addIndex(index),
      },
    }
    this.#core = new DatabaseCore(coreOptions, schema.tables, [...schema.rows, ...records])
    for (const { table, key } of schema.indexes) this.#core.createIndex(table, key)
    schema.onChange({
      table: (table) => this.#core.createTable(table),
      index: ({ table, key }) => this.#core.createIndex(table, key),
      rows: (rows) => this.#core.restore(rows),
    })
  }

  /** How much of the log a standby may have. */
  get durable(): number {
    return this.#durable
  }

  set onDurable(called: () => void) {
    this.#onDurable = called
  }

  static keepAlive(values: DatabaseValues): ConnectOptions {
    return {
      keepAlive: {
        idle: values.tcp_keepalives_idle,
        interval: values.tcp_keepalives_interval,
        probes: values.tcp_keepalives_count,
      },
    }
  }

  accept(connection: Connection<Reply>): ConnectionHandler<Request> {
    const { values } = this.#options
    if (this.#core.sessionCount >= Math.max(1, values.max_connections - reservedConnections)) {
      refuse(connection, { kind: 'ended', sqlState: '53300', message: 'sorry, too many clients already' })
      return { received: () => {} }
    }
    const session = this.#core.open(settingsOf(values), this.#process.now)
    const client: Client = { connection, requests: [], running: undefined }
    this.#clients.set(session, client)
    connection.send({ kind: 'ready' }, { bytes: 64, about: 'ready' })
    return {
      received: (request) => {
        client.requests.push(request)
        this.#runNext(session, client)
      },
      closed: () => {
        this.#clients.delete(session)
        this.#act(this.#core.hangUp(session, this.#process.now))
      },
    }
  }

  /** The standby has the log on its disk up to `length`. */
  standbyHas(length: number): void {
    this.#standbyHas = length
    const reached = this.#awaitingStandby.filter((each) => each.length <= length)
    this.#awaitingStandby = this.#awaitingStandby.filter((each) => each.length > length)
    for (const { done } of reached) done()
  }

  #runNext(session: SessionNumber, client: Client): void {
    if (client.running !== undefined) return
    const request = client.requests.shift()
    if (request === undefined) return
    client.running = request
    this.#act(this.#core.execute(session, request.statement, this.#process.now))
  }

  #act(outputs: readonly Output[]): void {
    for (const output of outputs) {
      switch (output.kind) {
        case 'log':
          this.#commit(output.session, output.record)
          break
        case 'answer':
          this.#answer(output.session, output.result)
          break
        case 'ended':
          this.#endSession(output.session, {
            kind: 'ended',
            sqlState: output.failure.sqlState,
            message: output.failure.message,
          })
      }
    }
    this.#setTimer()
  }

  #commit(session: SessionNumber, record: CommitRecord): void {
    const { account, nextCommit, values } = this.#options
    const goOn = (): void => this.#act(this.#core.logged(session, this.#process.now))
    if (record.changes.length === 0) {
      account.tellUnlogged(this.#process, record)
      goOn()
      return
    }
    const entry = { number: nextCommit(), record }
    const { synchronous_commit: waits } = this.#core.settingsOf(session)
    if (!this.#log.append(entry)) return
    const visible = (): void => {
      account.tell(this.#process, entry)
      if (++this.#commits % commitsBetweenVacuums === 0) this.#core.vacuum()
      goOn()
    }
    if (waits === 'off') {
      this.#flushLater()
      visible()
      return
    }
    const { length } = this.#log
    const isSynchronous = values.synchronous_standby_names !== '' && waits !== 'local'
    this.#flush(() => (isSynchronous ? this.#awaitStandby(length, visible) : visible()))
  }

  #awaitStandby(length: number, done: () => void): void {
    if (this.#standbyHas >= length) done()
    else this.#awaitingStandby.push({ length, done })
  }

  #flush(done: () => void): void {
    const { length } = this.#log
    this.#log.flush(() => {
      this.#durable = Math.max(this.#durable, length)
      this.#onDurable()
      done()
    })
  }

  #flushLater(): void {
    if (this.#lateFlush !== undefined) return
    this.#lateFlush = this.#process.setTimer(this.#options.values.wal_writer_delay, () => {
      this.#lateFlush = undefined
      this.#flush(() => {})
    })
  }

  #answer(session: SessionNumber, result: StatementResult): void {
    const client = this.#clients.get(session)
    if (client?.running === undefined) return
    const { number, statement } = client.running
    const bytes = 64 + (result.kind === 'done' ? 32 * result.rows.length : 0)
    client.connection.send({ kind: 'result', number, result }, { bytes, about: nameOf(statement) })
    client.running = undefined
    this.#runNext(session, client)
  }

  #endSession(session: SessionNumber, reply: Extract<Reply, { readonly kind: 'ended' }>): void {
    const client = this.#clients.get(session)
    this.#clients.delete(session)
    if (client !== undefined) refuse(client.connection, reply)
  }

  #setTimer(): void {
    this.#timer?.clear()
    const due = this.#core.nextDeadline()
    const act = (): void => this.#act(this.#core.passTime(this.#process.now))
    this.#timer = due === undefined ? undefined : this.#process.setTimer(Math.max(0, due - this.#process.now), act)
  }
}

/** The n-th of this server: version 4, of a stream of its own. */
function uuidOf(process: Process, number: number): string {
  const random = process.randomOf(`${process.name}/uuid-${process.incarnation}-${number}`)
  const digits = Array.from({ length: 31 }, () => Math.floor(random.next() * 16).toString(16)).join('')
  const variant = '89ab'.charAt(Math.floor(random.next() * 4))
  return [
    ...[digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(12, 15)}`],
    ...[`${variant}${digits.slice(15, 18)}`, digits.slice(18, 30)],
  ].join('-')
}

/** Says why there is no session, or no more, and goodbye. */
export function refuse(connection: Connection<Reply>, reply: Extract<Reply, { readonly kind: 'ended' }>): void {
  connection.send(reply, { bytes: 64, about: 'ended' })
  connection.close()
}

function settingsOf(values: DatabaseValues): SessionSettings {
  const { lock_timeout, statement_timeout, idle_in_transaction_session_timeout } = values
  const { synchronous_commit, default_transaction_isolation } = values
  return {
    lock_timeout,
    statement_timeout,
    idle_in_transaction_session_timeout,
    synchronous_commit,
    default_transaction_isolation,
  }
}
