import { AsyncResource } from 'node:async_hooks'
import { EventEmitter } from 'node:events'
import type { DatabaseClient, DirectSession } from '../../../application/stores/database/database-client.ts'
import type { DatabaseError, Done, Statement, StatementResult } from '../../../application/stores/database/statement.ts'
import type { Effect } from '../../../application/stores/store.ts'
import type { Handling } from '../../../application/strategies/strategy.ts'
import type { Inside } from '../../bridge/inside.ts'
import { tellUnheard } from '../../bridge/unheard.ts'
import type { Translation } from '../sql/translate.ts'
import { UnsupportedSql } from '../sql/unsupported-sql.ts'
import { boundStatement } from './bound-statement.ts'
import type { Translations } from './translations.ts'
import { wireError } from './wire-error.ts'
import type { WireValue } from './wire-values.ts'
import { numberOfType, wireOfValue, wireValue } from './wire-values.ts'

/** What a connection needs of its surroundings. */
export interface ConnectionPlace {
  readonly inside: Pick<Inside, 'perform' | 'later' | 'callBack'>
  /** Of the database. */
  readonly name: string
  readonly database: Pick<DatabaseClient, 'open'>
  readonly translations: Translations
  /** On whose behalf a statement runs that is executed now. */
  by(): Effect | undefined
  /** SQL that cannot be simulated was met: the check fails by it, whatever the handler does about the error. */
  unsupported(error: UnsupportedSql): void
}

/** Who took a connection from its pool. */
export interface Taken {
  readonly where: Error
  /** What becomes of the connection is told in this one's name. */
  readonly home: AsyncResource
  /** Nothing outside of any handling. */
  readonly handling: Handling | undefined
}

interface Bound {
  readonly statement: string
  readonly values: readonly unknown[]
  readonly valueMapper: (value: unknown, index: number) => unknown
}

/** What `prepare`, `bind` and `execute` of the extended protocol have gathered until `sync`. */
interface Pending {
  text: string
  values: readonly WireValue[]
  isExecuted: boolean
  error: unknown
}

const nothingPending: Readonly<Pending> = { text: '', values: [], isExecuted: false, error: undefined }

/**
 * The connection of a client of `pg`, which is the client itself and not a copy of it: what would be sent over a socket goes into the simulated
 * network, statement by statement, and what the server answers comes back as the messages that the driver would have read.
 */
export class SimulatedConnection extends EventEmitter {
  /** What the client looks at. */
  parsedStatements: Record<string, string> = {}
  submittedNamedStatements: Record<string, string> = {}
  readonly stream: { destroy(error?: Error): void }
  /** Nothing while it is idle in its pool. */
  taken: Taken | undefined
  readonly #place: ConnectionPlace
  readonly #texts = new Map<string, string>()
  #session: DirectSession | undefined
  #pending: Pending = { ...nothingPending }
  #block: 'I' | 'T' | 'E' = 'I'
  #over = false
  #isLost = false

