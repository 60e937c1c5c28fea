import type { CommitRecord } from './commit-record.ts'
import type { LockRequest } from './lock-table.ts'
import type { TransactionId } from './transaction-id.ts'

/** What a statement waits for: the end of a transaction, a lock, or the log. */
export type Wait =
  | { readonly for: 'transaction'; readonly id: TransactionId }
  | { readonly for: 'lock'; readonly request: LockRequest }
  | { readonly for: 'log'; readonly record: CommitRecord }

/** A part of a statement that may have to wait; it is resumed when what it waits for has come, and thrown at when the wait is given up. */
export type Blocking<R> = Generator<Wait, R, void>

export function* endOf(id: TransactionId): Blocking<void> {
  while (id.state === 'running') yield { for: 'transaction', id }
}
