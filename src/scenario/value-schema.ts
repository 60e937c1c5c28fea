import { z } from 'zod'
import {
  formatDuration,
  formatProbability,
  formatRate,
  parseBandwidth,
  parseDrift,
  parseDuration,
  parseFactor,
  parseNumber,
  parseProbability,
  parseRate,
  parseSize,
} from './quantity.ts'

/*
 * The values of a scenario as schemas. The message of an issue is what was expected, to be read after "expected"; `known` in its
 * parameters are the names that could have been meant.
 */

/** What something is written as before it is a quantity or a name. */
const written = (expected: string) => z.union([z.string(), z.number(), z.boolean()], { error: expected })

interface QuantityRule {
  /** `a duration such as 5ms`. */
  readonly expected: string
  readonly parse: (text: string) => number | undefined
  readonly format: (value: number) => string
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
}

function quantity({ expected, parse, format, minimum = -Infinity, maximum = Infinity }: QuantityRule) {
  return z.union([z.string(), z.number()], { error: expected }).transform((value, context) => {
    const parsed = parse(String(value))
    if (parsed !== undefined && parsed >= minimum && parsed <= maximum) return parsed
    const bound = parsed === undefined ? '' : boundText(parsed < minimum ? minimum : maximum, parsed < minimum, format)
    context.addIssue({ code: 'custom', message: `${expected}${bound}` })
    return z.NEVER
  })
}

function boundText(bound: number, isLeast: boolean, format: (value: number) => string): string {
  if (isLeast && bound === 0) return ', not negative'
  return isLeast ? `, ${format(bound)} or more` : `, ${format(bound)} or less`
}

export interface Bounds {
  readonly minimum?: number | undefined
  readonly maximum?: number | undefined
}

/** µs. `bare` is what a bare number counts, µs: a bare number is refused without it. */
export function durationSchema({ minimum = 0, maximum }: Bounds = {}, bare?: number) {
  const parse = (text: string): number | undefined => {
    const number = bare === undefined ? undefined : parseNumber(text)
    if (number === undefined) return parseDuration(text)
    return Number.isSafeInteger(number * (bare ?? 1)) ? number * (bare ?? 1) : undefined
  }
  const expected = bare === undefined ? 'a duration with its unit, such as 5ms' : 'a duration such as 5ms'
  return quantity({ expected, parse, format: formatDuration, minimum, maximum })
}

/** A second. */
export function rateSchema({ minimum = 0, maximum }: Bounds = {}) {
  return quantity({
    expected: 'a rate such as 100/s',
    parse: parseRate,
    format: formatSlowRate,
    minimum,
    maximum,
  })
}

function formatSlowRate(perSecond: number): string {
  return perSecond === slowestRate ? '1/d' : formatRate(perSecond)
}

const slowestRate = 1 / 86_400

/** More than none: a workload that never sends is a slip. */
export function positiveRateSchema() {
  return rateSchema({ minimum: slowestRate })
}

/** Bytes. */
export function sizeSchema({ minimum = 0, maximum }: Bounds = {}) {
  return quantity({ expected: 'a size such as 1 KiB', parse: parseSize, format: String, minimum, maximum })
}

/** Bytes a second. */
export function bandwidthSchema() {
  return quantity({
    expected: 'a bandwidth such as 10 MB/s or 1 Gbit/s',
    parse: parseBandwidth,
    format: String,
    minimum: 1,
  })
}

export function probabilitySchema({ minimum = 0, maximum = 1 }: Bounds = {}) {
  return quantity({
    expected: 'a probability such as 5% or 0.05',
    parse: parseProbability,
    format: formatProbability,
    minimum,
    maximum,
  })
}

export function factorSchema() {
  return quantity({ expected: 'a factor such as 10 or 10x', parse: parseFactor, format: String, minimum: 0 })
}

/** µs a second, either way. */
export function driftSchema() {
  return quantity({ expected: 'a drift such as 50 ppm or 2ms/s', parse: parseDrift, format: String })
}

function parseWhole(text: string): number | undefined {
  const number = parseNumber(text)
  return Number.isInteger(number) ? number : undefined
}

/** A whole number, exact. */
export function countSchema({ minimum = 0, maximum = Number.MAX_SAFE_INTEGER }: Bounds = {}) {
  return quantity({ expected: 'a whole number', parse: parseWhole, format: String, minimum, maximum })
}

export function numberSchema({ minimum, maximum }: Bounds = {}) {
  return quantity({ expected: 'a number', parse: parseNumber, format: String, minimum, maximum })
}

export function flagSchema() {
  return z.boolean({ error: 'true or false' })
}

export function textSchema(expected = 'text') {
  return written(expected).transform(String)
}

/** One of a few words; numbers and flags that are written like one of them are it. */
export function choiceSchema<const C extends string>(choices: readonly C[], expected = `one of ${choices.join(', ')}`) {
  return written(expected)
    .meta({ enum: [...choices, ...choices.flatMap(otherFormsOf)] })
    .transform((value, context): C => {
      const choice = choices.find((candidate) => candidate === String(value))
      if (choice !== undefined) return choice
      context.addIssue({ code: 'custom', message: expected, params: { known: choices } })
      return z.NEVER
    })
}

/** `1` and `true` of YAML are no texts. */
function otherFormsOf(choice: string): (number | boolean)[] {
  if (choice === 'true' || choice === 'false') return [choice === 'true']
  const number = parseNumber(choice)
  return number !== undefined && String(number) === choice ? [number] : []
}

/** A map with these keys and no others. The message of an unknown key is the list of the known ones, a line each. */
export function mapSchema<S extends z.ZodRawShape>(expected: string, shape: S) {
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? Object.keys(shape).join('\n') : expected),
  })
}

/** A map from names to things of one kind. A name without anything stands for the defaults. */
export function namedSchema<S extends z.ZodType>(expected: string, value: S) {
  return z.record(z.string(), value.nullish(), { error: expected })
}

/** One, or a list of them. */
export function someSchema<S extends z.ZodType>(one: S, expected: string) {
  return z.union([one, z.array(one, { error: expected })], { error: expected })
}

/** The same as a list, whichever way it was written. */
export function listed<T>(some: T | readonly T[] | null | undefined): readonly T[] {
  if (some === null || some === undefined) return []
  return isList(some) ? some : [some]
}

function isList<T>(some: T | readonly T[]): some is readonly T[] {
  return Array.isArray(some)
}
