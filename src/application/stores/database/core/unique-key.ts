import type { Value } from '../value.ts'
import type { Blocking } from './blocking.ts'
import { endOf } from './blocking.ts'
import type { Execution } from './execution.ts'
import { Failure } from './failure.ts'
import { keyInWords } from './row-text.ts'
import type { Index, Table } from './table.ts'
import type { TransactionId } from './transaction-id.ts'
import type { Version } from './version.ts'
import { presenceOf } from './version.ts'

/** Puts a version into an index. Where the key is there, that is an error; where somebody is about to put it there or to take it away, waits. */
export function* enterIndex(execution: Execution, table: Table, index: Index, version: Version): Blocking<void> {
  const { transaction, reads } = execution
  const key = index.keyOf(version.values)
  const other = key === undefined ? undefined : yield* holderOf(execution, index, key)
  // A key with a null in it stands in the index, too, although it is equal to none.
  reads.insertKey(transaction, index, key ?? index.entryOf(version.values))
  if (other !== undefined) {
    throw new Failure('23505', `duplicate key value violates unique constraint "${index.constraint}"`, {
      detail: `Key ${keyInWords(table, index.columns, index.valuesOf(version.values))} already exists.`,
      ...{ table: table.name, constraint: index.constraint },
    })
  }
  if (key !== undefined) index.put(key, version)
}

/** A row that stands in the way of one with these values, in one of the indexes; waits until that is certain. */
export function* conflictOf(
  execution: Execution,
  indexes: readonly Index[],
  values: readonly Value[],
): Blocking<Version | undefined> {
  for (const index of indexes) {
    const key = index.keyOf(values)
    const holder = key === undefined ? undefined : yield* holderOf(execution, index, key)
    if (holder !== undefined) return holder
  }
  return undefined
}

function* holderOf(execution: Execution, index: Index, key: string): Blocking<Version | undefined> {
  for (;;) {
    let rival: TransactionId | undefined
    for (const version of index.with(key)) {
      const presence = presenceOf(version, execution.transaction)
      if (presence === 'absent') continue
      if (presence === 'present') return version
      rival = presence.rival
      break
    }
    if (rival === undefined) return undefined
    yield* endOf(rival)
  }
}
