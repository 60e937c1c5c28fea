import { inspect } from 'node:util'

/** What a value is, for somebody who expected something else. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return String(value)
  if (typeof value === 'string') return `the text ${JSON.stringify(value.slice(0, 40))}`
  if (typeof value === 'function') return 'a function'
  if (value instanceof Promise) return 'a promise'
  if (Array.isArray(value)) return 'a list'
  return shortText(value)
}

/** A value in a line. */
export function shortText(value: unknown): string {
  const text = inspect(value, { breakLength: Infinity, depth: 2, maxArrayLength: 5, maxStringLength: 40 })
  return text.length <= 160 ? text : `${text.slice(0, 157)}...`
}
