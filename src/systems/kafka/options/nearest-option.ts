import { closest, distance } from 'fastest-levenshtein'
import type { OptionTable } from './option.ts'

/** The option whose name is closest, if it is close enough to be what was meant. */
export function nearestOption(table: OptionTable, name: string): string | undefined {
  const nearest = closest(name, Object.keys(table.options))
  return distance(name, nearest) <= Math.max(3, name.length / 3) ? nearest : undefined
}
