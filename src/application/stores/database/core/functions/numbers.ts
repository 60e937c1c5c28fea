import type { DataType } from '../../datatype.ts'
import { Failure } from '../failure.ts'
import {
  addDecimals,
  divideDecimals,
  floorDecimal,
  multiplyDecimals,
  negatedDecimal,
  remainderOfDecimals,
  roundedDecimal,
  truncatedDecimal,
} from './decimal.ts'
import type { SqlFunction } from './sql-function.ts'
import { bigOf, decimalValue, define, numberOf } from './sql-function.ts'

const bits = { int2: 16, int4: 32, int8: 64 } as const
const words = { int2: 'smallint', int4: 'integer', int8: 'bigint' } as const

/** A whole number of a type, or the error that there is none so large. */
export function whole(value: number, type: 'int2' | 'int4'): number {
  const limit = 2 ** (bits[type] - 1)
  if (value < -limit || value >= limit) throw new Failure('22003', `${words[type]} out of range`)
  return value === 0 ? 0 : value
}

export function wholeBig(value: bigint): bigint {
  if (BigInt.asIntN(bits.int8, value) !== value) throw new Failure('22003', `${words.int8} out of range`)
  return value
}

function divisor<T extends number | bigint>(value: T): T {
  if (Number(value) === 0) throw new Failure('22012', 'division by zero')
  return value
}

function float(value: number): number {
  if (!Number.isFinite(value)) throw new Failure('22003', 'value out of range: overflow')
  return value
}

function smallIntegers(type: 'int2' | 'int4'): readonly SqlFunction[] {
  const two = [type, type] as const
  const both = (name: string, run: (one: number, other: number) => number): SqlFunction =>
    define(name, two, type, ([one, other]) => whole(run(numberOf(one), numberOf(other)), type))
  return [
    both('+', (one, other) => one + other),
    both('-', (one, other) => one - other),
    both('*', (one, other) => one * other),
    both('/', (one, other) => Math.trunc(one / divisor(other))),
    both('%', (one, other) => one % divisor(other)),
    both('mod', (one, other) => one % divisor(other)),
    define('-', [type], type, ([value]) => whole(-numberOf(value), type)),
    define('abs', [type], type, ([value]) => whole(Math.abs(numberOf(value)), type)),
  ]
}

const bigIntegers: readonly SqlFunction[] = [
  bigPair('+', (one, other) => one + other),
  bigPair('-', (one, other) => one - other),
  bigPair('*', (one, other) => one * other),
  bigPair('/', (one, other) => one / divisor(other)),
  bigPair('%', (one, other) => one % divisor(other)),
  bigPair('mod', (one, other) => one % divisor(other)),
  define('-', ['int8'], 'int8', ([value]) => wholeBig(-bigOf(value))),
  define('abs', ['int8'], 'int8', ([value]) => wholeBig(bigOf(value) < 0n ? -bigOf(value) : bigOf(value))),
]

function bigPair(name: string, run: (one: bigint, other: bigint) => bigint): SqlFunction {
  return define(name, ['int8', 'int8'], 'int8', ([one, other]) => wholeBig(run(bigOf(one), bigOf(other))))
}

const numericPair: readonly DataType[] = ['numeric', 'numeric']

const decimals: readonly SqlFunction[] = [
  define('+', numericPair, 'numeric', ([one, other]) => addDecimals(decimalValue(one), decimalValue(other))),
  define('-', numericPair, 'numeric', ([one, other]) =>
    addDecimals(decimalValue(one), negatedDecimal(decimalValue(other))),
  ),
  define('*', numericPair, 'numeric', ([one, other]) => multiplyDecimals(decimalValue(one), decimalValue(other))),
  define('/', numericPair, 'numeric', ([one, other]) => divideDecimals(decimalValue(one), decimalValue(other))),
  define('%', numericPair, 'numeric', ([one, other]) => remainderOfDecimals(decimalValue(one), decimalValue(other))),
  define('mod', numericPair, 'numeric', ([one, other]) => remainderOfDecimals(decimalValue(one), decimalValue(other))),
  define('-', ['numeric'], 'numeric', ([value]) => negatedDecimal(decimalValue(value))),
  define('abs', ['numeric'], 'numeric', ([value]) => {
    const decimal = decimalValue(value)
    return decimal.digits < 0n ? negatedDecimal(decimal) : decimal
  }),
  define('round', ['numeric'], 'numeric', ([value]) => roundedDecimal(decimalValue(value), 0)),
  define('round', ['numeric', 'int4'], 'numeric', ([value, scale]) =>
    roundedDecimal(decimalValue(value), numberOf(scale)),
  ),
  define('trunc', ['numeric'], 'numeric', ([value]) => truncatedDecimal(decimalValue(value), 0)),
  define('trunc', ['numeric', 'int4'], 'numeric', ([value, scale]) =>
    truncatedDecimal(decimalValue(value), numberOf(scale)),
  ),
  define('floor', ['numeric'], 'numeric', ([value]) => floorDecimal(decimalValue(value))),
  define('ceil', ['numeric'], 'numeric', ([value]) =>
    negatedDecimal(floorDecimal(negatedDecimal(decimalValue(value)))),
  ),
  define('ceiling', ['numeric'], 'numeric', ([value]) =>
    negatedDecimal(floorDecimal(negatedDecimal(decimalValue(value)))),
  ),
]

const floatPair: readonly DataType[] = ['float8', 'float8']

function floats(name: string, run: (one: number, other: number) => number): SqlFunction {
  return define(name, floatPair, 'float8', ([one, other]) => float(run(numberOf(one), numberOf(other))))
}

function floatFunction(name: string, run: (value: number) => number): SqlFunction {
  return define(name, ['float8'], 'float8', ([value]) => float(run(numberOf(value))))
}

export const numberFunctions: readonly SqlFunction[] = [
  ...smallIntegers('int2'),
  ...smallIntegers('int4'),
  ...bigIntegers,
  ...decimals,
  floats('+', (one, other) => one + other),
  floats('-', (one, other) => one - other),
  floats('*', (one, other) => one * other),
  floats('/', (one, other) => one / divisor(other)),
  floatFunction('-', (value) => -value),
  floatFunction('abs', Math.abs),
  floatFunction('floor', Math.floor),
  floatFunction('ceil', Math.ceil),
  floatFunction('ceiling', Math.ceil),
  floatFunction('trunc', Math.trunc),
  floatFunction('round', roundHalfToEven),
]

export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}
