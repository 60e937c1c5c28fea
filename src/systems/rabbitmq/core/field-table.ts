/**
 * A value of an AMQP field table, typed as the wire types it. A whole `number` is an integer, another `number` a double; `null` is the void
 * value; a value of a rarer type names it, in the form that amqplib uses.
 */
export type FieldValue = string | number | boolean | null | TypedField | readonly FieldValue[] | FieldTable

export interface TypedField {
  readonly '!': string
  readonly value: string | number
}

/** Headers of a message, arguments of a declaration. */
export interface FieldTable {
  readonly [name: string]: FieldValue
}

export const emptyTable: FieldTable = {}

/** Whether two values have the same type and content: `1` is neither `"1"`, nor `true`, nor the double 1.0. */
export function sameField(one: FieldValue | undefined, other: FieldValue | undefined): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return sameNumber(one, other)
  if (isTyped(one) || isTyped(other)) return sameNumber(one, other)
  if (isArray(one) || isArray(other)) return isArray(one) && isArray(other) && sameArray(one, other)
  return sameTable(one, other)
}

export function sameTable(one: FieldTable, other: FieldTable): boolean {
  const names = Object.keys(one)
  return names.length === Object.keys(other).length && names.every((name) => sameField(one[name], other[name]))
}

export function isTable(value: FieldValue | undefined): value is FieldTable {
  return typeof value === 'object' && value !== null && !isArray(value) && !isTyped(value)
}

export function isArray(value: FieldValue | undefined): value is readonly FieldValue[] {
  return Array.isArray(value)
}

export function isTyped(value: FieldValue | undefined): value is TypedField {
  return typeof value === 'object' && value !== null && !isArray(value) && '!' in value
}

/** The texts in a value that should be an array of texts; anything else counts as none. */
export function textsOf(value: FieldValue | undefined): readonly string[] {
  return isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

export function without(table: FieldTable, name: string): FieldTable {
  const { [name]: _removed, ...rest } = table
  return rest
}

function sameArray(one: readonly FieldValue[], other: readonly FieldValue[]): boolean {
  return one.length === other.length && one.every((item, index) => sameField(item, other[index]))
}

function sameNumber(one: FieldValue | undefined, other: FieldValue | undefined): boolean {
  const [left, right] = [numeric(one), numeric(other)]
  return left !== undefined && right !== undefined && left.family === right.family && left.value === right.value
}

type Numeric = { readonly family: string; readonly value: string | number }

const integers = new Set(['byte', 'short', 'int', 'long', 'int8', 'int16', 'int32', 'int64'])

function numeric(value: FieldValue | undefined): Numeric | undefined {
  if (typeof value === 'number') return { family: Number.isInteger(value) ? 'integer' : 'double', value }
  if (!isTyped(value)) return undefined
  return { family: integers.has(value['!']) ? 'integer' : value['!'], value: value.value }
}
