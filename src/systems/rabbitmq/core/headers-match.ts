import type { FieldTable } from './field-table.ts'
import { sameField } from './field-table.ts'

/**
 * Whether a message's headers satisfy the arguments of a binding to a headers exchange. `x-match` is `all` (the default), `any`,
 * `all-with-x` or `any-with-x`; only the last two look at arguments whose name starts with `x-`. A void argument asks for presence alone.
 * With nothing to compare, `all` matches and `any` does not.
 */
export function headersMatch(bindingArguments: FieldTable, headers: FieldTable): boolean {
  const mode = bindingArguments['x-match']
  const withX = mode === 'all-with-x' || mode === 'any-with-x'
  const names = Object.keys(bindingArguments).filter((name) => name !== 'x-match' && (withX || !name.startsWith('x-')))
  const matches = (name: string) => name in headers && satisfies(bindingArguments, headers, name)
  return mode === 'any' || mode === 'any-with-x' ? names.some(matches) : names.every(matches)
}

/** What is wrong with the arguments of such a binding, or nothing. */
export function headersBindingFault(bindingArguments: FieldTable): string | undefined {
  const mode = bindingArguments['x-match']
  if (mode === undefined) return undefined
  if (typeof mode !== 'string') return 'Invalid x-match field type; expected longstr'
  if (['all', 'any', 'all-with-x', 'any-with-x'].includes(mode)) return undefined
  return `Invalid x-match field value "${mode}"; expected all, any, all-with-x, or any-with-x`
}

function satisfies(bindingArguments: FieldTable, headers: FieldTable, name: string): boolean {
  const wanted = bindingArguments[name]
  return wanted === null || sameField(wanted, headers[name])
}
