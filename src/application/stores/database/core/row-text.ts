import type { Value } from '../value.ts'
import { outputText } from './functions/output.ts'
import type { Table } from './table.ts'

/** A row as errors show it: `(1, ann, null)`. */
export function rowText({ definition }: Table, values: readonly Value[]): string {
  const texts = definition.columns.map(({ type }, place) => outputText(values[place] ?? null, type) ?? 'null')
  return `(${texts.join(', ')})`
}

/** A key as errors show it: `(order_id, line)=(7, 1)`. */
export function keyInWords({ definition }: Table, columns: readonly string[], values: readonly Value[]): string {
  const texts = columns.map((column, place) => {
    const found = definition.columns.find(({ name }) => name === column)
    return outputText(values[place] ?? null, found?.type ?? 'text') ?? 'null'
  })
  return `(${columns.join(', ')})=(${texts.join(', ')})`
}
