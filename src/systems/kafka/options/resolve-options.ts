import { nearestOption } from './nearest-option.ts'
import type { KafkaVersion, OptionTable, OptionValue, ValuesOf } from './option.ts'
import { readOptionValue } from './option-value.ts'

/**
 * Sets given options over the defaults of a version. Every problem is listed: an unknown name with the nearest known
 * one, a name that means nothing in the model with the reason, a value out of its bounds.
 */
export function resolveOptions<Table extends OptionTable>(
  table: Table,
  version: KafkaVersion,
  given: Readonly<Record<string, unknown>>,
): Resolution<Table> {
  const values: Record<string, OptionValue> = {}
  for (const [name, option] of Object.entries(table.options)) values[name] = option.defaults[version]
  const problems: OptionProblem[] = []
  for (const [name, value] of Object.entries(given)) {
    const option = Object.hasOwn(table.options, name) ? table.options[name] : undefined
    const read = option === undefined ? unknownOption(table, name) : readOptionValue(option, value)
    if (read.type === 'value') values[name] = read.value
    else problems.push({ option: name, message: read.message })
  }
  if (problems.length > 0 || !isComplete(table, values)) return { type: 'refused', problems }
  return { type: 'resolved', options: values, explicit: new Set(Object.keys(given)) }
}

export type Resolution<Table extends OptionTable> =
  | {
      readonly type: 'resolved'
      readonly options: ValuesOf<Table>
      /** Names that were set: a default may give way to another option, what was set may not. */
      readonly explicit: ReadonlySet<string>
    }
  | { readonly type: 'refused'; readonly problems: readonly OptionProblem[] }

export interface OptionProblem {
  readonly option: string
  /** Continues a sentence that begins with the option's name. */
  readonly message: string
}

/** Why a real option means nothing in the model; `undefined` for one that does, or that does not exist. */
export function reasonWithoutMeaning(table: OptionTable, name: string): string | undefined {
  const exact = Object.hasOwn(table.withoutMeaning, name) ? table.withoutMeaning[name] : undefined
  if (exact !== undefined) return exact
  const patterns = Object.keys(table.withoutMeaning).filter((key) => key.endsWith('*'))
  const pattern = patterns.find((key) => name.startsWith(key.slice(0, -1)))
  return pattern === undefined ? undefined : table.withoutMeaning[pattern]
}

function unknownOption(table: OptionTable, name: string): { readonly type: 'wrong'; readonly message: string } {
  const reason = reasonWithoutMeaning(table, name)
  if (reason !== undefined) return { type: 'wrong', message: `has no meaning in the model: ${reason}` }
  const nearest = nearestOption(table, name)
  const hint = nearest === undefined ? '' : `; did you mean ${nearest}?`
  return { type: 'wrong', message: `is not an option of a ${table.kind}${hint}` }
}

function isComplete<Table extends OptionTable>(
  table: Table,
  values: Readonly<Record<string, OptionValue>>,
): values is Record<string, OptionValue> & ValuesOf<Table> {
  return Object.entries(table.options).every(([name, option]) => readOptionValue(option, values[name]).type === 'value')
}
