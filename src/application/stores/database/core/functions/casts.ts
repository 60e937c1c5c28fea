import type { DataType } from '../../datatype.ts'
import { scalarTypes } from '../../datatype.ts'
import type { Value } from '../../value.ts'
import { Failure } from '../failure.ts'
import { decimalOf, decimalText, roundedDecimal, wholeDecimal } from './decimal.ts'
import type { Json } from './documents.ts'
import { jsonText, parseJson } from './documents.ts'
import { inputValue } from './input.ts'
import { roundHalfToEven, whole, wholeBig } from './numbers.ts'
import { outputText } from './output.ts'
import type { SqlFunction } from './sql-function.ts'
import { bigOf, decimalValue, define, listOf, numberOf, textOf } from './sql-function.ts'
import { microsPerDay } from './time-text.ts'
import { tenTo } from '../../value.ts'

/* From one type to another: the function that has the name of the type. */

const small = ['int2', 'int4', 'integer'] as const
const floats = ['float4', 'float8'] as const

const betweenNumbers: readonly SqlFunction[] = [
  ...small.flatMap((from) => [
    ...(['int2', 'int4'] as const).map((to) => define(to, [from], to, ([value]) => whole(numberOf(value), to))),
    define('int8', [from], 'int8', ([value]) => BigInt(numberOf(value))),
    define('numeric', [from], 'numeric', ([value]) => wholeDecimal(BigInt(numberOf(value)))),
    ...floats.map((to) => define(to, [from], to, ([value]) => numberOf(value))),
  ]),
  ...(['int2', 'int4'] as const).flatMap((to) => [
    define(to, ['int8'], to, ([value]) => whole(Number(bigOf(value)), to)),
    define(to, ['numeric'], to, ([value]) => whole(Number(roundedDecimal(decimalValue(value), 0).digits), to)),
    ...floats.map((from) => define(to, [from], to, ([value]) => whole(roundHalfToEven(numberOf(value)), to))),
  ]),
  define('integer', ['int4'], 'integer', ([value]) => numberOf(value)),
  define('integer', ['int8'], 'integer', ([value]) => Number(bigOf(value))),
  define('int8', ['numeric'], 'int8', ([value]) => wholeBig(roundedDecimal(decimalValue(value), 0).digits)),
  ...floats.flatMap((from) => [
    define('int8', [from], 'int8', ([value]) => wholeBig(BigInt(roundHalfToEven(numberOf(value))))),
    define('numeric', [from], 'numeric', ([value]) => decimalOf(numberOf(value).toPrecision(15)) ?? null),
    ...floats.map((to) =>
      define(to, [from], to, ([value]) => (to === 'float4' ? Math.fround(numberOf(value)) : numberOf(value))),
    ),
  ]),
  ...floats.flatMap((to) => [
    define(to, ['int8'], to, ([value]) => Number(bigOf(value))),
    define(to, ['numeric'], to, ([value]) => Number(decimalText(decimalValue(value)))),
  ]),
  define('bool', ['int4'], 'bool', ([value]) => numberOf(value) !== 0),
  define('int4', ['bool'], 'int4', ([value]) => (value === true ? 1 : 0)),
  define('numeric', ['numeric', 'int4', 'int4'], 'numeric', ([value, precision, scale]) => {
    const rounded = roundedDecimal(decimalValue(value), numberOf(scale))
    const limit = tenTo(numberOf(precision))
    if (rounded.digits < limit && rounded.digits > -limit) return rounded
    throw new Failure('22003', 'numeric field overflow', {
      detail: `A field with precision ${numberOf(precision)}, scale ${numberOf(scale)} must round to an absolute value less than 10^${numberOf(precision) - numberOf(scale)}.`,
    })
  }),
]

const texts = ['text', 'varchar', 'bpchar'] as const

const betweenTexts: readonly SqlFunction[] = [
  ...texts.flatMap((from) =>
    texts.map((to) =>
      define(to, [from], to, ([value]) =>
        from === 'bpchar' && to !== 'bpchar' ? textOf(value).replace(/ +$/, '') : textOf(value),
      ),
    ),
  ),
  ...(['varchar', 'bpchar'] as const).flatMap((type) => [
    // What is written out is cut; what is put into a column must fit, but for spaces.
    define(type, [type, 'int4'], type, ([value, length]) => fitted(textOf(value), numberOf(length), type, true)),
    define(`${type}_into`, [type, 'int4'], type, ([value, length]) =>
      fitted(textOf(value), numberOf(length), type, false),
    ),
  ]),
]

