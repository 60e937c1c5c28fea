import type { Isolation } from '../statement.ts'
import type { Blocking } from './blocking.ts'
import type { LockRequest, LockTable } from './lock-table.ts'
import type { SerializableReads } from './serializable-reads.ts'
import type { SessionNumber } from './session.ts'
import type { Snapshot } from './snapshot.ts'
import { Transaction } from './transaction.ts'

/** The transactions that run: their numbers, snapshots and ends. */
export class Transactions {
  readonly #running = new Set<Transaction>()
  readonly #locks: LockTable
  readonly #reads: SerializableReads
  #commits = 0
  #nextNumber: number
  /** Called when transactions, or parts of them, have ended. */
  readonly #ended: () => void

  /** `firstNumber`: greater than those of all transactions before. */
  constructor(locks: LockTable, reads: SerializableReads, firstNumber: number, ended: () => void) {
    this.#locks = locks
    this.#reads = reads
    this.#nextNumber = firstNumber
    this.#ended = ended
  }

  begin(session: SessionNumber, isolation: Isolation, readOnly: boolean): Transaction {
    const transaction = new Transaction(session, isolation, readOnly, () => this.#nextNumber++)
    this.#running.add(transaction)
    return transaction
  }

  /** What the next statement sees. */
  snapshotFor(transaction: Transaction): Snapshot {
    const { command } = transaction
    transaction.hasBegun = true
    if (transaction.snapshot !== undefined) return { ...transaction.snapshot, command }
    let oldestRunning = this.#nextNumber
    for (const { number } of this.#running) if (number !== undefined) oldestRunning = Math.min(oldestRunning, number)
    const snapshot = { commits: this.#commits, command, oldestRunning }
    if (transaction.keepsSnapshot) transaction.snapshot = snapshot
    if (transaction.isolation === 'serializable') this.#reads.begin(transaction, snapshot)
    return snapshot
  }

  /** Commits once the log has it; until then nobody sees it, and its locks are held. Fails where serializability would be lost. */
  *commit(transaction: Transaction): Blocking<void> {
    this.#reads.prepare(transaction)
    const { record } = transaction
    if (record !== undefined) yield { for: 'log', record }
    if (record !== undefined) this.#commits++
    this.#end(transaction, 'committed')
  }

  abort(transaction: Transaction): void {
    this.#end(transaction, 'aborted')
  }

  rollBackTo(transaction: Transaction, savepoint: string): void {
    this.#giveBack(transaction.rollBackTo(savepoint))
  }

  abortInnermost(transaction: Transaction): void {
    this.#giveBack(transaction.abortInnermost())
  }

  #end(transaction: Transaction, how: 'committed' | 'aborted'): void {
    if (!this.#running.delete(transaction)) return
    const locks = transaction.end(how, this.#commits)
    this.#reads.end(transaction, how, this.#nextNumber)
    this.#giveBack(locks)
  }

  #giveBack(locks: readonly LockRequest[]): void {
    for (const lock of locks) this.#locks.release(lock)
    this.#ended()
  }
}
