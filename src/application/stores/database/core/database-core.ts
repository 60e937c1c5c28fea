import type { Micros } from '../../../../simulation/duration.ts'
import { second } from '../../../../simulation/duration.ts'
import type { Statement, StatementResult, TableDefinition, UniqueKey } from '../statement.ts'
import type { CommitRecord } from './commit-record.ts'
import { findDeadlock } from './deadlock.ts'
import type { EffectRules } from './effect-rules.ts'
import { noEffects } from './effect-rules.ts'
import { Failure } from './failure.ts'
import { LockTable } from './lock-table.ts'
import { runStatement } from './run-statement.ts'
import type { Surroundings } from './run-statement.ts'
import { SerializableReads } from './serializable-reads.ts'
import type { SchemaChanges } from './schema-changes.ts'
import type { SessionNumber, SessionSettings, Waiting } from './session.ts'
import { Session } from './session.ts'
import { Tables } from './tables.ts'
import { Transactions } from './transactions.ts'
import type { Version } from './version.ts'
import { changeOf } from './version.ts'

export interface CoreOptions {
  /** µs that a session waits before it looks for a deadlock. `deadlock_timeout`: 1 s. */
  readonly deadlockTimeout: Micros
  /** Which of several sessions that may go on at the same moment does so first: one of 0 to `count` - 1. The server leaves it open. */
  readonly choose: (count: number) => number
  /** µs since 1970. */
  readonly wallClock: () => Micros
  readonly newUuid: () => string
  /** Which rows are effects. */
  readonly rules: () => EffectRules
  readonly schema: SchemaChanges
}

export const coreDefaults: CoreOptions = {
  deadlockTimeout: second,
  choose: () => 0,
  wallClock: () => 0,
  newUuid: () => '00000000-0000-4000-8000-000000000000',
  rules: () => noEffects,
  schema: { table: () => {}, index: () => {} },
}

/** What comes of a call. */
export type Output =
  | { readonly kind: 'answer'; readonly session: SessionNumber; readonly result: StatementResult }
  /** To be written to the log; {@link DatabaseCore.logged} tells when the session may go on. */
  | { readonly kind: 'log'; readonly session: SessionNumber; readonly record: CommitRecord }
  /** The server ended the session. */
  | { readonly kind: 'ended'; readonly session: SessionNumber; readonly failure: Failure }

/**
 * A database as a state machine: sessions execute statements, wait for each other, and are answered. It knows no network and no disk; time is
 * passed in and never goes backwards.
 */
export class DatabaseCore {
  readonly #options: CoreOptions
  readonly #around: Surroundings
  readonly #sessions = new Map<SessionNumber, Session>()
  readonly #ready: Session[] = []
  #outputs: Output[] = []
  #now: Micros = 0
  #sessionsOpened = 0
  #waits = 0

