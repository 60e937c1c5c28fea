import type { Micros } from '../../../../simulation/duration.ts'
import type { Done, Isolation, SessionSetting, SynchronousCommit } from '../statement.ts'
import type { Blocking, Wait } from './blocking.ts'
import type { Snapshot } from './snapshot.ts'
import type { Transaction } from './transaction.ts'

/** Which connection it is. */
export type SessionNumber = number

/** What a session may set; µs, 0 for no limit. */
export interface SessionSettings {
  readonly lock_timeout: Micros
  readonly statement_timeout: Micros
  readonly idle_in_transaction_session_timeout: Micros
  readonly synchronous_commit: SynchronousCommit
  readonly default_transaction_isolation: Isolation
}

/** The values with which a session begins where nothing is configured. */
export const sessionDefaults: SessionSettings = {
  lock_timeout: 0,
  statement_timeout: 0,
  idle_in_transaction_session_timeout: 0,
  synchronous_commit: 'on',
  default_transaction_isolation: 'read committed',
}

/** A statement that has begun and not been answered. */
export interface RunningStatement {
  readonly program: Blocking<Done>
  readonly begun: Micros
  waiting: Waiting | undefined
}

export interface Waiting {
  readonly wait: Wait
  readonly since: Micros
  /** The order in which waits began. */
  readonly number: number
  /** A deadlock is looked for once. */
  checked: boolean
}

/** A connection as the server sees it. */
export class Session {
  readonly number: SessionNumber
  settings: SessionSettings
  /** `failed`: a statement failed, and nothing is done until the transaction, or a part of it, is rolled back. */
  block: 'none' | 'open' | 'failed' = 'none'
  transaction: Transaction | undefined
  /** What its running statement sees. */
  snapshot: Snapshot | undefined
  running: RunningStatement | undefined
  /** The client is gone; what runs is finished first. */
  leaves = false
  idleSince: Micros = 0
  #before: SessionSettings | undefined
  #kept: SessionSettings | undefined

  constructor(number: SessionNumber, settings: SessionSettings) {
    this.number = number
    this.settings = settings
  }

  set(setting: SessionSetting, isLocal: boolean): void {
    const changed = { [setting.name]: setting.value }
    this.settings = { ...this.settings, ...changed }
    if (!isLocal && this.#kept !== undefined) this.#kept = { ...this.#kept, ...changed }
  }

  /** What is set from here on is undone by a rollback, and what is set locally also by a commit. */
  beginSettings(): void {
    this.#before = this.settings
    this.#kept = this.settings
  }

  endSettings(how: 'commit' | 'rollback'): void {
    this.settings = (how === 'commit' ? this.#kept : this.#before) ?? this.settings
    this.#before = undefined
    this.#kept = undefined
  }
}
