import type { Transaction } from './transaction.ts'

/**
 * What is known of a serializable transaction, also after its commit, as long as one that ran beside it is running. A conflict from one to
 * another says that the first read something that the second wrote and the first did not see: the first comes before the second.
 */
export class SerializableTransaction {
  readonly transaction: Transaction
  /** How many serializable commits there had been when its snapshot was taken. */
  readonly commitsBefore: number
  /** The number of the oldest transaction that its snapshot saw running. */
  readonly oldestRunning: number
  state: 'running' | 'prepared' | 'committed' | 'aborted' = 'running'
  /** Has to roll back at its next step: somebody found it between two conflicts. */
  doomed = false
  wrote = false
  readOnly: boolean
  /** Places in the order of commits. */
  prepared = 0
  committed = 0
  /** The number that the next transaction would have had when this one ended. */
  endedBefore = Infinity
  /** Whom it has to come before. */
  readonly out = new Set<SerializableTransaction>()
  /** Who has to come before it. */
  readonly in = new Set<SerializableTransaction>()
  /** The first commit among those that it comes before, if that was already over at its own commit. */
  earliestOut = Infinity

  constructor(transaction: Transaction, commitsBefore: number, oldestRunning: number) {
    this.transaction = transaction
    this.readOnly = transaction.readOnly
    this.commitsBefore = commitsBefore
    this.oldestRunning = oldestRunning
  }

  get isPrepared(): boolean {
    return this.state === 'prepared' || this.state === 'committed'
  }

  get isCommitted(): boolean {
    return this.state === 'committed'
  }
}

/**
 * Whether the conflict from `reader` to `writer` completes a dangerous structure: two conflicts in a row, of which the last transaction
 * commits first. Without one, an order of the transactions exists.
 */
export function isDangerous(reader: SerializableTransaction, writer: SerializableTransaction): boolean {
  if (writer.isCommitted && writer.earliestOut < Infinity) return true
  if ([...writer.out].some((last) => isFirstToCommit(reader, writer, last))) return true
  return writer.isPrepared && !reader.readOnly && [...reader.in].some((first) => isNotBefore(first, writer))
}

function isFirstToCommit(
  reader: SerializableTransaction,
  writer: SerializableTransaction,
  last: SerializableTransaction,
): boolean {
  return (
    last.isPrepared &&
    (!reader.isCommitted || last.prepared <= reader.committed) &&
    (!writer.isCommitted || last.prepared <= writer.committed) &&
    (!reader.readOnly || last.prepared <= reader.commitsBefore)
  )
}

function isNotBefore(first: SerializableTransaction, writer: SerializableTransaction): boolean {
  return (
    !first.doomed &&
    (!first.isCommitted || first.committed >= writer.prepared) &&
    (!first.readOnly || first.commitsBefore >= writer.prepared)
  )
}
