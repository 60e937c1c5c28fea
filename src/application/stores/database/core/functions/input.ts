import type { DataType } from '../../datatype.ts'
import type { Value } from '../../value.ts'
import type { SqlState } from '../../statement.ts'
import { Failure } from '../failure.ts'
import { decimalOf } from './decimal.ts'
import { jsonText, parseJson } from './documents.ts'
import { wholeBig } from './numbers.ts'
import { itemType } from './output.ts'
import { dateOf, intervalOf, timestampOf } from './time-text.ts'

const names: Readonly<Partial<Record<DataType, string>>> = {
  ...{ int2: 'smallint', int4: 'integer', int8: 'bigint', bool: 'boolean', float8: 'double precision', float4: 'real' },
  ...{
    timestamptz: 'timestamp with time zone',
    timestamp: 'timestamp without time zone',
    varchar: 'character varying',
  },
}

/** How the server calls a type in what it says. */
export function typeName(type: DataType): string {
  if (type.endsWith('[]')) return `${typeName(itemType(type))}[]`
  return names[type] ?? type
}

/** What a text says as a value of a type. */
export function inputValue(text: string, type: DataType): Value {
  if (type.endsWith('[]'))
    return listItems(text).map((item) => (item === null ? null : inputValue(item, itemType(type))))
  switch (type) {
    case 'bool':
    case 'boolean':
      return truth(text)
    case 'integer':
    case 'int2':
    case 'int4':
    case 'int8':
      return wholeNumber(text, type)
    case 'numeric':
      return decimalOf(text) ?? invalid(text, type)
    case 'float4':
    case 'float8':
      return float(text, type)
    case 'uuid':
      return uuid(text)
    case 'json':
      parseJson(text)
      return text
    case 'jsonb':
      return jsonText(parseJson(text))
    case 'bytea':
      return bytes(text)
    case 'timestamptz':
    case 'timestamp':
      return timed(timestampOf(text, type === 'timestamptz'), text, type)
    case 'date':
      return timed(dateOf(text), text, type)
    case 'interval':
      return intervalOf(text) ?? invalid(text, type, '22007')
    default:
      return text
  }
}

function invalid(text: string, type: DataType, sqlState: SqlState = '22P02'): never {
  throw new Failure(sqlState, `invalid input syntax for type ${typeName(type)}: ${JSON.stringify(text)}`)
}

function truth(text: string): boolean {
  const word = text.trim().toLowerCase()
  if (word !== '' && ['true', 'yes', 'on', '1'].some((each) => each.startsWith(word) && word !== 'o')) return true
  if (word !== '' && ['false', 'no', 'off', '0'].some((each) => each.startsWith(word) && word !== 'o')) return false
  return invalid(text, 'bool')
}

function wholeNumber(text: string, type: 'integer' | 'int2' | 'int4' | 'int8'): number | bigint {
  if (!/^\s*[+-]?\d+\s*$/.test(text)) return invalid(text, type)
  const value = BigInt(text.trim().replace(/^\+/, ''))
  const limit = type === 'int2' ? 1n << 15n : type === 'int8' ? 1n << 63n : type === 'integer' ? 1n << 53n : 1n << 31n
  if (value < -limit || value >= limit)
    throw new Failure('22003', `value ${JSON.stringify(text)} is out of range for type ${typeName(type)}`)
  return type === 'int8' ? wholeBig(value) : Number(value)
}

function float(text: string, type: DataType): number {
  const word = text.trim().toLowerCase()
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(word)) return Number(word)
  const infinite = /^([+-]?)inf(inity)?$/.exec(word)
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity
  return word === 'nan' ? NaN : invalid(text, type)
}

function uuid(text: string): string {
  const digits = text
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .replaceAll('-', '')
    .toLowerCase()
  if (!/^[0-9a-f]{32}$/.test(digits)) return invalid(text, 'uuid')
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

/** In hexadecimal; a text that does not begin with `\x` stands for its own bytes. */
function bytes(text: string): string {
  const digits = /^\\x((?:[0-9a-fA-F]{2})*)$/.exec(text)
  if (digits !== null) return (digits[1] ?? '').toLowerCase()
  if (text.includes('\\')) return invalid(text, 'bytea')
  return [...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function timed(found: number | 'malformed' | 'out of range', text: string, type: DataType): number {
  if (found === 'malformed') return invalid(text, type, '22007')
  if (found === 'out of range')
    throw new Failure('22008', `date/time field value out of range: ${JSON.stringify(text)}`)
  return found
}

/** The items of a list that is written as `{1,NULL,"a b"}`. */
function listItems(text: string): readonly (string | null)[] {
  const inside = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1]
  if (inside === undefined) throw new Failure('22P02', `malformed array literal: ${JSON.stringify(text)}`)
  if (inside.trim() === '') return []
  const items: (string | null)[] = []
  const pattern = /\s*(?:"((?:[^"\\]|\\.)*)"|([^",{}]*))\s*(,|$)/gsy
  for (;;) {
    const match = pattern.exec(inside)
    if (match === null) throw new Failure('22P02', `malformed array literal: ${JSON.stringify(text)}`)
    const [, quoted, plain = '', end] = match
    if (quoted !== undefined) items.push(quoted.replaceAll(/\\(.)/gs, '$1'))
    else items.push(plain.trim().toUpperCase() === 'NULL' ? null : plain.trim())
    if (end === '') return items
  }
}
