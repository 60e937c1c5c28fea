import type { Condition } from '../expression.ts'
import type { From } from '../query.ts'
import { isList } from '../value.ts'
import { evaluate, isTrue } from './evaluate.ts'
import type { Relation } from './relation.ts'
import { placesOf } from './relation.ts'
import { rowsSeen } from './scan.ts'
import type { Scope } from './scope.ts'
import { replaced, rowScope, scopeNamed } from './scope.ts'
import type { Version } from './version.ts'

type Source = Exclude<From, { readonly kind: 'join' }>

/** Gives the rows of a source; the conditions, which it need not look at, are such that other rows come to nothing. */
type Read = (source: Source, around: Scope, conditions: readonly Condition[]) => Iterable<Scope>

/**
 * The rows that joined sources make, each as the rows of all sources at hand. `conditions` must be true of what is wanted; whoever calls looks
 * whether they are.
 */
export function tuplesOf(from: From | undefined, around: Scope, conditions: readonly Condition[]): Iterable<Scope> {
  return from === undefined ? [around] : joined(from, around, conditions, rowsOf)
}

/** The same rows joined again, when one of them has become another version; `undefined` where they do not fit any more. */
export function joinedAgain(
  from: From,
  around: Scope,
  tuple: Scope,
  changed: { readonly as: string; readonly version: Version },
): Scope | undefined {
  const now = replaced(tuple, changed.as, changed.version)
  const same: Read = ({ as }, before) => {
    const row = scopeNamed(now, as)
    return row?.values === undefined ? [] : [{ ...row, outer: before }]
  }
  for (const found of joined(from, around, [], same)) return found
  return undefined
}

function* joined(from: From, around: Scope, conditions: readonly Condition[], read: Read): Iterable<Scope> {
  if (from.kind !== 'join') {
    yield* read(from, around, conditions)
    return
  }
  const { left, right, on } = from
  if (from.how === 'inner') {
    const both = [...conditions, on]
    for (const one of joined(left, around, both, read))
      for (const pair of joined(right, one, both, read)) if (isTrue(on, pair)) yield pair
    return
  }
  for (const one of joined(left, around, conditions, read)) {
    let found = false
    for (const pair of joined(right, one, [on], read)) {
      if (!isTrue(on, pair)) continue
      found = true
      yield pair
    }
    if (!found) yield withoutRows(right, one)
  }
}

function rowsOf(source: Source, around: Scope, conditions: readonly Condition[]): Iterable<Scope> {
  const { execution } = around
  switch (source.kind) {
    case 'table': {
      const table = execution.tableNamed(source.table)
      return rowsSeen(table, source.as, conditions, around).map((version) =>
        rowScope(around, source.as, table, version.values, version),
      )
    }
    case 'query':
      return relationRows(execution.ask(source.query, around), source.as, around)
    case 'common':
      return relationRows(execution.common.get(source.name) ?? { columns: [], rows: [] }, source.as, around)
    case 'lists':
      return relationRows(besideEachOther(source, around), source.as, around)
  }
}

function relationRows(relation: Relation, name: string, around: Scope): readonly Scope[] {
  const columns = placesOf(relation)
  const { execution } = around
  return relation.rows.map((values) => ({ execution, name, columns, values, version: undefined, outer: around }))
}

function besideEachOther({ lists, columns }: Extract<Source, { readonly kind: 'lists' }>, around: Scope): Relation {
  const values = lists.map((each) => {
    const list = evaluate(each, around)
    return isList(list) ? list : []
  })
  const length = Math.max(0, ...values.map((list) => list.length))
  return { columns, rows: Array.from({ length }, (_, index) => values.map((list) => list[index] ?? null)) }
}

/** All sources on a side of a join that found no row there. */
function withoutRows(from: From, around: Scope): Scope {
  if (from.kind === 'join') return withoutRows(from.right, withoutRows(from.left, around))
  const columns = new Map<string, number>()
  const { execution } = around
  return { execution, name: from.as, columns, values: undefined, version: undefined, outer: around }
}
