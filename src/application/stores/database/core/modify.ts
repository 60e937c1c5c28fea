import type { Expression } from '../expression.ts'
import type { From, Output } from '../query.ts'
import type { Assignments, Delete, Returning, Row, Update } from '../statement.ts'
import type { Value } from '../value.ts'
import type { Blocking } from './blocking.ts'
import { evaluate, isTrue } from './evaluate.ts'
import type { Execution } from './execution.ts'
import { concurrentDelete, concurrentUpdate } from './failure.ts'
import { checkedRow } from './row-check.ts'
import { claim, lockNewest } from './row-claim.ts'
import type { LockStrength } from './row-lock.ts'
import type { Scope } from './scope.ts'
import { emptyScope, replaced, scopeNamed } from './scope.ts'
import type { Table } from './table.ts'
import type { Transaction } from './transaction.ts'
import { joinedAgain, tuplesOf } from './tuples.ts'
import { enterIndex } from './unique-key.ts'
import type { Version } from './version.ts'

/** What a statement did to rows. */
export interface Written {
  /** What it gives back. */
  readonly rows: readonly Row[]
  readonly count: number
  readonly changes: readonly RowChanged[]
}

/** A row that came, was changed (then `before` is what it was), or was deleted (then `version` is what it was). */
export interface RowChanged {
  readonly table: Table
  readonly version: Version
  readonly before: Version | undefined
  readonly isDeleted?: boolean
}

/** Runs an `update`. */
export function* update(execution: Execution, statement: Update): Blocking<Written> {
  const table = execution.tableNamed(statement.table)
  const { as = 'row', set, returning } = statement
  const rows: Row[] = []
  const changes: RowChanged[] = []
  for (const { version, scopeOf } of rowsMeant(execution, statement.table, as, statement)) {
    const changed = yield* updateRow(execution, table, version, { set, scopeOf })
    if (changed === undefined) continue
    changes.push(changed.change)
    rows.push(...returnedRow(replaced(changed.scope, as, changed.change.version), table, returning))
  }
  return { rows, count: changes.length, changes }
}

/** Runs a `delete`. */
export function* remove(execution: Execution, statement: Delete): Blocking<Written> {
  const table = execution.tableNamed(statement.from)
  const { as = 'row', returning } = statement
  const rows: Row[] = []
  const changes: RowChanged[] = []
  for (const { version, scopeOf } of rowsMeant(execution, statement.from, as, statement)) {
    const found = yield* toChange(execution, version, scopeOf, () => 'update')
    if (found === undefined) continue
    deleteVersion(execution, table, found.version)
    changes.push({ table, version: found.version, before: undefined, isDeleted: true })
    rows.push(...returnedRow(found.scope, table, returning))
  }
  return { rows, count: changes.length, changes }
}

export function returnedRow(scope: Scope, table: Table, returning: Returning = 'nothing'): readonly Row[] {
  if (returning === 'nothing') return []
  const outputs =
    returning === 'everything' || !('outputs' in returning) ? named(scope, table, returning) : returning.outputs
  return [Object.fromEntries(outputs.map(({ name, of }) => [name, evaluate(of, scope)]))]
}

function named(scope: Scope, table: Table, columns: 'everything' | readonly string[]): readonly Output[] {
  const names = columns === 'everything' ? table.definition.columns.map(({ name }) => name) : columns
  return names.map((name) => {
    table.place(name)
    const of: Expression = { kind: 'column', name, of: scope.name }
    return { name, of }
  })
}

/** A row to change, and what is at hand with one of its versions: nothing, where that is not meant any more. */
interface Meant {
  readonly version: Version
  readonly scopeOf: (version: Version) => Scope | undefined
}

function rowsMeant(
  execution: Execution,
  table: string,
  as: string,
  { where, using }: Pick<Update, 'where' | 'using'>,
): readonly Meant[] {
  const target: From = { kind: 'table', table, as }
  const from: From =
    using === undefined ? target : { kind: 'join', how: 'inner', left: target, right: using, on: { kind: 'always' } }
  const around = emptyScope(execution)
  const meant = (scope: Scope | undefined): Scope | undefined =>
    scope !== undefined && isTrue(where, scope) ? scope : undefined
  return [...tuplesOf(from, around, where === undefined ? [] : [where])].flatMap((tuple) => {
    const found = meant(tuple)
    const version = scopeNamed(tuple, as)?.version
    if (found === undefined || version === undefined) return []
    const scopeOf = (now: Version): Scope | undefined =>
      now === version ? found : meant(joinedAgain(from, around, tuple, { as, version: now }))
    return [{ version, scopeOf }]
  })
}

