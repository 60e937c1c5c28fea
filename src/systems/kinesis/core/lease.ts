import type { ReadingPosition } from './stream.ts'

/** How far an application is in a shard: where it is to begin, the last record that is done with, or that all is done. */
export type Checkpoint = ReadingPosition | { readonly type: 'SHARD_END' }

/** A row of the lease table: who reads a shard, and how far. */
export interface Lease {
  readonly shard: string
  readonly parents: readonly string[]
  /** Nobody: whoever looks first may take it. */
  readonly owner: string | undefined
  /** Grows with each write: what tells others that the owner lives, and what every write is conditional on. */
  readonly counter: number
  readonly checkpoint: Checkpoint
}

/** Everything of the shard is done with; nobody needs the lease any more. */
export function isFinished({ checkpoint }: Lease): boolean {
  return checkpoint.type === 'SHARD_END'
}

/** A checkpoint in the words of facts. */
export function checkpointText(checkpoint: Checkpoint): string {
  return checkpoint.type === 'AFTER_SEQUENCE_NUMBER' ? String(checkpoint.sequence) : checkpoint.type
}
