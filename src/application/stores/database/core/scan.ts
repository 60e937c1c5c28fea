import type { Condition, Expression } from '../expression.ts'
import type { Value } from '../value.ts'
import { keyText } from '../value.ts'
import { evaluate } from './evaluate.ts'
import type { Execution } from './execution.ts'
import type { Scope } from './scope.ts'
import { scopeNamed } from './scope.ts'
import type { Index, Table } from './table.ts'
import type { Version } from './version.ts'
import { isVisible } from './version.ts'

/**
 * The rows of a table that a statement sees and that the conditions may be true of, in the order in which they stand in the table. Where the
 * conditions name a unique key it is looked up in the index; else the whole table is read. What was read is noted for serializable
 * transactions. `as`: how the conditions call the row.
 */
export function rowsSeen(
  table: Table,
  as: string,
  conditions: readonly Condition[],
  around: Scope,
): readonly Version[] {
  if (conditions.some((condition) => isNeverTrue(condition, around))) return []
  const lookUp = lookUpOf(table, as, conditions, around)
  const { execution } = around
  return lookUp === undefined ? readAll(execution, table) : readKey(execution, table, lookUp)
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
function isNeverTrue(condition: Condition, around: Scope): boolean {
  if (condition.kind === 'and') return condition.parts.some((part) => isNeverTrue(part, around))
  if (condition.kind === 'or') return condition.parts.every((part) => isNeverTrue(part, around))
  return condition.kind === 'compare' && [condition.left, condition.right].some((each) => isNull(each, around))
}

function isNull(expression: Expression, { execution }: Scope): boolean {
  if (expression.kind === 'parameter') return (execution.parameters[expression.number] ?? null) === null
  return expression.kind === 'value' && expression.value === null
}

/** A unique key all of whose columns the conditions want to be equal to something that is known before the row is. */
function lookUpOf(table: Table, as: string, conditions: readonly Condition[], around: Scope): LookUp | undefined {
  const fixed = new Map<string, Value>()
  for (const condition of conditions) collectFixed(condition, as, around, fixed)
  if (fixed.size === 0) return undefined
  for (const index of table.indexes) {
    if (index.where !== undefined) continue
    const values = index.columns.map((column) => fixed.get(column) ?? null)
    if (!values.includes(null)) return { index, key: keyText(values) }
  }
  return undefined
}

function collectFixed(condition: Condition, as: string, around: Scope, fixed: Map<string, Value>): void {
  if (condition.kind === 'and') for (const part of condition.parts) collectFixed(part, as, around, fixed)
  if (condition.kind !== 'compare' || condition.operator !== '=') return
  const { left, right } = condition
  if (isColumnOf(left, as) && isKnown(right, as, around)) fixed.set(left.name, evaluate(right, around))
  else if (isColumnOf(right, as) && isKnown(left, as, around)) fixed.set(right.name, evaluate(left, around))
}

function isColumnOf(
  expression: Expression,
  as: string,
): expression is Extract<Expression, { readonly kind: 'column' }> {
  return expression.kind === 'column' && expression.of === as
}

/** Whether it can be computed from the rows that are at hand before the one that is looked for. */
function isKnown(expression: Expression, as: string, around: Scope): boolean {
  switch (expression.kind) {
    case 'value':
    case 'parameter':
      return true
    case 'column':
      return expression.of !== as && scopeNamed(around, expression.of) !== undefined
    case 'call':
      return expression.arguments.every((each) => isKnown(each, as, around))
    case 'subquery':
      return around.execution.answers.has(expression.query)
    default:
      return false
  }
}
