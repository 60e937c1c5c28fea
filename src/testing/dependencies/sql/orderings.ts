import type { Node, SortBy } from 'libpg-query'
import type { Ordering } from '../../../application/stores/database/expression.ts'
import { settled } from './coerce.ts'
import type { Expressions } from './expressions.ts'
import type { Names } from './names.ts'
import type { Typed } from './typed.ts'

/** `order by`; `named` finds what a plain name or a number means first. */
export function orderings(
  expressions: Expressions,
  nodes: readonly Node[],
  names: Names,
  named: (node: Node) => Typed | undefined = () => undefined,
): readonly Ordering[] {
  return nodes.map((node): Ordering => {
    if (!('SortBy' in node) || node.SortBy.node === undefined)
      return expressions.translating.unsupported('this order', node)
    const { node: by, sortby_dir, sortby_nulls, useOp } = node.SortBy
    if (useOp !== undefined) return expressions.translating.unsupported('order by ... using', node)
    const typed = settled(expressions.translating, named(by) ?? expressions.translate(by, names))
    return {
      by: typed.expression,
      direction: sortby_dir === 'SORTBY_DESC' ? 'descending' : 'ascending',
      ...nulls(sortby_nulls),
    }
  })
}

function nulls(said: SortBy['sortby_nulls']): Pick<Ordering, 'nulls'> {
  if (said === 'SORTBY_NULLS_FIRST') return { nulls: 'first' }
  return said === 'SORTBY_NULLS_LAST' ? { nulls: 'last' } : {}
}
