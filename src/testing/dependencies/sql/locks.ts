import type { LockingClause, Node } from 'libpg-query'
import type { From, QueryLock } from '../../../application/stores/database/query.ts'
import type { Names } from './names.ts'
import type { Translating } from './translating.ts'

/** `for update` and its like. */
export function lockOf(
  translating: Translating,
  clauses: readonly Node[],
  names: Names,
  from: From | undefined,
): QueryLock | undefined {
  const [first, ...more] = clauses.flatMap((node) => ('LockingClause' in node ? [node.LockingClause] : []))
  if (first === undefined) return undefined
  if (more.length > 0) return translating.unsupported('several locks', first)
  const named = (first.lockedRels ?? []).flatMap((node) => ('RangeVar' in node ? [node.RangeVar.relname ?? ''] : []))
  const sources = names.sources.filter(({ alias, table }) =>
    named.length === 0 ? table !== undefined : named.includes(alias),
  )
  const missing = named.find((alias) => !names.sources.some((source) => source.alias === alias))
  if (missing !== undefined)
    return translating.fail('42P01', `relation "${missing}" in FOR UPDATE clause not found in FROM clause`, first)
  if (sources.some(({ table }) => table === undefined))
    return translating.unsupported('a lock on what is no table', first)
  const nullable = from === undefined ? [] : nullableSources(from)
  if (sources.some(({ as }) => nullable.includes(as)))
    return translating.fail('0A000', 'FOR UPDATE cannot be applied to the nullable side of an outer join', first)
  return { of: sources.map(({ as }) => as), strength: strengthOf(first), otherwise: otherwiseOf(first) }
}

function nullableSources(from: From): readonly string[] {
  if (from.kind !== 'join') return []
  const { how, left, right } = from
  return [...nullableSources(left), ...(how === 'left' ? allSources(right) : nullableSources(right))]
}

function allSources(from: From): readonly string[] {
  return from.kind === 'join' ? [...allSources(from.left), ...allSources(from.right)] : [from.as]
}

function strengthOf({ strength }: LockingClause): QueryLock['strength'] {
  switch (strength) {
    case 'LCS_FORKEYSHARE':
      return 'key share'
    case 'LCS_FORSHARE':
      return 'share'
    case 'LCS_FORNOKEYUPDATE':
      return 'no key update'
    default:
      return 'update'
  }
}

function otherwiseOf({ waitPolicy }: LockingClause): QueryLock['otherwise'] {
  if (waitPolicy === 'LockWaitSkip') return 'skip locked'
  return waitPolicy === 'LockWaitError' ? 'nowait' : 'wait'
}
