import type { Effect } from '../../store.ts'
import type { Value } from '../value.ts'

/** What the log says of a transaction that committed: all that is needed to make it again. */
export interface CommitRecord {
  readonly transaction: number
  readonly changes: readonly RowChange[]
  /** Effects that its statements carried. */
  readonly effects: readonly WrittenEffect[]
  /** How far sequences have been given out, by table and column. */
  readonly sequences: readonly SequenceState[]
}

export interface RowChange {
  readonly table: string
  readonly row: number
  /** `undefined`: the row was deleted. */
  readonly values: readonly Value[] | undefined
}

export interface WrittenEffect {
  readonly effect: Effect
  /** Whether the statement changed a row. */
  readonly applied: boolean
}

export interface SequenceState {
  readonly table: string
  readonly column: string
  readonly last: number
}

/** About how many bytes the record takes in the log. */
export function bytesOf({ changes }: CommitRecord): number {
  return changes.reduce((sum, { values }) => sum + 64 + 16 * (values?.length ?? 0), 48)
}
