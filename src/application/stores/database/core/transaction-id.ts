import type { Transaction } from './transaction.ts'

/**
 * Who wrote or locked a version of a row: a transaction, or the part of one since a savepoint. It is given a number when it first writes.
 * A part that ended well is still running: it shares the fate of the whole.
 */
export class TransactionId {
  readonly number: number
  /** `undefined`: whoever wrote what was there when the database started. */
  readonly transaction: Transaction | undefined
  state: 'running' | 'committed' | 'aborted' = 'running'
  /** Which commit it was; snapshots see commits up to a number. */
  commit = 0

  constructor(number: number, transaction: Transaction | undefined) {
    this.number = number
    this.transaction = transaction
  }

  isOf(transaction: Transaction): boolean {
    return this.transaction === transaction && this.state !== 'aborted'
  }

  /** Still running, and not of `transaction`. */
  isRival(transaction: Transaction): boolean {
    return this.state === 'running' && this.transaction !== transaction
  }
}

/** Wrote everything that was there before the first transaction. */
export const ancient = new TransactionId(0, undefined)
ancient.state = 'committed'
