import type { Micros } from '../../../../simulation/duration.ts'
import type { AdvisoryLock, Control, Done, Given, Isolation, Statement } from '../statement.ts'
import { keyText } from '../value.ts'
import type { Blocking } from './blocking.ts'
import type { EffectRules } from './effect-rules.ts'
import { evaluate } from './evaluate.ts'
import type { Execution } from './execution.ts'
import { takeLock } from './execution.ts'
import { Failure } from './failure.ts'
import type { LockTable } from './lock-table.ts'
import type { RowWork } from './run-work.ts'
import { askNow, runRowWork } from './run-work.ts'
import type { SchemaChanges } from './schema-changes.ts'
import { emptyScope } from './scope.ts'
import type { SerializableReads } from './serializable-reads.ts'
import type { Session } from './session.ts'
import type { Snapshot } from './snapshot.ts'
import type { Tables } from './tables.ts'
import type { Transaction } from './transaction.ts'
import type { Transactions } from './transactions.ts'

/** What statements work on. */
export interface Surroundings {
  readonly tables: Tables
  readonly locks: LockTable
  readonly reads: SerializableReads
  readonly transactions: Transactions
  /** Which rows are effects. */
  readonly rules: () => EffectRules
  readonly schema: SchemaChanges
  /** µs since 1970. */
  wallClock(): Micros
  newUuid(): string
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
        session.set(statement.setting, statement.local === true)
        return done
      case 'set-transaction':
        if (session.block === 'open')
          beginAgain(openTransaction(session), statement.isolation, statement.readOnly === true)
        return done
      case 'create-table':
      case 'create-index':
        return changeSchema(around, session, statement)
      case 'refuse':
        throw new Failure(statement.sqlState, statement.message, statement.about)
      case 'nothing':
        return done
      case 'advisory-lock':
        return yield* inTransaction(around, session, statement, (execution) => lockNumber(execution, statement))
      default:
        return yield* inTransaction(around, session, givenWith(statement), (execution) =>
          runRowWork(execution, statement),
        )
    }
  } catch (error) {
    fail(around, session)
    throw error
  }
}

function givenWith(statement: RowWork): Given {
  return statement.kind === 'select' ? {} : statement
}

/** Runs in the open transaction, or in one of its own. */
function* inTransaction(
  around: Surroundings,
  session: Session,
  given: Given,
  run: (execution: Execution) => Blocking<Done>,
): Blocking<Done> {
  const { transactions } = around
  const isAlone = session.transaction === undefined
  session.transaction ??= beginNow(around, session, session.settings.default_transaction_isolation, false)
  const { transaction } = session
  const snapshot = transactions.snapshotFor(transaction)
  session.snapshot = snapshot
  const result = yield* run(executionOf(around, session, transaction, snapshot, given))
  transaction.command++
  if (isAlone) {
    yield* transactions.commit(transaction)
    session.transaction = undefined
  }
  return result
}

function executionOf(
  around: Surroundings,
  session: Session,
  transaction: Transaction,
  snapshot: Snapshot,
  given: Given,
): Execution {
  const { tables, locks, reads, transactions } = around
  const statement = around.wallClock()
  const execution: Execution = {
    session: session.number,
    ...{ transaction, snapshot, locks, reads },
    parameters: given.parameters ?? [],
    by: given.by,
    rules: around.rules(),
    clock: { transaction: transaction.startedAt, statement, now: () => around.wallClock() },
    answers: new Map(),
    common: new Map(),
    newUuid: () => around.newUuid(),
    tableNamed: (name) => tables.named(name),
    keysTo: (name) => tables.keysTo(name),
    ask: (query, scope) => askNow(query, execution, scope),
    later: () => {
      transaction.command++
      const now = transactions.snapshotFor(transaction)
      session.snapshot = now
      return { ...execution, snapshot: now }
    },
  }
  return execution
}

/** Tables are no part of a transaction here: one that is open could take them back. */
function changeSchema(
  { tables, schema }: Surroundings,
  session: Session,
  statement: Extract<Control, { readonly kind: 'create-table' | 'create-index' }>,
): Done {
  if (session.block === 'open')
    throw new Failure('0A000', 'create inside of a transaction block', { isUnsupported: true })
  const ifNotExists = statement.ifNotExists === true
  if (statement.kind === 'create-table') {
    if (tables.create(statement.table, ifNotExists)) schema.table(statement.table)
  } else if (tables.createIndex(statement.table, statement.key, ifNotExists)) {
    schema.index({ table: statement.table, key: statement.key })
  }
  return done
}

function* lockNumber(execution: Execution, { key, shared, try: tries }: AdvisoryLock): Blocking<Done> {
  const strength = shared === true ? 'share' : 'update'
  const target = typeof key === 'number' ? key : keyText(key.map((each) => evaluate(each, emptyScope(execution))))
  const request = { target, strength, session: execution.session } as const
  if (tries !== true) execution.transaction.keepLock(yield* takeLock(execution, target, strength))
  else if (execution.locks.tryTake(request)) execution.transaction.keepLock(request)
  else return { ...done, rows: [{ locked: false }], count: 1 }
  return { ...done, rows: [{ locked: true }], count: 1 }
}

function beginNow(
  { transactions, wallClock }: Surroundings,
  session: Session,
  isolation: Isolation,
  readOnly: boolean,
): Transaction {
  const transaction = transactions.begin(session.number, isolation, readOnly)
  transaction.startedAt = wallClock()
  return transaction
}

function begin(
  around: Surroundings,
  session: Session,
  { isolation, readOnly }: Extract<Control, { readonly kind: 'begin' }>,
): Done {
  if (session.block === 'open') return beginAgain(openTransaction(session), isolation, readOnly === true)
  const level = isolation ?? session.settings.default_transaction_isolation
  session.transaction = beginNow(around, session, level, readOnly === true)
  session.block = 'open'
  session.beginSettings()
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
  session.endSettings('commit')
  if (session.transaction !== undefined) yield* transactions.commit(session.transaction)
  session.transaction = undefined
  return done
}

function rollBack({ transactions }: Surroundings, session: Session): Done {
  if (session.transaction !== undefined) transactions.abort(session.transaction)
  session.transaction = undefined
  session.block = 'none'
  session.endSettings('rollback')
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
