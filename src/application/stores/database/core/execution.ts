import type { Micros } from '../../../../simulation/duration.ts'
import type { Effect } from '../../store.ts'
import type { Query } from '../query.ts'
import type { Value } from '../value.ts'
import type { Blocking } from './blocking.ts'
import type { EffectRules } from './effect-rules.ts'
import type { LockRequest, LockTable, LockTarget } from './lock-table.ts'
import type { Relation } from './relation.ts'
import type { LockStrength } from './row-lock.ts'
import type { Scope } from './scope.ts'
import type { SerializableReads } from './serializable-reads.ts'
import type { SessionNumber } from './session.ts'
import type { Snapshot } from './snapshot.ts'
import type { Table } from './table.ts'
import type { Transaction } from './transaction.ts'

/** A statement that runs: whose it is, what it sees, and what was given with it. */
export interface Execution {
  readonly session: SessionNumber
  readonly transaction: Transaction
  readonly snapshot: Snapshot
  readonly locks: LockTable
  /** What serializable transactions have read; tells nothing of others. */
  readonly reads: SerializableReads
  readonly parameters: readonly Value[]
  /** On whose behalf it runs, where rows count as effects. */
  readonly by: Effect | undefined
  readonly rules: EffectRules
  /** µs since 1970 by the clock of the server. */
  readonly clock: { readonly transaction: Micros; readonly statement: Micros; now(): Micros }
  /** What queries that are run once have given. */
  readonly answers: Map<Query, Relation>
  /** What `with` has named. */
  readonly common: Map<string, Relation>
  newUuid(): string
  tableNamed(name: string): Table
  /** Foreign keys that lead to a table. */
  keysTo(table: string): readonly KeyTo[]
  /** What a query gives for the rows at hand. It does not wait. */
  ask(query: Query, scope: Scope): Relation
  /** The same statement, but one that sees what it has done itself so far, and what others have committed meanwhile. */
  later(): Execution
}

/** A foreign key, seen from the table that it leads to. */
export interface KeyTo {
  readonly table: Table
  readonly columns: readonly string[]
  readonly key: readonly string[]
  readonly name: string
  readonly onDelete: 'no action' | 'cascade' | 'set null'
}

/** Takes a lock, waiting for it if need be. */
export function* takeLock(
  { session, locks }: Execution,
  target: LockTarget,
  strength: LockStrength,
): Blocking<LockRequest> {
  const request = { target, strength, session }
  if (!locks.tryTake(request)) {
    locks.queue(request)
    yield { for: 'lock', request }
  }
  return request
}
