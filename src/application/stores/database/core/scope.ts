import type { Value } from '../value.ts'
import type { Execution } from './execution.ts'
import { Failure } from './failure.ts'
import type { Table } from './table.ts'
import type { Version } from './version.ts'

/** A row at hand, under the name by which expressions call it, and those around it. */
export interface Scope {
  readonly execution: Execution
  readonly name: string
  /** Where each column stands in the values. */
  readonly columns: ReadonlyMap<string, number>
  /** `undefined`: a join found no row for this side, and all is null. */
  readonly values: readonly Value[] | undefined
  /** Where the row is one of a table. */
  readonly version: Version | undefined
  readonly outer: Scope | undefined
  /** The rows of the group that this is one of. */
  readonly group?: readonly Scope[]
}

const none: ReadonlyMap<string, number> = new Map()

/** Where nothing is at hand but parameters. */
export function emptyScope(execution: Execution): Scope {
  return { execution, name: '', columns: none, values: undefined, version: undefined, outer: undefined }
}

/** A row of a table, as one more at hand. */
export function rowScope(
  outer: Scope,
  name: string,
  table: Table,
  values: readonly Value[] | undefined,
  version?: Version,
): Scope {
  return { execution: outer.execution, name, columns: table.places, values, version, outer }
}

/** The row that is called so. */
export function scopeNamed(scope: Scope, name: string): Scope | undefined {
  for (let each: Scope | undefined = scope; each !== undefined; each = each.outer) if (each.name === name) return each
  return undefined
}

export function columnValue(scope: Scope, of: string, name: string): Value {
  const found = scopeNamed(scope, of)
  if (found !== undefined && found.values === undefined) return null
  const place = found?.columns.get(name)
  if (found === undefined || place === undefined) throw new Failure('42703', `column "${name}" does not exist`)
  return found.values?.[place] ?? null
}

/** The same rows, but for one that has become another version. */
export function replaced(scope: Scope, name: string, version: Version): Scope {
  if (scope.name === name) return { ...scope, values: version.values, version }
  return scope.outer === undefined ? scope : { ...scope, outer: replaced(scope.outer, name, version) }
}

/** All rows of the group, seen from its first one; of none, from what is around. */
export function groupScope(around: Scope, group: readonly Scope[]): Scope {
  return { ...(group[0] ?? around), group }
}