/** What of a statement decides about a row. */
interface Meaning {
  readonly set: Assignments
  readonly scopeOf: Meant['scopeOf']
}

/** Gives a row its new values, waiting for those who are changing it; `undefined` where it is not meant any more. */
export function* updateRow(
  execution: Execution,
  table: Table,
  version: Version,
  { set, scopeOf }: Meaning,
): Blocking<{ readonly change: RowChanged; readonly scope: Scope } | undefined> {
  const valuesAfter = (each: Version, scope: Scope): readonly Value[] => assigned(execution, table, each, set, scope)
  const strengthFor = (each: Version): LockStrength => {
    const scope = scopeOf(each)
    return scope !== undefined && isKeyChanged(table, each, valuesAfter(each, scope)) ? 'update' : 'no key update'
  }
  const found = yield* toChange(execution, version, scopeOf, strengthFor)
  if (found === undefined) return undefined
  const next = yield* replaceVersion(execution, table, found.version, valuesAfter(found.version, found.scope))
  return { change: { table, version: next, before: found.version }, scope: found.scope }
}

/**
 * The version to change, claimed. Where somebody else was faster, read committed goes on with what the row has become, if it is still meant;
 * above that the statement fails.
 */
function* toChange(
  execution: Execution,
  version: Version,
  scopeOf: Meant['scopeOf'],
  strengthFor: (version: Version) => LockStrength,
): Blocking<{ readonly version: Version; readonly scope: Scope } | undefined> {
  const { keepsSnapshot } = execution.transaction
  let target = version
  for (;;) {
    const strength = strengthFor(target)
    const found = yield* claim(execution, target, strength)
    if (found === 'updated' && keepsSnapshot) throw concurrentUpdate()
    if (found === 'deleted' && keepsSnapshot) throw concurrentDelete()
    if (found === 'free') {
      const scope = scopeOf(target)
      return scope === undefined ? undefined : { version: target, scope }
    }
    if (found !== 'updated') return undefined
    const newest = yield* lockNewest(execution, target, strength, 'wait')
    if (newest.kind !== 'locked' || scopeOf(newest.version) === undefined) return undefined
    target = newest.version
  }
}

export function* replaceVersion(
  execution: Execution,
  table: Table,
  version: Version,
  values: readonly Value[],
): Blocking<Version> {
  const { transaction, snapshot, reads, rules, by } = execution
  reads.write(transaction, table.name, version)
  const { id } = transaction
  const ofKey = isKeyChanged(table, version, values)
  const lockers = version.lockers.filter(({ by: locker }) => locker.isRival(transaction))
  const made = { row: version.row, values, by: id, command: snapshot.command, lockers }
  // Where no indexed column changes, the entries of the old version lead to the new one.
  const next = table.add(made, ofKey ? undefined : version.root)
  version.change = { by: id, command: snapshot.command, ofKey: ofKey || isLockedForUpdate(version, transaction), next }
  transaction.wrote({ table: table.name, row: version.row, values })
  for (const index of table.indexes) {
    if (ofKey) yield* enterIndex(execution, table, index, next)
    else index.add(next)
  }
  const effect = rules.updated(table.name, table.rowOf(values), table.rowOf(version.values), by)
  if (effect !== undefined) transaction.carried(effect, true)
  return next
}

/** A lock for update that the transaction has taken before makes its update count as one of the key. */
function isLockedForUpdate({ lockers }: Version, transaction: Transaction): boolean {
  return lockers.some(({ by, strength }) => strength === 'update' && by.isOf(transaction))
}

export function deleteVersion({ transaction, snapshot, reads }: Execution, table: Table, version: Version): void {
  reads.write(transaction, table.name, version)
  version.change = { by: transaction.id, command: snapshot.command, ofKey: true, next: undefined }
  transaction.wrote({ table: table.name, row: version.row, values: undefined })
}

function assigned(
  execution: Execution,
  table: Table,
  { values }: Version,
  set: Assignments,
  scope: Scope,
): readonly Value[] {
  const after = [...values]
  for (const [column, expression] of Object.entries(set)) after[table.place(column)] = evaluate(expression, scope)
  return checkedRow(execution, table, after)
}

function isKeyChanged({ indexes }: Table, { values }: Version, after: readonly Value[]): boolean {
  return indexes.some((index) => index.isChanged(values, after))
}
