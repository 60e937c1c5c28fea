import type { DataType } from '../../datatype.ts'
import type { Value } from '../../value.ts'
import { isDecimal, isList } from '../../value.ts'
import { decimalText } from './decimal.ts'
import { dateText, intervalText, timestampText } from './time-text.ts'

/** A value as the server writes it; `undefined` for null. */
export function outputText(value: Value, type: DataType): string | undefined {
  if (value === null) return undefined
  if (type.endsWith('[]') && isList(value)) return listText(value, itemType(type))
  switch (type) {
    case 'bool':
    case 'boolean':
      return value === true ? 't' : 'f'
    case 'numeric':
      return isDecimal(value) ? decimalText(value) : String(value)
    case 'timestamptz':
      return `${timestampText(Number(value))}+00`
    case 'timestamp':
      return timestampText(Number(value))
    case 'date':
      return dateText(Number(value))
    case 'interval':
      return isList(value) ? intervalText(value.map(Number)) : String(value)
    case 'bytea':
      return `\\x${String(value)}`
    case 'float4':
    case 'float8':
      return floatText(Number(value))
    default:
      return String(value)
  }
}

/** The type of the items of a list. */
export function itemType(type: DataType): DataType {
  const item = type.slice(0, -2)
  for (const each of itemTypes) if (each === item) return each
  return 'text'
}

const itemTypes = [
  ...(['integer', 'text', 'boolean', 'bool', 'int2', 'int4', 'int8', 'numeric', 'float4', 'float8'] as const),
  ...(['varchar', 'bpchar', 'uuid', 'json', 'jsonb', 'bytea', 'timestamptz', 'timestamp', 'date'] as const),
] as const

function listText(items: readonly Value[], type: DataType): string {
  const texts = items.map((item) => {
    const text = outputText(item, type)
    if (text === undefined) return 'NULL'
    const isPlain = text !== '' && !/[\s{}",\\]/.test(text) && text.toUpperCase() !== 'NULL'
    return isPlain ? text : `"${text.replaceAll(/["\\]/g, (character) => `\\${character}`)}"`
  })
  return `{${texts.join(',')}}`
}

/** With an exponent from 15 digits on, as the server does. */
function floatText(value: number): string {
  if (value === Infinity || value === -Infinity) return value > 0 ? 'Infinity' : '-Infinity'
  const text = String(value)
  const [digits = '', exponent] = value.toExponential().split('e')
  const power = Number(exponent)
  if (value === 0 || Number.isNaN(value) || (power > -5 && power < 15)) return text
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`
}
