import type { Control, Done, Isolation, Statement } from '../statement.ts'
import type { Blocking } from './blocking.ts'
import type { Execution } from './execution.ts'
import { takeLock } from './execution.ts'
import { Failure } from './failure.ts'
import { insert } from './insert.ts'
import type { LockTable } from './lock-table.ts'
import { remove, update } from './modify.ts'
import { select } from './select.ts'
import type { SerializableReads } from './serializable-reads.ts'
import type { Session } from './session.ts'
import type { Tables } from './tables.ts'
import type { Transaction } from './transaction.ts'
import type { Transactions } from './transactions.ts'

/** What statements work on. */
export interface Surroundings {
  readonly tables: Tables
  readonly locks: LockTable
  readonly reads: SerializableReads
  readonly transactions: Transactions
}

const done: Done = { kind: 'done', rows: [], count: 0, rolledBack: false }

/** Runs a statement of a session to its end. What fails is thrown, and has been undone as far as it is to be. */
export function* runStatement(around: Surroundings, session: Session, statement: Statement): Blocking<Done> {
  try {
    if (session.block === 'failed') return inFailedBlock(around, session, statement)
    switch (statement.kind) {
      case 'begin':
        return begin(around, session, statement)
      case 'commit':
        return yield* commit(around, session)
      case 'rollback':
        return rollBack(around, session)
      case 'savepoint':
      case 'release-savepoint':
      case 'rollback-to-savepoint':
        return savepoint(around, session, statement)
      case 'set':
        session.set(statement.setting)
        return done
      case 'create-table':
        around.tables.create(statement.table, statement.ifNotExists === true)
        return done
      default:
        return yield* inTransaction(around, session, (execution) => work(execution, statement))
    }
  } catch (error) {
    fail(around, session)
    throw error
  }
}

/** A statement that reads or writes. */
type Work = Extract<Statement, { readonly kind: 'select' | 'insert' | 'update' | 'delete' | 'advisory-lock' }>

function* work(execution: Execution, statement: Work): Blocking<Done> {
  const { transaction } = execution
  if (statement.kind === 'select') return yield* select(execution, statement)
  if (statement.kind === 'advisory-lock') return yield* lockNumber(execution, statement)
  if (transaction.readOnly)
    throw new Failure('25006', `cannot execute ${statement.kind.toUpperCase()} in a read-only transaction`)
  const result = yield* write(execution, statement)
  if (statement.effect !== undefined) transaction.carried(statement.effect, result.count > 0)
  return result
}

function write(execution: Execution, statement: Extract<Work, { readonly effect?: unknown }>): Blocking<Done> {
  switch (statement.kind) {
    case 'insert':
      return insert(execution, statement)
    case 'update':
      return update(execution, statement)
    case 'delete':
      return remove(execution, statement)
  }
}

/** Runs in the open transaction, or in one of its own. */
function* inTransaction(
  { tables, locks, reads, transactions }: Surroundings,
  session: Session,
  run: (execution: Execution) => Blocking<Done>,
): Blocking<Done> {
  const isAlone = session.transaction === undefined
  session.transaction ??= transactions.begin(session.number, session.settings.default_transaction_isolation, false)
  const { transaction } = session
  const snapshot = transactions.snapshotFor(transaction)
  session.snapshot = snapshot
  const tableNamed = tables.named.bind(tables)
  const result = yield* run({ session: session.number, transaction, snapshot, locks, reads, tableNamed })
  transaction.command++
  if (isAlone) {
    yield* transactions.commit(transaction)
    session.transaction = undefined
  }
  return result
}

function* lockNumber(
  execution: Execution,
  { key, shared, try: tries }: Extract<Control, { readonly kind: 'advisory-lock' }>,
): Blocking<Done> {
  const strength = shared === true ? 'share' : 'update'
  const request = { target: key, strength, session: execution.session } as const
  if (tries !== true) execution.transaction.keepLock(yield* takeLock(execution, key, strength))
  else if (execution.locks.tryTake(request)) execution.transaction.keepLock(request)
  else return { ...done, rows: [{ locked: false }], count: 1 }
  return { ...done, rows: [{ locked: true }], count: 1 }
}

function begin(
  { transactions }: Surroundings,
  session: Session,
  { isolation, readOnly }: Extract<Control, { readonly kind: 'begin' }>,
): Done {
  if (session.block === 'open') return beginAgain(openTransaction(session), isolation, readOnly === true)
  const level = isolation ?? session.settings.default_transaction_isolation
  session.transaction = transactions.begin(session.number, level, readOnly === true)
  session.block = 'open'
  return done
}

/** Of a transaction that is open already a server only warns, and what the statement says of it holds for that one. */
function beginAgain(transaction: Transaction, isolation: Isolation | undefined, readOnly: boolean): Done {
  if (isolation !== undefined && isolation !== transaction.isolation) {
    if (transaction.hasBegun || transaction.inSavepoint)
      throw new Failure('25001', 'SET TRANSACTION ISOLATION LEVEL must be called before any query')
    transaction.isolation = isolation
  }
  transaction.readOnly ||= readOnly
  return done
}

function* commit({ transactions }: Surroundings, session: Session): Blocking<Done> {
  // A commit that fails ends the transaction all the same.
  session.block = 'none'
  if (session.transaction !== undefined) yield* transactions.commit(session.transaction)
  session.transaction = undefined
  return done
}

function rollBack({ transactions }: Surroundings, session: Session): Done {
  if (session.transaction !== undefined) transactions.abort(session.transaction)
  session.transaction = undefined
  session.block = 'none'
  return done
}

function savepoint(
  { transactions }: Surroundings,
  session: Session,
  { kind, name }: Extract<Control, { readonly kind: 'savepoint' | 'release-savepoint' | 'rollback-to-savepoint' }>,
): Done {
  const transaction = openTransaction(session)
  if (kind === 'savepoint') transaction.save(name)
  else if (kind === 'release-savepoint') transaction.releaseTo(name)
  else transactions.rollBackTo(transaction, name)
  return done
}

function openTransaction({ block, transaction }: Session): Transaction {
  if (block !== 'open' || transaction === undefined)
    throw new Failure('25P01', 'savepoints can only be used in transaction blocks')
  return transaction
}

function inFailedBlock(around: Surroundings, session: Session, statement: Statement): Done {
  if (statement.kind === 'rollback') return rollBack(around, session)
  if (statement.kind === 'commit') return { ...rollBack(around, session), rolledBack: true }
  if (statement.kind !== 'rollback-to-savepoint' || session.transaction === undefined)
    throw new Failure('25P02', 'current transaction is aborted, commands ignored until end of transaction block')
  around.transactions.rollBackTo(session.transaction, statement.name)
  session.block = 'open'
  return done
}

/** Undoes what a failed statement takes with it: what came after the last savepoint, or the whole transaction. */
function fail({ transactions }: Surroundings, session: Session): void {
  const { transaction } = session
  if (transaction === undefined) return
  if (session.block === 'none') {
    transactions.abort(transaction)
    session.transaction = undefined
  } else if (transaction.inSavepoint) {
    if (session.block === 'open') transactions.abortInnermost(transaction)
    session.block = 'failed'
  } else {
    transactions.abort(transaction)
    session.block = 'failed'
  }
}
