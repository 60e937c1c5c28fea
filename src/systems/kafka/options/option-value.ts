import { type Option, type OptionValue, unbounded } from './option.ts'

/** Reads a value as it stands in a scenario or a properties file (where everything is text). */
export function readOptionValue(option: Option, given: unknown): ReadValue {
  if (given === null || given === undefined || given === '' || given === 'null') {
    return option.isNullable ? { type: 'value', value: null } : wrong(`must have a value: ${expectationOf(option)}`)
  }
  switch (option.type) {
    case 'number':
      return readNumber(option, given)
    case 'boolean':
      return readBoolean(given)
    case 'list':
      return readList(option, given)
    default:
      return readText(option, given)
  }
}

export type ReadValue =
  | { readonly type: 'value'; readonly value: OptionValue }
  | { readonly type: 'wrong'; readonly message: string }

/** What an option takes, in words. */
function expectationOf(option: Option): string {
  if (option.type === 'boolean') return 'true or false'
  if (option.type === 'number')
    return `a number${boundsOf(option)}${option.unit === 'none' ? '' : `, in ${unitOf(option)}`}`
  if (option.choices !== undefined) return `${option.type === 'list' ? 'a list of ' : ''}${option.choices.join(', ')}`
  return option.form ?? 'text'
}

function readNumber(option: Option, given: unknown): ReadValue {
  const number = typeof given === 'number' ? given : numberFrom(given)
  const { minimum = 0, maximum = unbounded } = option
  const isWhole = option.unit === 'none' || Number.isInteger(number)
  if (number === undefined || !isWhole || number < minimum) return unexpected(option, given)
  if (number > maximum && maximum < unbounded) return unexpected(option, given)
  return { type: 'value', value: Math.min(number, maximum) }
}

function numberFrom(given: unknown): number | undefined {
  return typeof given === 'string' && /^-?\d+(\.\d+)?$/.test(given.trim()) ? Number(given) : undefined
}

function readBoolean(given: unknown): ReadValue {
  const word = typeof given === 'string' ? given.trim().toLowerCase() : given
  if (word === true || word === 'true') return { type: 'value', value: true }
  if (word === false || word === 'false') return { type: 'value', value: false }
  return wrong(`must be true or false, not ${shown(given)}`)
}

function readText(option: Option, given: unknown): ReadValue {
  if (typeof given !== 'string' && typeof given !== 'number') return unexpected(option, given)
  const value = String(given).trim()
  const fits = option.choices?.includes(value) ?? option.pattern?.test(value) ?? true
  return fits ? { type: 'value', value } : unexpected(option, given)
}

function readList(option: Option, given: unknown): ReadValue {
  const items: readonly unknown[] =
    typeof given === 'string' ? given.split(',') : Array.isArray(given) ? given : [given]
  const names = items.map((item) => (typeof item === 'string' ? item.trim() : ''))
  const fits = names.length > 0 && names.every((name) => option.choices?.includes(name) ?? name !== '')
  return fits ? { type: 'value', value: names } : unexpected(option, given)
}

function unexpected(option: Option, given: unknown): ReadValue {
  return wrong(`must be ${expectationOf(option)}, not ${shown(given)}`)
}

function wrong(message: string): ReadValue {
  return { type: 'wrong', message }
}

function shown(given: unknown): string {
  return JSON.stringify(given) ?? 'nothing'
}

function boundsOf({ minimum = 0, maximum = unbounded }: Option): string {
  return maximum < unbounded ? ` from ${minimum} to ${maximum}` : ` of at least ${minimum}`
}

function unitOf({ unit }: Option): string {
  return unit === 'count' ? 'whole units' : unit
}
