import type { Value } from '../expression.ts'
import type { ColumnDefinition } from '../statement.ts'
import { Failure } from './failure.ts'
import type { Table } from './table.ts'

const javascriptTypes = { integer: 'number', text: 'string', boolean: 'boolean' } as const

/** A row that may be put into the table: values of the right types, nulls only where they may be. */
export function checkedRow(table: Table, values: readonly Value[]): readonly Value[] {
  for (const [place, column] of table.definition.columns.entries()) checkValue(table, column, values[place] ?? null)
  return values
}

function checkValue({ definition }: Table, { name, type, notNull }: ColumnDefinition, value: Value): void {
  if (value === null) {
    if (notNull === true || definition.primaryKey.includes(name))
      throw new Failure(
        '23502',
        `null value in column "${name}" of relation "${definition.name}" violates not-null constraint`,
      )
    return
  }
  if (typeof value !== javascriptTypes[type])
    throw new Failure('42804', `column "${name}" is of type ${type} but a value is of type ${typeof value}`)
  if (typeof value === 'number' && !Number.isSafeInteger(value))
    throw new Failure('22003', `integer out of range in column "${name}"`)
}
