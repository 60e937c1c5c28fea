import type { Blocking } from './blocking.ts'
import type { LockRequest, LockTable, LockTarget } from './lock-table.ts'
import type { LockStrength } from './row-lock.ts'
import type { SerializableReads } from './serializable-reads.ts'
import type { SessionNumber } from './session.ts'
import type { Snapshot } from './snapshot.ts'
import type { Table } from './table.ts'
import type { Transaction } from './transaction.ts'

/** A statement that runs: whose it is, and what it sees. */
export interface Execution {
  readonly session: SessionNumber
  readonly transaction: Transaction
  readonly snapshot: Snapshot
  readonly locks: LockTable
  /** What serializable transactions have read; tells nothing of others. */
  readonly reads: SerializableReads
  tableNamed(name: string): Table
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
