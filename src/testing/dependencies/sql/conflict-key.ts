import type { InferClause } from 'libpg-query'
import type { TableDefinition, UniqueKey } from '../../../application/stores/database/statement.ts'
import { expressionText } from './grouping.ts'
import { Names } from './names.ts'
import type { Queries } from './queries.ts'

/** The name of the unique key that `on conflict` means. */
export function conflictKey(
  queries: Queries,
  { indexElems, conname, whereClause }: InferClause,
  table: TableDefinition,
): string {
  const { translating } = queries
  const keys = uniqueKeysOf(table)
  if (conname !== undefined) {
    if (keys.some(({ name, where }) => name === conname && where === undefined)) return conname
    return translating.fail('42704', `constraint "${conname}" for table "${table.name}" does not exist`)
  }
  const columns = (indexElems ?? []).map((node) => {
    if (!('IndexElem' in node) || node.IndexElem.expr !== undefined)
      return translating.unsupported('on conflict (an expression)', node)
    const { name = '' } = node.IndexElem
    if (!table.columns.some((column) => column.name === name))
      return translating.fail('42703', `column "${name}" does not exist`, node)
    return name
  })
  const wanted = [...columns].sort().join()
  const matching = keys.filter((key) => [...key.columns].sort().join() === wanted)
  const whole = matching.find(({ where }) => where === undefined)
  if (whole !== undefined) return whole.name
  const predicate = whereClause === undefined ? undefined : expressionText(partOf(queries, table, whereClause))
  const partial = matching.find(({ where }) => where !== undefined && expressionText(where) === predicate)
  if (partial !== undefined) return partial.name
  return translating.fail('42P10', 'there is no unique or exclusion constraint matching the ON CONFLICT specification')
}

/** A condition on rows of the table alone, as partial keys and checks have one: the row is called `row`. */
export function partOf(
  { expressions }: Queries,
  table: TableDefinition,
  node: Parameters<typeof expressions.condition>[0],
): UniqueKey['where'] & object {
  const names = new Names(undefined, new Map())
  names.sources.push({
    ...{ alias: table.name, as: 'row', table, merged: new Set<string>() },
    columns: table.columns.map(({ name, type }) => ({ name, type })),
  })
  return expressions.condition(node, names, 'WHERE')
}

/** The unique keys of a table, each with its name. */
function uniqueKeysOf({
  name,
  primaryKey,
  primaryKeyName = `${name}_pkey`,
  uniqueKeys,
}: TableDefinition): readonly UniqueKey[] {
  const others = uniqueKeys.map((key) =>
    'columns' in key ? key : { name: `${name}_${key.join('_')}_key`, columns: key },
  )
  return primaryKey.length === 0 ? others : [{ name: primaryKeyName, columns: primaryKey }, ...others]
}
