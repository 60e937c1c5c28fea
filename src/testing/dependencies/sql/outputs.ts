import type { Node, SelectStmt } from 'libpg-query'
import type { Expression } from '../../../application/stores/database/expression.ts'
import type { SelectBody } from '../../../application/stores/database/query.ts'
import { settled } from './coerce.ts'
import type { Expressions } from './expressions.ts'
import { expressionText } from './grouping.ts'
import type { Names } from './names.ts'
import type { Translating } from './translating.ts'
import { stringsOf } from './translating.ts'
import type { Typed } from './typed.ts'

/** A number is the place of an output; a plain name is one of theirs, if it is that of only one. */
export function outputNamed(translating: Translating, by: Node, outputs: readonly Typed[]): Typed | undefined {
  const place = numberIn(by)
  if (place !== undefined)
    return outputs[place - 1] ?? translating.fail('42P10', `ORDER BY position ${place} is not in select list`, by)
  const name = 'ColumnRef' in by ? stringsOf(by.ColumnRef.fields) : []
  const [first, second] = name.length === 1 ? outputs.filter((each) => each.name === name[0]) : []
  if (
    first !== undefined &&
    second !== undefined &&
    expressionText(first.expression) !== expressionText(second.expression)
  )
    return translating.fail('42702', `ORDER BY "${name[0]}" is ambiguous`, by)
  return first
}

/** `group by`: outputs by their place or name, or expressions. */
export function groupedBy(
  expressions: Expressions,
  { groupClause, groupDistinct }: SelectStmt,
  names: Names,
  outputs: readonly Typed[],
): readonly Expression[] | undefined {
  if (groupDistinct === true) return expressions.translating.unsupported('group by distinct')
  return groupClause?.map((node) => {
    if (numberIn(node) !== undefined)
      return (outputNamed(expressions.translating, node, outputs) ?? expressions.translate(node, names)).expression
    const name = 'ColumnRef' in node ? stringsOf(node.ColumnRef.fields) : []
    const isSource =
      name.length !== 1 || names.sources.some(({ columns }) => columns.some((each) => each.name === name[0]))
    const output = isSource ? undefined : outputNamed(expressions.translating, node, outputs)
    return settled(expressions.translating, output ?? expressions.translate(node, names)).expression
  })
}

/** `distinct`, `distinct on (...)`. */
export function distinctBy(
  expressions: Expressions,
  { distinctClause }: SelectStmt,
  names: Names,
  outputs: readonly Typed[],
): SelectBody['distinct'] {
  if (distinctClause === undefined) return undefined
  const nodes = distinctClause.filter((node) => Object.keys(node).length > 0)
  if (nodes.length === 0) return 'outputs'
  return nodes.map(
    (node) => (outputNamed(expressions.translating, node, outputs) ?? expressions.translate(node, names)).expression,
  )
}

/** The number that stands there. */
export function numberIn(node: Node): number | undefined {
  return 'A_Const' in node && node.A_Const.ival !== undefined ? (node.A_Const.ival.ival ?? 0) : undefined
}
