import type { Expression } from '../../../application/stores/database/expression.ts'
import type { Names, NamedSource } from './names.ts'
import type { Translating } from './translating.ts'

/** Of grouped rows only what they are grouped by can be said, and aggregates. */
export function checkGrouping(
  translating: Translating,
  groupBy: readonly Expression[],
  expressions: readonly Expression[],
  { sources }: Names,
  at: object,
): void {
  const keys = new Set(groupBy.map((each) => expressionText(each)))
  const known = new Set(sources.filter((source) => isDetermined(source, keys)).map(({ as }) => as))
  const own = new Set(sources.map(({ as }) => as))
  const check = (node: unknown): void => {
    if (typeof node !== 'object' || node === null || keys.has(expressionText(node))) return
    if ('kind' in node && (node.kind === 'aggregate' || node.kind === 'query')) return
    if (isColumn(node)) {
      if (!own.has(node.of) || known.has(node.of)) return
      translating.fail(
        '42803',
        `column "${node.of}.${node.name}" must appear in the GROUP BY clause or be used in an aggregate function`,
        at,
      )
    }
    for (const part of Object.values(node)) check(part)
  }
  for (const expression of expressions) check(expression)
}

/** Whether rows are grouped by the primary key of the source, which determines all else of it. */
function isDetermined({ table, as }: NamedSource, keys: ReadonlySet<string>): boolean {
  const key = table?.primaryKey ?? []
  return key.length > 0 && key.every((name) => keys.has(expressionText({ kind: 'column', name, of: as })))
}

function isColumn(node: object): node is Extract<Expression, { readonly kind: 'column' }> {
  return 'kind' in node && node.kind === 'column'
}

/** The same for expressions that say the same. */
export function expressionText(expression: object): string {
  return JSON.stringify(expression, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
}
