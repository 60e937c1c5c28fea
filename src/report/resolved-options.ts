import type { Run } from '../run.ts'
import { durationText, rateText, shareText, sizeText } from './quantities.ts'

type Description = Run['systems'][number]
type OptionTable = Description['options']
type OptionSpec = OptionTable[string]
type Settings = Description['settings']

/** An option with the value that a run had, for people. */
export interface ResolvedOption {
  /** `queues.orders.attempts`. */
  readonly path: string
  readonly value: string
  readonly fallback: string
  /** Whether its value is another one than the default. */
  readonly differs: boolean
  readonly summary: string
  /** Where the default is documented. */
  readonly page: string | undefined
}

/** Every option of a table with its value, groups and named things spread out. */
export function resolvedOptions(table: OptionTable, { values }: Settings): readonly ResolvedOption[] {
  return spread(table, values, '')
}

function spread(table: OptionTable, values: unknown, prefix: string): readonly ResolvedOption[] {
  return Object.entries(table).flatMap(([name, spec]) => resolved(spec, entryOf(values, name), `${prefix}${name}`))
}

function resolved(spec: OptionSpec, value: unknown, path: string): readonly ResolvedOption[] {
  if (spec.type === 'group') return spread(spec.of, value, `${path}.`)
  if (spec.type === 'map')
    return Object.entries(recordOf(value)).flatMap(([name, inner]) => named(spec.of, inner, `${path}.${name}`))
  const shown = valueText(spec, value)
  const fallback = valueText(spec, spec.fallback)
  return [{ path, value: shown, fallback, differs: shown !== fallback, summary: spec.summary, page: spec.page }]
}

/** A named thing of which nothing can be set is there all the same. */
function named(table: OptionTable, value: unknown, path: string): readonly ResolvedOption[] {
  const options = spread(table, value, `${path}.`)
  if (options.length > 0) return options
  return [{ path, value: 'there', fallback: '–', differs: true, summary: 'Has no options.', page: undefined }]
}

/** A value of an option in its unit. */
export function valueText(spec: Exclude<OptionSpec, { readonly type: 'map' | 'group' }>, value: unknown): string {
  if (value === null || value === undefined) return 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).join(', ')
  if (typeof value !== 'number') return value === '' ? 'empty' : String(value)
  switch (spec.type) {
    case 'duration':
      return durationText(value)
    case 'size':
      return sizeText(value)
    case 'rate':
      return rateText(value)
    case 'probability':
      return shareText(value)
    default:
      return String(value)
  }
}

function entryOf(value: unknown, name: string): unknown {
  return recordOf(value)[name]
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
}
