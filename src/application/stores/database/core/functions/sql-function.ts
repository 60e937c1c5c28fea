import type { DataType } from '../../datatype.ts'
import type { Decimal, Value } from '../../value.ts'
import { isDecimal, isList, kindOf } from '../../value.ts'
import type { Execution } from '../execution.ts'

/** A function or an operator for arguments of certain types. */
export interface SqlFunction {
  readonly name: string
  readonly takes: readonly DataType[]
  readonly gives: DataType
  /** Whether it sees nulls; else a null makes it null. */
  readonly seesNulls: boolean
  run(values: readonly Value[], execution: Execution): Value
}

export function define(
  name: string,
  takes: readonly DataType[],
  gives: DataType,
  run: SqlFunction['run'],
  seesNulls = false,
): SqlFunction {
  return { name, takes, gives, run, seesNulls }
}

/** What expressions call it: `lower(text)`. */
export function signature(name: string, takes: readonly DataType[]): string {
  return `${name}(${takes.join(',')})`
}

export function numberOf(value: Value | undefined): number {
  return typeof value === 'number' ? value : wrong(value, 'a number')
}

export function bigOf(value: Value | undefined): bigint {
  return typeof value === 'bigint' ? value : wrong(value, 'a whole number of 64 bits')
}

export function textOf(value: Value | undefined): string {
  return typeof value === 'string' ? value : wrong(value, 'a text')
}

export function decimalValue(value: Value | undefined): Decimal {
  return value !== undefined && isDecimal(value) ? value : wrong(value, 'a decimal')
}

export function listOf(value: Value | undefined): readonly Value[] {
  return value !== undefined && isList(value) ? value : wrong(value, 'a list')
}

function wrong(value: Value | undefined, wanted: string): never {
  throw new Error(`A function was given ${kindOf(value ?? null)} where it takes ${wanted}.`)
}
