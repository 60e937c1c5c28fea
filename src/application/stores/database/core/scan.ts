import type { Condition, Expression, Value } from '../expression.ts'
import { isTrue } from './evaluate.ts'
import type { Execution } from './execution.ts'
import type { Index, Table } from './table.ts'
import { keyText } from './table.ts'
import type { Version } from './version.ts'
import { isVisible } from './version.ts'

/**
 * The rows that a statement sees and means, in the order in which they stand in the table. Where the condition names a unique key it is looked up
 * in the index; else the whole table is read. What was read is noted for serializable transactions.
 */
export function rowsMeant(execution: Execution, table: Table, where: Condition | undefined): readonly Version[] {
  if (where !== undefined && isNeverTrue(where)) return []
  const lookUp = lookUpOf(table, where)
  const versions = lookUp === undefined ? readAll(execution, table) : readKey(execution, table, lookUp)
  return versions.filter(({ values }) => isTrue(where, { table, row: values }))
}

interface LookUp {
  readonly index: Index
  readonly key: string
}

function readAll(execution: Execution, table: Table): readonly Version[] {
  const { transaction, snapshot, reads } = execution
  reads.mark(transaction, { kind: 'table', table: table.name })
  return table.versions.filter((version) => {
    reads.look(transaction, version, snapshot)
    return isVisible(version, snapshot, transaction)
  })
}

function readKey(execution: Execution, table: Table, { index, key }: LookUp): readonly Version[] {
  const { transaction, snapshot, reads } = execution
  reads.mark(transaction, { kind: 'key', index: index.name, key })
  const found = new Map<number, Version>()
  for (const version of index.with(key)) {
    // An entry of the index leads to a chain of versions, which is followed up to the one that is visible.
    if (found.has(version.root)) continue
    reads.look(transaction, version, snapshot)
    if (!isVisible(version, snapshot, transaction)) continue
    found.set(version.root, version)
    if (!version.by.isOf(transaction))
      reads.mark(transaction, { kind: 'version', table: table.name, place: version.place })
  }
  return [...found.values()]
}

/** Comparing with null is not even tried. */
function isNeverTrue(condition: Condition): boolean {
  if (condition.kind === 'and') return condition.parts.some(isNeverTrue)
  if (condition.kind === 'or') return condition.parts.every(isNeverTrue)
  return condition.kind === 'compare' && [condition.left, condition.right].some(isNull)
}

function isNull(expression: Expression): boolean {
  return expression.kind === 'value' && expression.value === null
}

/** A unique key all of whose columns the condition wants to be equal to a value. */
function lookUpOf(table: Table, where: Condition | undefined): LookUp | undefined {
  const fixed = new Map<string, Value>()
  if (where !== undefined) collectFixed(where, fixed)
  for (const index of table.indexes) {
    const values = index.columns.map((column) => fixed.get(column) ?? null)
    if (!values.includes(null)) return { index, key: keyText(values) }
  }
  return undefined
}

function collectFixed(condition: Condition, fixed: Map<string, Value>): void {
  if (condition.kind === 'and') for (const part of condition.parts) collectFixed(part, fixed)
  if (condition.kind !== 'compare' || condition.operator !== '=') return
  const { left, right } = condition
  if (left.kind === 'column' && right.kind === 'value') fixed.set(left.name, right.value)
  else if (left.kind === 'value' && right.kind === 'column') fixed.set(right.name, left.value)
}
