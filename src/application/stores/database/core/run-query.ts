import type { Query, QueryLock, SelectBody } from '../query.ts'
import type { Value } from '../value.ts'
import { keyText } from '../value.ts'
import type { Blocking } from './blocking.ts'
import { evaluate, isTrue } from './evaluate.ts'
import type { Execution } from './execution.ts'
import { concurrentDelete, concurrentUpdate, Failure } from './failure.ts'
import { ordered } from './ordering.ts'
import type { Relation } from './relation.ts'
import { placesOf } from './relation.ts'
import { lockNewest, lockVersion } from './row-claim.ts'
import type { Scope } from './scope.ts'
import { emptyScope, groupScope, scopeNamed } from './scope.ts'
import { joinedAgain, tuplesOf } from './tuples.ts'

/** Runs the common tables and the queries that are run once; after that, a query does not wait but for its own locks. */
export type Prepare = (execution: Execution, of: Pick<Query, 'with' | 'subqueries'>) => Blocking<void>

/** Runs a query: rows are found, grouped, sorted as the snapshot shows them, and locked one after the other, up to the limit. */
export function* runQuery(query: Query, around: Scope, prepare: Prepare): Blocking<Relation> {
  const { execution } = around
  yield* prepare(execution, query)
  const { body } = query
  const offset = count(query.offset === undefined ? null : evaluate(query.offset, around), 0, 'OFFSET')
  const limit = count(query.limit === undefined ? null : evaluate(query.limit, around), Infinity, 'LIMIT')
  const slice = ({ columns, rows }: Relation): Relation => ({ columns, rows: rows.slice(offset, offset + limit) })
  if (body.kind === 'select') {
    const { columns, rows } = yield* runSelect(query, body, around, offset + limit)
    return { columns, rows: rows.slice(offset) }
  }
  if (body.kind === 'values') {
    const { columns } = body
    const rows = body.rows.map((row) => row.map((each) => evaluate(each, around)))
    return slice(sorted({ columns, rows }, query, around))
  }
  const left = yield* runQuery(body.left, around, prepare)
  const right = yield* runQuery(body.right, around, prepare)
  const { columns } = left
  const rows = [...left.rows, ...right.rows]
  return slice(sorted({ columns, rows: body.all ? rows : withoutRepeats(rows, (row) => row) }, query, around))
}

function* runSelect(query: Query, body: SelectBody, around: Scope, most: number): Blocking<Relation> {
  const { from, where, groupBy, having, outputs, distinct } = body
  const { orderBy = [], lock } = query
  const columns = outputs.map(({ name }) => name)
  const project = (row: Scope): readonly Value[] => outputs.map(({ of }) => evaluate(of, row))
  if (lock !== undefined && around.execution.transaction.readOnly)
    throw new Failure('25006', 'cannot execute SELECT FOR UPDATE in a read-only transaction')
  const conditions = where === undefined ? [] : [where]
  const found = [...tuplesOf(from, around, conditions)].filter((row) => isTrue(where, row))
  const grouped =
    groupBy === undefined ? found : groups(found, groupBy, around).filter((group) => isTrue(having, group))
  const inOrder = ordered(grouped, orderBy, (row, { by }) => evaluate(by, row))
  if (distinct !== undefined) {
    const rows = inOrder.map((row) => ({ values: project(row), row }))
    const key = ({ values, row }: (typeof rows)[number]): readonly Value[] =>
      distinct === 'outputs' ? values : distinct.map((each) => evaluate(each, row))
    const kept = withoutRepeats(rows, key).map(({ values }) => values)
    return { columns, rows: kept.slice(0, most) }
  }
  if (lock === undefined) return { columns, rows: inOrder.slice(0, most).map(project) }
  const chosen: Scope[] = []
  for (const row of inOrder) {
    if (chosen.length >= most) break
    const locked = yield* lockRow(row, around, body, lock)
    if (locked !== undefined) chosen.push(locked)
  }
  return { columns, rows: chosen.map(project) }
}

/** Locks the rows of a tuple and looks again whether it is still meant: `undefined` where it is left out. */
function* lockRow(
  row: Scope,
  around: Scope,
  { from, where }: SelectBody,
  lock: QueryLock,
): Blocking<Scope | undefined> {
  const { execution } = around
  const { keepsSnapshot } = execution.transaction
  let tuple = row
  for (const as of lock.of) {
    const version = scopeNamed(tuple, as)?.version
    if (version === undefined || from === undefined) continue
    const take = keepsSnapshot ? lockVersion : lockNewest
    const locked = yield* take(execution, version, lock.strength, lock.otherwise)
    if (locked.kind === 'updated' && keepsSnapshot) throw concurrentUpdate()
    if (locked.kind === 'deleted' && keepsSnapshot) throw concurrentDelete()
    if (locked.kind !== 'locked') return undefined
    if (locked.version === version) continue
    const now = joinedAgain(from, around, tuple, { as, version: locked.version })
    if (now === undefined || !isTrue(where, now)) return undefined
    tuple = now
  }
  return tuple
}

function groups(rows: readonly Scope[], by: NonNullable<SelectBody['groupBy']>, around: Scope): readonly Scope[] {
  if (by.length === 0) return [groupScope(around, rows)]
  const found = new Map<string, Scope[]>()
  for (const row of rows) {
    const key = keyText(by.map((each) => evaluate(each, row)))
    const group = found.get(key)
    if (group === undefined) found.set(key, [row])
    else group.push(row)
  }
  return [...found.values()].map((group) => groupScope(around, group))
}

function sorted(relation: Relation, { orderBy = [] }: Query, around: Scope): Relation {
  const columns = placesOf(relation)
  const { execution } = around
  const scope = (values: readonly Value[]): Scope => ({
    ...{ execution, name: '', columns, values },
    ...{ version: undefined, outer: emptyScope(execution) },
  })
  const rows = ordered(relation.rows, orderBy, (values, { by }) => evaluate(by, scope(values)))
  return { columns: relation.columns, rows }
}

function withoutRepeats<T>(rows: readonly T[], key: (row: T) => readonly Value[]): readonly T[] {
  const seen = new Set<string>()
  return rows.filter((row) => {
    const text = keyText(key(row))
    if (seen.has(text)) return false
    seen.add(text)
    return true
  })
}

function count(value: Value, fallback: number, what: 'LIMIT' | 'OFFSET'): number {
  if (value === null) return fallback
  const number = Number(value)
  if (number < 0) throw new Failure(what === 'LIMIT' ? '2201W' : '2201X', `${what} must not be negative`)
  return number
}
