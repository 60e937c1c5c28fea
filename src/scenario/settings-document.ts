import type { OptionSpec, OptionTable, Settings } from '../systems/option.ts'
import { formatDuration, formatProbability, formatRate } from './quantity.ts'
import { recordOf } from './record.ts'

/** Settings as they would be written: what was set, and every entry of a map, and nothing else. */
export function settingsDocument(
  table: OptionTable,
  { values, explicit }: Settings,
): Readonly<Record<string, unknown>> {
  return documentOf(table, values, '', new Set(explicit))
}

function documentOf(
  table: OptionTable,
  values: Readonly<Record<string, unknown>>,
  prefix: string,
  explicit: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(table).flatMap(([name, spec]): (readonly [string, unknown])[] => {
    const path = `${prefix}${name}`
    if (spec.type === 'group' || spec.type === 'map') {
      const inner = nestedDocument(spec, values[name], path, explicit)
      return Object.keys(inner).length === 0 ? [] : [[name, inner]]
    }
    return explicit.has(path) ? [[name, writtenValue(spec, values[name])]] : []
  })
  return Object.fromEntries(entries)
}

function nestedDocument(
  spec: Extract<OptionSpec, { readonly type: 'map' | 'group' }>,
  value: unknown,
  path: string,
  explicit: ReadonlySet<string>,
): Readonly<Record<string, unknown>> {
  if (spec.type === 'group') return documentOf(spec.of, recordOf(value), `${path}.`, explicit)
  const entries = Object.entries(recordOf(value)).map(([name, inner]) => [
    name,
    documentOf(spec.of, recordOf(inner), `${path}.${name}.`, explicit),
  ])
  return Object.fromEntries(entries)
}

/** The value of an option as a person would write it. */
export function writtenValue(spec: OptionSpec, value: unknown): unknown {
  if (value === null) return 'none'
  if (typeof value !== 'number') return value
  switch (spec.type) {
    case 'duration':
      return formatDuration(value)
    case 'rate':
      return formatRate(value)
    case 'probability':
      return formatProbability(value)
    default:
      return value
  }
}
