import type { ScalarType } from '../datatype.ts'
import type { ColumnDefinition } from '../statement.ts'
import type { Value } from '../value.ts'
import { kindOf } from '../value.ts'
import { truthOf } from './evaluate.ts'
import type { Execution } from './execution.ts'
import { Failure } from './failure.ts'
import { rowText } from './row-text.ts'
import { emptyScope, rowScope } from './scope.ts'
import type { Table } from './table.ts'

const javascriptTypes: Readonly<Record<ScalarType, string>> = {
  ...{ integer: 'number', int2: 'number', int4: 'number', int8: 'bigint', float4: 'number', float8: 'number' },
  ...{ numeric: 'decimal', boolean: 'boolean', bool: 'boolean', interval: 'list' },
  ...{ text: 'string', varchar: 'string', bpchar: 'string', uuid: 'string', json: 'string', jsonb: 'string' },
  ...{ bytea: 'string', timestamptz: 'number', timestamp: 'number', date: 'number' },
}

const kinds: ReadonlyMap<unknown, string> = new Map(Object.entries(javascriptTypes))

/** A row that may be put into the table: values of the right types, nulls only where they may be, and no check that it fails. */
export function checkedRow(execution: Execution, table: Table, values: readonly Value[]): readonly Value[] {
  const { definition } = table
  for (const [place, column] of definition.columns.entries()) {
    const value = values[place] ?? null
    if (value === null) checkNull(table, column, values)
    else checkValue(column, value)
  }
  for (const { name, condition } of definition.checks ?? []) {
    if (truthOf(condition, rowScope(emptyScope(execution), 'row', table, values)) !== false) continue
    throw new Failure('23514', `new row for relation "${table.name}" violates check constraint "${name}"`, {
      ...{ detail: `Failing row contains ${rowText(table, values)}.`, table: table.name, constraint: name },
    })
  }
  return values
}

function checkNull(table: Table, { name, notNull }: ColumnDefinition, values: readonly Value[]): void {
  const { definition } = table
  if (notNull !== true && !definition.primaryKey.includes(name)) return
  throw new Failure(
    '23502',
    `null value in column "${name}" of relation "${definition.name}" violates not-null constraint`,
    { detail: `Failing row contains ${rowText(table, values)}.`, table: definition.name, column: name },
  )
}

function checkValue({ name, type }: ColumnDefinition, value: Value): void {
  const fits = javascriptTypeOf(type) === kindOf(value)
  if (!fits) throw new Failure('42804', `column "${name}" is of type ${type} but a value is of type ${kindOf(value)}`)
  if (type === 'integer' && !Number.isSafeInteger(value))
    throw new Failure('22003', `integer out of range in column "${name}"`)
}

function javascriptTypeOf(type: ColumnDefinition['type']): string {
  return kinds.get(type) ?? 'list'
}
