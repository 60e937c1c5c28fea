import type { TableDefinition, Row } from '../../../application/stores/database/statement.ts'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Value } from '../../../application/stores/database/value.ts'
import { utcParsers } from './utc-parsers.ts'
import { numberOfType, wireOfValue } from './wire-values.ts'

/** A row as the driver gives it: by the names of its columns. */
export type PlainRow = Record<string, unknown>

/** A value as the driver gives it. */
export function driverValue(value: Value, type: DataType): unknown {
  const wire = wireOfValue(value, type)
  return wire === null ? null : utcParsers.getTypeParser(numberOfType(type))(wire)
}

/** A row of a table as the driver gives it. */
export function driverRow({ columns }: TableDefinition, row: Row): PlainRow {
  return Object.fromEntries(columns.map(({ name, type }) => [name, driverValue(row[name] ?? null, type)]))
}
