import { z } from 'zod'
import { millisecond, minute, second } from '../simulation/duration.ts'
import type { DurationUnit, OptionSpec, OptionTable, Settings } from '../systems/option.ts'
import { recordOf } from './record.ts'
import { writtenValue } from './settings-document.ts'
import type { Reading, Spot } from './reading.ts'
import { isAbsent, namesOf } from './reading.ts'
import { without } from './source-tree.ts'
import {
  choiceSchema,
  countSchema,
  durationSchema,
  flagSchema,
  listed,
  mapSchema,
  namedSchema,
  numberSchema,
  probabilitySchema,
  rateSchema,
  sizeSchema,
  someSchema,
  textSchema,
} from './value-schema.ts'

/** The settings of a part of the document: what was written, checked against the table, and the defaults. */
export function readSettings(
  reading: Reading,
  table: OptionTable,
  spot: Spot,
  reasonWithoutMeaning: (option: string) => string | undefined = () => undefined,
): Settings | undefined {
  if (isAbsent(spot)) return settingsOf(table, {})
  const idle = namesOf(spot).filter((name) => !Object.hasOwn(table, name) && reasonWithoutMeaning(name) !== undefined)
  for (const name of idle)
    reading.refuseName(spot, name, `${name} has no meaning in the model: ${asReason(reasonWithoutMeaning(name) ?? '')}`)
  const written = reading.read(tableSchema(table), { ...spot, node: without(spot.node, idle) })
  return written === undefined ? undefined : settingsOf(table, written)
}

/** A sentence as the end of another one. */
function asReason(sentence: string): string {
  return sentence.replace(/\.$/, '')
}

/** Complete settings from those values that were set. */
export function settingsOf(table: OptionTable, written: Readonly<Record<string, unknown>>): Settings {
  const explicit: string[] = []
  return { values: completed(table, written, '', explicit), explicit }
}

const tableSchemas = new WeakMap<OptionTable, z.ZodType<Record<string, unknown>>>()

/** A table as a schema; what comes out has only what was written. */
export function tableSchema(table: OptionTable): z.ZodType<Record<string, unknown>> {
  const known = tableSchemas.get(table)
  if (known !== undefined) return known
  const shape = Object.entries(table).map(([name, spec]) => [name, described(name, spec)] as const)
  const schema = mapSchema('a map of options', Object.fromEntries(shape))
  tableSchemas.set(table, schema)
  return schema
}

/** What is left empty in a file is not set, unlike `none`. */
const absent = z.null().transform(() => undefined)

function described(name: string, spec: OptionSpec): z.ZodType {
  // No value is not the same as `none`, which somebody has to say.
  const hasDefault = 'fallback' in spec && spec.fallback !== null
  const fallback = hasDefault ? { default: writtenValue(spec, spec.fallback) } : {}
  const description = spec.page === undefined ? spec.summary : `${spec.summary} (${spec.page})`
  return z
    .union([absent, optionSchema(name, spec)])
    .optional()
    .meta({ description, ...fallback })
}

function optionSchema(name: string, spec: OptionSpec): z.ZodType {
  switch (spec.type) {
    case 'flag':
      return flagSchema()
    case 'text':
      return spec.fallback === null ? orNone(textSchema()) : textSchema()
    case 'choice':
      return choiceSchema(spec.choices)
    case 'list':
      return someSchema(textSchema(), 'text or a list of texts').transform(listed)
    case 'map':
      return namedSchema('a map from names to options', tableSchema(spec.of))
    case 'group':
      return tableSchema(spec.of)
    default:
      return spec.fallback === null ? orNone(numericSchema(name, spec)) : numericSchema(name, spec)
  }
}

type NumericSpec = Extract<
  OptionSpec,
  { readonly type: 'duration' | 'size' | 'count' | 'number' | 'rate' | 'probability' }
>

function numericSchema(name: string, spec: NumericSpec): z.ZodType<number> {
  switch (spec.type) {
    case 'duration':
      return durationSchema(spec, spec.unit === undefined ? unitByName(name) : durationUnits[spec.unit])
    case 'size':
      return sizeSchema(spec)
    case 'count':
      return countSchema(spec)
    case 'number':
      return numberSchema(spec)
    case 'rate':
      return rateSchema(spec)
    case 'probability':
      return probabilitySchema(spec)
  }
}

const durationUnits: Readonly<Record<DurationUnit, number>> = { ms: millisecond, s: second, min: minute }

/** µs that a bare number counts where the product's own name of the option says so: `session.timeout.ms`, `DelaySeconds`. */
function unitByName(name: string): number | undefined {
  if (/([._-]ms|Ms|[mM]illis(econds)?)$/.test(name)) return millisecond
  if (/(^|[._-])seconds$|Seconds$/.test(name)) return second
  return /(^|[._-])minutes$|Minutes$/.test(name) ? minute : undefined
}

/** Options that may have no value say so with `none`. */
function orNone<T>(schema: z.ZodType<T>): z.ZodType<T | null> {
  return z.union([z.literal('none').transform(() => null), schema])
}

function completed(
  table: OptionTable,
  written: Readonly<Record<string, unknown>>,
  prefix: string,
  explicit: string[],
): Readonly<Record<string, unknown>> {
  const values = Object.entries(table).map(([name, spec]) => {
    const value = Object.hasOwn(written, name) ? written[name] : undefined
    return [name, completedValue(spec, value, `${prefix}${name}`, explicit)] as const
  })
  return Object.fromEntries(values)
}

function completedValue(spec: OptionSpec, value: unknown, path: string, explicit: string[]): unknown {
  if (spec.type === 'group') return completed(spec.of, recordOf(value), `${path}.`, explicit)
  if (spec.type === 'map') {
    const entries = Object.entries(recordOf(value)).map(([name, inner]) => {
      explicit.push(`${path}.${name}`)
      return [name, completed(spec.of, recordOf(inner), `${path}.${name}.`, explicit)] as const
    })
    return Object.fromEntries(entries)
  }
  // What was written as `none` is null; what was not written, or is empty in the file, is undefined after the schema.
  if (value === undefined) return spec.fallback
  explicit.push(path)
  return value
}