  constructor(place: ConnectionPlace) {
    super()
    this.#place = place
    this.stream = { destroy: (error) => this.#destroy(error) }
  }

  connect(): void {
    // By this the client knows that there is something to end.
    Object.assign(this, { _connecting: true })
    const { inside, database } = this.#place
    const session = database.open()
    this.#session = session
    session.onEnd((error) => inside.later(() => this.#unasked(() => this.#lost(error))))
    void inside
      .perform(() => session.opened(), { isShared: true })
      .then((error) => {
        if (this.#over) return
        if (error === undefined) this.emit('connect')
        else this.#lost(error)
      })
  }

  startup(): void {
    this.emit('readyForQuery', { status: this.#block })
  }

  query(text: string): void {
    void this.#run(text, undefined)
  }

  parse({ text = '', name = '' }: { readonly text?: string; readonly name?: string }): void {
    this.#texts.set(name, text)
    this.emit('parseComplete')
  }

  bind({ statement = '', values = [], valueMapper }: Partial<Bound> & Pick<Bound, 'valueMapper'>): void {
    this.#pending.text = this.#texts.get(statement) ?? ''
    this.#pending.values = values.map((value, index) => wireValue(value, index, valueMapper))
  }

  describe(): void {}

  execute({ rows }: { readonly rows?: number }): void {
    if (rows !== undefined && rows > 0)
      this.#place.unsupported(new UnsupportedSql('reading a result in parts', this.#pending.text, undefined))
    this.#pending.isExecuted = true
  }

  flush(): void {}

  /** Closes a prepared statement. */
  close(): void {
    this.#pending = { ...nothingPending }
  }

  sync(): void {
    const { text, values, isExecuted } = this.#pending
    this.#pending = { ...nothingPending }
    if (isExecuted) void this.#run(text, values)
    else this.emit('readyForQuery', { status: this.#block })
  }

  end(): void {
    this.#finish()
  }

  ref(): void {}

  unref(): void {}

  cancel(): void {}

  sendCopyFail(): void {}

  /** Executes the statements of a text; with parameters it has only one. */
  async #run(text: string, values: readonly WireValue[] | undefined): Promise<void> {
    try {
      const statements = this.#place.translations.of(text)
      if (statements.length === 0) this.emit('emptyQuery')
      else if (statements.length > 1 && values !== undefined) await this.#refuseSeveral()
      else await this.#runAll(statements, values, text)
    } catch (error) {
      if (!(error instanceof UnsupportedSql)) throw error
      this.#place.unsupported(error)
      if (!this.#over) this.emit('errorMessage', error)
    }
    if (!this.#over && !this.#isLost) this.emit('readyForQuery', { status: this.#block })
  }

  async #runAll(
    statements: ReturnType<Translations['of']>,
    values: readonly WireValue[] | undefined,
    text: string,
  ): Promise<void> {
    // Several statements that come at once are one transaction, where they do not say otherwise.
    const isOwn =
      statements.length > 1 &&
      this.#block === 'I' &&
      statements[0]?.about !== 'transaction' &&
      statements.some(({ about }) => about === 'rows')
    if (isOwn && statements.some(({ about }) => about === 'transaction' || about === 'schema'))
      throw new UnsupportedSql('rows, tables and transactions in one text', text, undefined)
    if (isOwn) await this.#execute({ kind: 'begin' })
    for (const each of statements) {
      const translation = each.translate()
      const result = await this.#execute(boundStatement(translation, values, this.#place.by()))
      if (this.#over || this.#isLost) return
      if (result.kind === 'error') {
        if (isOwn) await this.#execute({ kind: 'rollback' })
        this.#tellError(result, text)
        return
      }
      this.#tell(translation, result)
    }
    if (isOwn) await this.#execute({ kind: 'commit' })
  }

  async #refuseSeveral(): Promise<void> {
    const message = 'cannot insert multiple commands into a prepared statement'
    const result = await this.#execute({ kind: 'refuse', sqlState: '42601', message })
    if (!this.#over && result.kind === 'error') this.#tellError(result, '')
  }

  async #execute(statement: Statement): Promise<StatementResult> {
    const session = this.#session
    if (session === undefined) throw new Error('A statement was sent before the connection was opened.')
    const result = await this.#place.inside.perform(() => session.execute(statement))
    // The end of the connection is told when the system tells of it, and not as an answer.
    if (result.kind === 'error' && result.lost !== undefined) this.#isLost = true
    this.#follow(statement, result)
    return result
  }

  /** Whether a transaction is open, as the server says with each answer. */
  #follow({ kind }: Statement, result: StatementResult): void {
    if (result.kind === 'error') {
      if (kind === 'commit') this.#block = 'I'
      else if (this.#block === 'T') this.#block = 'E'
    } else if (kind === 'begin') this.#block = 'T'
    else if (kind === 'commit' || kind === 'rollback') this.#block = 'I'
    else if (kind === 'rollback-to-savepoint') this.#block = 'T'
  }

  #tell({ command, columns, counts }: Translation, result: Done): void {
    if (columns.length > 0 || command === 'SELECT') {
      this.emit('rowDescription', {
        fields: columns.map(({ name, type }, place) => field(name, numberOfType(type), place + 1)),
      })
      for (const row of result.rows)
        this.emit('dataRow', {
          fields: columns.map(({ name, key = name, type }) => wireOfValue(row[key] ?? null, type)),
        })
    }
    const told = result.rolledBack ? 'ROLLBACK' : command
    const count = command === 'INSERT' ? ` 0 ${result.count}` : counts ? ` ${result.count}` : ''
    this.emit('commandComplete', { text: `${told}${count}` })
  }

  #tellError(error: DatabaseError, text: string): void {
    if (error.about?.isUnsupported === true) {
      const unsupported = new UnsupportedSql(error.message, text, undefined)
      this.#place.unsupported(unsupported)
      this.emit('errorMessage', unsupported)
    } else this.emit('errorMessage', wireError(error))
  }

  /** The connection is over, and not by this side. */
  #lost(error: DatabaseError): void {
    if (this.#over) return
    const told = wireError(error)
    // What the server says last comes as a message; what the system says, as an error of the socket; and a plain end, as an end.
    if (error.lost === undefined) this.emit('errorMessage', told)
    else if (error.lost !== 'closed' && error.lost !== 'given-up') this.emit('error', told)
    this.#finish()
  }

  #destroy(error: Error | undefined): void {
    if (this.#over) return
    if (error !== undefined) this.emit('error', error)
    this.#finish()
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#session?.close()
    process.nextTick(() => this.#unasked(() => this.emit('end')))
  }

  /** Tells the client what nobody asked for. Where nobody listens to it, the error ends the process; it says little of where it comes from. */
  #unasked(tell: () => void): void {
    const { inside, name } = this.#place
    const { home, where } = this.taken ?? {}
    const told = (): void => {
      try {
        tell()
      } catch (error) {
        tellUnheard(error, where === undefined ? idleText(name) : takenText(name), where)
        throw error
      }
    }
    if (home === undefined) inside.callBack(told)
    else home.runInAsyncScope(() => inside.callBack(told))
  }
}

function idleText(name: string): string {
  return `a connection to ${name} broke while it was idle in its pool, and nobody listens: pool.on('error', ...)`
}

function takenText(name: string): string {
  return `a connection to ${name} broke that was taken from its pool, and nobody listens: client.on('error', ...)`
}

function field(name: string, dataTypeID: number, columnID: number): object {
  return { name, tableID: 0, columnID, dataTypeID, dataTypeSize: -1, dataTypeModifier: -1, format: 'text' }
}
