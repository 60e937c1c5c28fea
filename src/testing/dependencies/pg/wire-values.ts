import { isDate } from 'node:util/types'
import { Failure } from '../../../application/stores/database/core/failure.ts'
import { inputValue } from '../../../application/stores/database/core/functions/input.ts'
import { outputText } from '../../../application/stores/database/core/functions/output.ts'
import type { DataType } from '../../../application/stores/database/datatype.ts'
import type { Value } from '../../../application/stores/database/value.ts'

/** What travels for a parameter: a text, bytes, or null. */
export type WireValue = string | Buffer | null

/**
 * What the driver makes of a value, by `mapper`; times as of UTC, so that the zone of the machine makes no difference. Without a mapper objects
 * are JSON.
 */
export function wireValue(
  value: unknown,
  index = 0,
  mapper: (value: unknown, index: number) => unknown = plainly,
): WireValue {
  const mapped = isDate(value) ? value.toISOString().replace('Z', '+00:00') : mapper(value, index)
  if (mapped === null || mapped === undefined) return null
  return Buffer.isBuffer(mapped) ? mapped : String(mapped)
}

function plainly(value: unknown): unknown {
  if (Array.isArray(value))
    return `{${value.map((item) => (item === null ? 'NULL' : JSON.stringify(String(item)))).join(',')}}`
  return typeof value === 'object' && value !== null && !Buffer.isBuffer(value) ? JSON.stringify(value) : value
}

/** A parameter as a value of its type; what is wrong with it is thrown as a {@link Failure} of the server. */
export function valueOfWire(wire: WireValue, type: DataType): Value {
  if (wire === null) return null
  if (typeof wire === 'string') return inputValue(wire, type)
  if (type === 'bytea') return wire.toString('hex')
  if (['text', 'varchar', 'bpchar', 'json', 'jsonb'].includes(type)) return inputValue(wire.toString('utf8'), type)
  throw new Failure('22P03', `incorrect binary data format in bind parameter`)
}

/** A value as it travels in a row. */
export function wireOfValue(value: Value, type: DataType): string | null {
  return outputText(value, type) ?? null
}

/** The numbers by which the server names types. */
const numbers: Readonly<Record<string, number>> = {
  ...{ bool: 16, boolean: 16, bytea: 17, int8: 20, int2: 21, int4: 23, integer: 23, text: 25, json: 114 },
  ...{ float4: 700, float8: 701, bpchar: 1042, varchar: 1043, date: 1082, timestamp: 1114, timestamptz: 1184 },
  ...{ interval: 1186, numeric: 1700, uuid: 2950, jsonb: 3802 },
  ...{ 'bool[]': 1000, 'boolean[]': 1000, 'bytea[]': 1001, 'int2[]': 1005, 'int4[]': 1007, 'integer[]': 1007 },
  ...{ 'text[]': 1009, 'bpchar[]': 1014, 'varchar[]': 1015, 'int8[]': 1016, 'float4[]': 1021, 'float8[]': 1022 },
  ...{ 'timestamp[]': 1115, 'date[]': 1182, 'timestamptz[]': 1185, 'interval[]': 1187, 'numeric[]': 1231 },
  ...{ 'json[]': 199, 'jsonb[]': 3807, 'uuid[]': 2951 },
}

export function numberOfType(type: DataType): number {
  return numbers[type] ?? 25
}