  /** `log`: what is there already. */
  constructor(options: CoreOptions, tables: readonly TableDefinition[] = [], log: readonly CommitRecord[] = []) {
    this.#options = options
    const locks = new LockTable((number) => this.#wake(number))
    const reads = new SerializableReads()
    const firstNumber = log.reduce((last, { transaction }) => Math.max(last, transaction), 0) + 1
    const transactions = new Transactions(locks, reads, firstNumber, () => this.#wakeWaiters())
    const { rules, schema, wallClock, newUuid } = options
    const tablesOfRun = new Tables()
    this.#around = { tables: tablesOfRun, locks, reads, transactions, rules, schema, wallClock, newUuid }
    for (const table of tables) this.#around.tables.create(table, true)
    for (const record of log) this.#around.tables.redo(record)
  }

  open(settings: SessionSettings, now: Micros): SessionNumber {
    const session = new Session(++this.#sessionsOpened, settings)
    session.idleSince = now
    this.#sessions.set(session.number, session)
    return session.number
  }

  get sessionCount(): number {
    return this.#sessions.size
  }

  settingsOf(number: SessionNumber): SessionSettings {
    return this.#session(number).settings
  }

  createTable(table: TableDefinition): void {
    this.#around.tables.create(table, true)
  }

  createIndex(table: string, key: UniqueKey): void {
    this.#around.tables.createIndex(table, key, true)
  }

  /** Rows that were there before everything else. */
  restore(records: readonly CommitRecord[]): void {
    for (const record of records) this.#around.tables.redo(record)
  }

  /** A session executes a statement; its last one has been answered. */
  execute(number: SessionNumber, statement: Statement, now: Micros): readonly Output[] {
    const session = this.#session(number)
    if (session.running !== undefined) throw new Error('A session executes one statement at a time.')
    this.#now = now
    session.running = { program: runStatement(this.#around, session, statement), begun: now, waiting: undefined }
    this.#resume(session)
    return this.#takeOutputs()
  }

  /** What a session waited for is in the log. */
  logged(number: SessionNumber, now: Micros): readonly Output[] {
    this.#now = now
    this.#wake(number)
    return this.#takeOutputs()
  }

  /** The client is gone. A statement that runs is finished before the server notices; an open transaction is rolled back then. */
  hangUp(number: SessionNumber, now: Micros): readonly Output[] {
    const session = this.#sessions.get(number)
    if (session === undefined) return []
    this.#now = now
    session.leaves = true
    if (session.running === undefined) this.#leave(session)
    return this.#takeOutputs()
  }

  /** Whether a session waits for another one. */
  isWaiting(number: SessionNumber): boolean {
    const wait = this.#sessions.get(number)?.running?.waiting?.wait
    return wait !== undefined && wait.for !== 'log'
  }

  /** When {@link passTime} has something to do next; `undefined` when nothing is due by itself. */
  nextDeadline(): Micros | undefined {
    const next = this.#nextDue()
    return next?.due
  }

  /** Does what is due: looks for deadlocks, gives up waiting, ends idle transactions. */
  passTime(now: Micros): readonly Output[] {
    for (let next = this.#nextDue(); next !== undefined && next.due <= now; next = this.#nextDue()) {
      this.#now = Math.max(this.#now, next.due)
      next.act()
      this.#runReady()
    }
    this.#now = Math.max(this.#now, now)
    return this.#takeOutputs()
  }

  /** Drops versions that nobody can see; returns how many are left. */
  vacuum(): number {
    const snapshots = [...this.#sessions.values()].flatMap(({ snapshot }) => snapshot?.commits ?? [])
    const oldest = Math.min(...snapshots)
    const isDead = (version: Version): boolean => {
      if (version.by.state === 'aborted') return true
      const by = changeOf(version)?.by
      return by !== undefined && by.state === 'committed' && by.commit <= oldest
    }
    return this.#around.tables.vacuum(isDead)
  }

  #session(number: SessionNumber): Session {
    const session = this.#sessions.get(number)
    if (session === undefined) throw new Error(`There is no session ${number}.`)
    return session
  }

  #wake(number: SessionNumber): void {
    this.#ready.push(this.#session(number))
  }

  /** Those go on whose rival has ended, in the order in which they began to wait. */
  #wakeWaiters(): void {
    const woken = [...this.#sessions.values()].filter((session) => {
      const wait = session.running?.waiting?.wait
      return wait?.for === 'transaction' && wait.id.state !== 'running' && !this.#ready.includes(session)
    })
    woken.sort((one, other) => (one.running?.waiting?.number ?? 0) - (other.running?.waiting?.number ?? 0))
    this.#ready.push(...woken)
  }

  #takeOutputs(): readonly Output[] {
    this.#runReady()
    const outputs = this.#outputs
    this.#outputs = []
    return outputs
  }

  #runReady(): void {
    while (this.#ready.length > 0) {
      const choice = this.#ready.length === 1 ? 0 : this.#options.choose(this.#ready.length)
      for (const session of this.#ready.splice(choice, 1)) this.#resume(session)
    }
  }

  /** Lets a statement go on until it waits or ends. */
  #resume(session: Session, failure?: Failure): void {
    const { running } = session
    if (running === undefined) return
    running.waiting = undefined
    try {
      const next = failure === undefined ? running.program.next() : running.program.throw(failure)
      if (next.done === true) this.#answer(session, next.value)
      else {
        running.waiting = { wait: next.value, since: this.#now, number: ++this.#waits, checked: false }
        if (next.value.for === 'log')
          this.#outputs.push({ kind: 'log', session: session.number, record: next.value.record })
      }
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      this.#answer(session, error.asError)
    }
  }

  #answer(session: Session, result: StatementResult): void {
    session.running = undefined
    session.snapshot = session.transaction?.snapshot
    session.idleSince = this.#now
    this.#outputs.push({ kind: 'answer', session: session.number, result })
    if (session.leaves) this.#leave(session)
  }

  #leave(session: Session): void {
    if (session.transaction !== undefined) this.#around.transactions.abort(session.transaction)
    this.#sessions.delete(session.number)
  }

  #nextDue(): Due | undefined {
    let next: Due | undefined
    for (const session of this.#sessions.values()) {
      for (const candidate of this.#dueOf(session)) if (next === undefined || candidate.due < next.due) next = candidate
    }
    return next
  }

  #dueOf(session: Session): readonly Due[] {
    const { running, settings } = session
    const waiting = running?.waiting
    if (running === undefined) {
      const limit = settings.idle_in_transaction_session_timeout
      if (session.block === 'none' || limit <= 0) return nothingDue
      return [{ due: session.idleSince + limit, act: () => this.#end(session) }]
    }
    if (waiting === undefined || waiting.wait.for === 'log') return nothingDue
    const dues: Due[] = []
    if (settings.statement_timeout > 0)
      dues.push({ due: running.begun + settings.statement_timeout, act: () => this.#giveUp(session, canceled) })
    if (settings.lock_timeout > 0)
      dues.push({ due: waiting.since + settings.lock_timeout, act: () => this.#giveUp(session, lockTimeout) })
    if (!waiting.checked) {
      const act = (): void => this.#lookForDeadlock(session, waiting)
      dues.push({ due: waiting.since + this.#options.deadlockTimeout, act })
    }
    return dues
  }

  #lookForDeadlock(session: Session, waiting: Waiting): void {
    waiting.checked = true
    const { locks } = this.#around
    const found = findDeadlock(session.number, this.#sessions, locks)
    if (found.kind === 'deadlock') this.#giveUp(session, () => new Failure('40P01', 'deadlock detected'))
    else if (found.kind === 'queue') locks.advance(found.toTheFront)
  }

  #giveUp(session: Session, failure: () => Failure): void {
    const wait = session.running?.waiting?.wait
    if (wait?.for === 'lock') this.#around.locks.withdraw(wait.request)
    this.#resume(session, failure())
  }

  #end(session: Session): void {
    const failure = new Failure('25P03', 'terminating connection due to idle-in-transaction timeout')
    this.#outputs.push({ kind: 'ended', session: session.number, failure })
    this.#leave(session)
  }
}

/** What happens to a session unless something else happens first. */
interface Due {
  readonly due: Micros
  readonly act: () => void
}

const nothingDue: readonly Due[] = []

const canceled = (): Failure => new Failure('57014', 'canceling statement due to statement timeout')
const lockTimeout = (): Failure => new Failure('55P03', 'canceling statement due to lock timeout')
