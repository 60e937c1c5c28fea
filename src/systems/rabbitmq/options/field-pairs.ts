import type { FieldTable, FieldValue } from '../core/field-table.ts'

/** What is wrong with a list of `name=value`, or nothing. */
export function fieldPairsFault(pairs: readonly string[]): string | undefined {
  const wrong = pairs.find((pair) => pair.indexOf('=') <= 0)
  return wrong === undefined ? undefined : `expected name=value, found ${JSON.stringify(wrong)}`
}

/** The table of a list of `name=value`. Whole numbers, `true` and `false` are taken as such, everything else as text. */
export function fieldTableOf(pairs: readonly string[]): FieldTable {
  return Object.fromEntries(
    pairs.map((pair) => {
      const equals = pair.indexOf('=')
      return [pair.slice(0, equals).trim(), fieldValueOf(pair.slice(equals + 1).trim())] as const
    }),
  )
}

/** The same table as a list, as far as its values can be written so. */
export function fieldPairsOf(table: FieldTable): readonly string[] {
  return Object.entries(table).map(([name, value]) => `${name}=${String(value)}`)
}

function fieldValueOf(text: string): FieldValue {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d{1,15}$/.test(text) ? Number(text) : text
}
