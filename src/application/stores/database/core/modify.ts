import type { Condition, Value } from '../expression.ts'
import type { Assignments, Delete, Done, Returning, Row, Update } from '../statement.ts'
import type { Blocking } from './blocking.ts'
import { evaluate, isTrue } from './evaluate.ts'
import type { Execution } from './execution.ts'
import { concurrentDelete, concurrentUpdate } from './failure.ts'
import { claim, lockNewest } from './row-claim.ts'
import type { LockStrength } from './row-lock.ts'
import { rowsMeant } from './scan.ts'
import { projected } from './select.ts'
import type { Table } from './table.ts'
import { enterIndex } from './unique-key.ts'
import { checkedRow } from './row-check.ts'
import type { Transaction } from './transaction.ts'
import type { Version } from './version.ts'

/** Runs an `update`. */
export function* update(execution: Execution, statement: Update): Blocking<Done> {
  const table = execution.tableNamed(statement.table)
  const returned: Row[] = []
  let count = 0
  for (const version of rowsMeant(execution, table, statement.where)) {
    const changed = yield* updateRow(execution, table, version, statement)
    if (changed === undefined) continue
    count++
    returned.push(...returnedRow(table, changed.values, statement.returning))
  }
  return { kind: 'done', rows: returned, count, rolledBack: false }
}

/** Runs a `delete`. */
export function* remove(execution: Execution, statement: Delete): Blocking<Done> {
  const table = execution.tableNamed(statement.from)
  const returned: Row[] = []
  let count = 0
  for (const version of rowsMeant(execution, table, statement.where)) {
    const found = yield* toChange(execution, table, version, statement.where, () => 'update')
    if (found === undefined) continue
    deleteVersion(execution, table, found)
    count++
    returned.push(...returnedRow(table, found.values, statement.returning))
  }
  return { kind: 'done', rows: returned, count, rolledBack: false }
}

export function returnedRow(table: Table, values: readonly Value[], returning: Returning = 'nothing'): readonly Row[] {
  return returning === 'nothing' ? [] : [projected(table, values, returning)]
}

/** What of a statement decides about a row. */
type Meaning = Pick<Update, 'set' | 'where'> & { readonly excluded?: readonly Value[] }

/** Gives a row its new values, waiting for those who are changing it; `undefined` where it is not meant any more. */
export function* updateRow(
  execution: Execution,
  table: Table,
  version: Version,
  { set, where, excluded }: Meaning,
): Blocking<Version | undefined> {
  const valuesAfter = ({ values }: Version): readonly Value[] => assigned(table, values, set, excluded)
  const strengthFor = (each: Version): LockStrength =>
    isKeyChanged(table, each, valuesAfter(each)) ? 'update' : 'no key update'
  const found = yield* toChange(execution, table, version, where, strengthFor)
  return found === undefined ? undefined : yield* replaceVersion(execution, table, found, valuesAfter(found))
}

/**
 * The version to change, claimed. Where somebody else was faster, read committed goes on with what the row has become, if it is still meant;
 * above that the statement fails.
 */
function* toChange(
  execution: Execution,
  table: Table,
  version: Version,
  where: Condition | undefined,
  strengthFor: (version: Version) => LockStrength,
): Blocking<Version | undefined> {
  const { keepsSnapshot } = execution.transaction
  let target = version
  for (;;) {
    const strength = strengthFor(target)
    const found = yield* claim(execution, target, strength)
    if (found === 'free') return target
    if (found === 'updated' && keepsSnapshot) throw concurrentUpdate()
    if (found === 'deleted' && keepsSnapshot) throw concurrentDelete()
    if (found !== 'updated') return undefined
    const newest = yield* lockNewest(execution, target, strength, 'wait')
    if (newest.kind !== 'locked' || !isTrue(where, { table, row: newest.version.values })) return undefined
    target = newest.version
  }
}

function* replaceVersion(
  execution: Execution,
  table: Table,
  version: Version,
  values: readonly Value[],
): Blocking<Version> {
  const { transaction, snapshot, reads } = execution
  reads.write(transaction, table.name, version)
  const { id } = transaction
  const ofKey = isKeyChanged(table, version, values)
  const lockers = version.lockers.filter(({ by }) => by.isRival(transaction))
  const made = { row: version.row, values, by: id, command: snapshot.command, lockers }
  // Where no indexed column changes, the entries of the old version lead to the new one.
  const next = table.add(made, ofKey ? undefined : version.root)
  version.change = { by: id, command: snapshot.command, ofKey: ofKey || isLockedForUpdate(version, transaction), next }
  transaction.wrote({ table: table.name, row: version.row, values })
  for (const index of table.indexes) {
    if (ofKey) yield* enterIndex(execution, index, next)
    else index.add(next)
  }
  return next
}

/** A lock for update that the transaction has taken before makes its update count as one of the key. */
function isLockedForUpdate({ lockers }: Version, transaction: Transaction): boolean {
  return lockers.some(({ by, strength }) => strength === 'update' && by.isOf(transaction))
}

function deleteVersion({ transaction, snapshot, reads }: Execution, table: Table, version: Version): void {
  reads.write(transaction, table.name, version)
  version.change = { by: transaction.id, command: snapshot.command, ofKey: true, next: undefined }
  transaction.wrote({ table: table.name, row: version.row, values: undefined })
}

function assigned(
  table: Table,
  values: readonly Value[],
  set: Assignments,
  excluded: readonly Value[] | undefined,
): readonly Value[] {
  const after = [...values]
  const scope = { table, row: values, ...(excluded === undefined ? {} : { excluded }) }
  for (const [column, expression] of Object.entries(set)) after[table.place(column)] = evaluate(expression, scope)
  return checkedRow(table, after)
}

function isKeyChanged({ indexes }: Table, { values }: Version, after: readonly Value[]): boolean {
  return indexes.some((index) => index.isChanged(values, after))
}