function fitted(text: string, length: number, type: 'varchar' | 'bpchar', isCut: boolean): string {
  const characters = [...text]
  const kept = characters.slice(0, length).join('')
  if (!isCut && characters.slice(length).some((character) => character !== ' ')) {
    const name = type === 'varchar' ? 'character varying' : 'character'
    throw new Failure('22001', `value too long for type ${name}(${length})`)
  }
  return type === 'bpchar' ? kept + ' '.repeat(Math.max(0, length - characters.length)) : kept
}

const betweenTimes: readonly SqlFunction[] = [
  define('timestamp', ['timestamptz'], 'timestamp', ([value]) => numberOf(value)),
  define('timestamptz', ['timestamp'], 'timestamptz', ([value]) => numberOf(value)),
  ...(['timestamp', 'timestamptz'] as const).flatMap((type) => [
    define('date', [type], 'date', ([value]) => Math.floor(numberOf(value) / microsPerDay)),
    define(type, ['date'], type, ([value]) => numberOf(value) * microsPerDay),
  ]),
]

const documents: readonly SqlFunction[] = [
  define('jsonb', ['json'], 'jsonb', ([value]) => jsonText(parseJson(textOf(value)))),
  define('json', ['jsonb'], 'json', ([value]) => textOf(value)),
  define('bool', ['jsonb'], 'bool', ([value]) => {
    const json = parseJson(textOf(value))
    if (typeof json !== 'boolean') throw new Failure('22023', 'cannot cast jsonb to type boolean')
    return json
  }),
  ...(['int2', 'int4', 'int8', 'numeric', 'float8'] as const).map((to) =>
    define(to, ['jsonb'], to, ([value]) => {
      const json = parseJson(textOf(value))
      if (typeof json !== 'number') throw new Failure('22023', `cannot cast jsonb ${typeof json} to type ${to}`)
      return inputValue(to === 'numeric' || to === 'float8' ? String(json) : String(Math.round(json)), to)
    }),
  ),
]

const types: readonly DataType[] = scalarTypes.filter((type) => !['text', 'varchar', 'bpchar'].includes(type))
const lists: readonly DataType[] = scalarTypes.map((type): DataType => `${type}[]`)

/** Every type is written as a text, and read from one. */
const throughText: readonly SqlFunction[] = [...types, ...lists].flatMap((type) => [
  define(type, ['text'], type, ([value]) => inputValue(textOf(value), type)),
  define('output', [type], 'text', ([value = null]) => outputText(value, type) ?? null),
  define('text', [type], 'text', ([value = null]) =>
    type === 'bool' || type === 'boolean' ? String(value) : (outputText(value, type) ?? null),
  ),
])

/** A value as JSON. */
const toJson: readonly SqlFunction[] = scalarTypes.flatMap((type) => [
  define('to_jsonb', [type], 'jsonb', ([value = null]) => jsonText(jsonOf(value, type))),
  define('to_json', [type], 'json', ([value = null]) => jsonText(jsonOf(value, type))),
  define('to_jsonb', [`${type}[]`], 'jsonb', ([value]) => jsonText(listOf(value).map((item) => jsonOf(item, type)))),
])

function jsonOf(value: Value, type: DataType): Json {
  if (value === null || typeof value === 'boolean') return value
  if (type === 'json' || type === 'jsonb') return parseJson(textOf(value))
  if (['int2', 'int4', 'int8', 'integer', 'float4', 'float8', 'numeric'].includes(type))
    return parseJson(outputText(value, type) ?? 'null')
  const text = outputText(value, type) ?? ''
  return type === 'timestamptz' || type === 'timestamp' ? text.replace(' ', 'T').replace(/\+00$/, '+00:00') : text
}

export const castFunctions: readonly SqlFunction[] = [
  ...betweenNumbers,
  ...betweenTexts,
  ...betweenTimes,
  ...documents,
  ...throughText,
  ...toJson,
]
