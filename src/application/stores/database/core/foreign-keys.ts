import type { ForeignKey } from '../statement.ts'
import type { Value } from '../value.ts'
import { isSame, keyText } from '../value.ts'
import type { Blocking } from './blocking.ts'
import type { Execution, KeyTo } from './execution.ts'
import { concurrentDelete, Failure } from './failure.ts'
import type { RowChanged } from './modify.ts'
import { deleteVersion, replaceVersion } from './modify.ts'
import { claim, lockNewest } from './row-claim.ts'
import { keyInWords } from './row-text.ts'
import type { Table } from './table.ts'
import type { Version } from './version.ts'
import { isVisible } from './version.ts'

/**
 * Holds the rows that a statement changed against foreign keys when it has done its work, as the server does: what is pointed to is locked, so
 * that nobody takes it away before the end of the transaction, and what points to a row that went follows it or keeps it from going.
 */
export function* checkForeignKeys(execution: Execution, changes: readonly RowChanged[]): Blocking<void> {
  const isConcerned = changes.some(
    ({ table }) => (table.definition.foreignKeys ?? []).length > 0 || execution.keysTo(table.name).length > 0,
  )
  if (!isConcerned) return
  const later = execution.later()
  for (const change of changes) {
    const { table, version, before, isDeleted } = change
    if (isDeleted !== true)
      for (const key of table.definition.foreignKeys ?? []) yield* checkParent(later, table, key, version, before)
    for (const key of later.keysTo(table.name)) yield* checkChildren(later, table, key, change)
  }
}

/** A row has to have what it points to. */
function* checkParent(
  execution: Execution,
  table: Table,
  { name, columns, table: parentName, key }: ForeignKey,
  version: Version,
  before: Version | undefined,
): Blocking<void> {
  const values = columnValues(table, version, columns)
  if (values.includes(null)) return
  if (before !== undefined && areSame(values, columnValues(table, before, columns))) return
  const parent = execution.tableNamed(parentName)
  for (const found of rowsWith(execution, parent, key, values)) {
    const locked = yield* lockNewest(execution, found, 'key share', 'wait')
    if (locked.kind === 'locked' && areSame(values, columnValues(parent, locked.version, key))) return
  }
  throw new Failure('23503', `insert or update on table "${table.name}" violates foreign key constraint "${name}"`, {
    detail: `Key ${keyInWords(table, columns, values)} is not present in table "${parentName}".`,
    ...{ table: table.name, constraint: name },
  })
}

/** Rows that pointed to a row that went, or got another key. */
function* checkChildren(execution: Execution, table: Table, key: KeyTo, change: RowChanged): Blocking<void> {
  const { version, before, isDeleted } = change
  const old = isDeleted === true ? version : before
  if (old === undefined) return
  const values = columnValues(table, old, key.key)
  if (values.includes(null) || (isDeleted !== true && areSame(values, columnValues(table, version, key.key)))) return
  const changed: RowChanged[] = []
  for (const child of rowsWith(execution, key.table, key.columns, values)) {
    if (isDeleted !== true || key.onDelete === 'no action') throw stillReferenced(table, key, values)
    const found = yield* claim(execution, child, 'update')
    if (found === 'updated' || found === 'deleted') {
      if (execution.transaction.keepsSnapshot) throw concurrentDelete()
      continue
    }
    if (found !== 'free') continue
    changed.push(yield* follow(execution, key, child))
  }
  yield* checkForeignKeys(execution, changed)
}

function* follow(execution: Execution, { table, columns, onDelete }: KeyTo, child: Version): Blocking<RowChanged> {
  if (onDelete === 'cascade') {
    deleteVersion(execution, table, child)
    return { table, version: child, before: undefined, isDeleted: true }
  }
  const places = columns.map((column) => table.place(column))
  const after = child.values.map((value, place) => (places.includes(place) ? null : value))
  return { table, version: yield* replaceVersion(execution, table, child, after), before: child }
}

function stillReferenced(table: Table, key: KeyTo, values: readonly Value[]): Failure {
  const message = `update or delete on table "${table.name}" violates foreign key constraint "${key.name}" on table "${key.table.name}"`
  return new Failure('23503', message, {
    detail: `Key ${keyInWords(table, key.key, values)} is still referenced from table "${key.table.name}".`,
    ...{ table: key.table.name, constraint: key.name },
  })
}

/** Rows that can be seen now and have these values. */
function rowsWith(
  { transaction, snapshot }: Execution,
  table: Table,
  columns: readonly string[],
  values: readonly Value[],
): readonly Version[] {
  const index = table.indexes.find((each) => each.where === undefined && each.columns.join() === columns.join())
  const versions = index === undefined ? table.versions : index.with(keyText(values))
  return versions.filter(
    (version) => isVisible(version, snapshot, transaction) && areSame(values, columnValues(table, version, columns)),
  )
}

function columnValues(table: Table, { values }: Version, columns: readonly string[]): readonly Value[] {
  return columns.map((column) => values[table.place(column)] ?? null)
}

function areSame(some: readonly Value[], others: readonly Value[]): boolean {
  return some.every((value, place) => isSame(value, others[place] ?? null))
}
