import { Failure } from './failure.ts'
import type { ReadMark } from './read-marks.ts'
import { ReadMarks } from './read-marks.ts'
import { isDangerous, SerializableTransaction } from './serializable.ts'
import type { Snapshot } from './snapshot.ts'
import type { Index } from './table.ts'
import type { Transaction } from './transaction.ts'
import type { TransactionId } from './transaction-id.ts'
import type { Version } from './version.ts'
import { changeOf, isVisible } from './version.ts'

/** Keys that one page of an index holds, about: whoever looks for a key has looked at its page. */
const keysPerPage = 256

/**
 * What serializable transactions read and wrote, to find those between which no order is possible. Reads leave marks and block nobody;
 * transactions of other isolation levels leave none and see none.
 */
export class SerializableReads {
  readonly #marks = new Map<SerializableTransaction, ReadMarks>()
  #commits = 0

  /** The transaction takes its snapshot. */
  begin(transaction: Transaction, { oldestRunning }: Snapshot): void {
    const serializable = new SerializableTransaction(transaction, this.#commits, oldestRunning)
    transaction.serializable = serializable
    this.#marks.set(serializable, new ReadMarks())
  }

  mark({ serializable }: Transaction, mark: ReadMark): void {
    if (serializable !== undefined) this.#marks.get(serializable)?.add(mark)
  }

  /** A version was looked at: whoever wrote what the snapshot does not show comes after the reader. */
  look(reader: Transaction, version: Version, snapshot: Snapshot): void {
    const { serializable } = reader
    if (serializable === undefined) return
    refuseDoomed(serializable)
    const visible = isVisible(version, snapshot, reader)
    const writer = visible ? changeOf(version)?.by : version.by
    if (writer === undefined || !isConcurrent(writer, reader, snapshot)) return
    const other = writer.transaction?.serializable
    if (other !== undefined && !this.#isOver(serializable, other)) this.#conflict(serializable, other, serializable)
  }

  /** A version is about to be changed. */
  write(writer: Transaction, table: string, { place }: Version): void {
    const { serializable } = writer
    if (serializable === undefined) return
    this.#prepareWrite(serializable)
    this.#conflictWith(serializable, (marks) => marks.hasVersion(table, place))
    if (!writer.inSavepoint) this.#marks.get(serializable)?.removeVersion(table, place)
    this.#conflictWith(serializable, (marks) => marks.hasPage(table, place))
    this.#conflictWith(serializable, (marks) => marks.hasTable(table))
  }

  /** A row is about to come into a table. */
  insert(writer: Transaction, table: string): void {
    const { serializable } = writer
    if (serializable === undefined) return
    this.#prepareWrite(serializable)
    this.#conflictWith(serializable, (marks) => marks.hasTable(table))
  }

  /** A key is about to come into an index, or was found there by somebody who wanted to put it there. */
  insertKey(writer: Transaction, index: Index, key: string): void {
    const { serializable } = writer
    if (serializable === undefined) return
    this.#prepareWrite(serializable)
    const pages = Math.ceil(index.size / keysPerPage)
    const page = pageOf(key, pages)
    this.#conflictWith(serializable, (marks) => {
      const keys = marks.keysOf(index.name)
      return keys !== undefined && (pages <= 1 || [...keys].some((each) => pageOf(each, pages) === page))
    })
  }

  /** The transaction is about to commit: those that would be between two conflicts because of that are doomed, or it is refused itself. */
  prepare({ serializable }: Transaction): void {
    if (serializable === undefined) return
    if (serializable.doomed) throw dependencies('during commit attempt')
    for (const near of serializable.in) {
      if (near.isCommitted || near.doomed) continue
      const isPivot = [...near.in].some(
        (far) => far === serializable || (!far.isCommitted && !far.readOnly && !far.doomed),
      )
      if (!isPivot) continue
      if (near.isPrepared) throw dependencies('during commit attempt')
      near.doomed = true
    }
    serializable.prepared = ++this.#commits
    serializable.state = 'prepared'
  }

  end({ serializable }: Transaction, how: 'committed' | 'aborted', nextNumber: number): void {
    if (serializable === undefined || serializable.state === 'committed' || serializable.state === 'aborted') return
    serializable.state = how
    serializable.endedBefore = nextNumber
    if (how === 'committed') this.#settle(serializable)
    else this.#forget(serializable)
    this.#forgetPast()
  }

  #settle(serializable: SerializableTransaction): void {
    serializable.committed = ++this.#commits
    if (!serializable.wrote) serializable.readOnly = true
    for (const last of [...serializable.out]) {
      if (!last.isCommitted) continue
      if (!serializable.readOnly) serializable.earliestOut = Math.min(serializable.earliestOut, last.prepared)
      disconnect(serializable, last)
    }
    for (const first of [...serializable.in]) if (first.isCommitted || first.readOnly) disconnect(first, serializable)
  }

  /** A committed transaction matters as long as one runs that does not see it as past. */
  #forgetPast(): void {
    const running = [...this.#marks.keys()].filter(({ isCommitted }) => !isCommitted)
    const oldest = Math.min(...running.map(({ oldestRunning }) => oldestRunning))
    for (const each of [...this.#marks.keys()]) if (each.isCommitted && each.endedBefore <= oldest) this.#forget(each)
  }

  #forget(serializable: SerializableTransaction): void {
    for (const last of [...serializable.out]) disconnect(serializable, last)
    for (const first of [...serializable.in]) disconnect(first, serializable)
    this.#marks.delete(serializable)
  }

  #prepareWrite(serializable: SerializableTransaction): void {
    if (serializable.doomed) throw dependencies('during conflict in checking')
    serializable.wrote = true
  }

  #conflictWith(writer: SerializableTransaction, hasRead: (marks: ReadMarks) => boolean): void {
    for (const [reader, marks] of [...this.#marks]) {
      if (reader === writer || reader.doomed || !hasRead(marks)) continue
      if (!reader.isCommitted || writer.oldestRunning < reader.endedBefore) this.#conflict(reader, writer, writer)
    }
  }

  #conflict(reader: SerializableTransaction, writer: SerializableTransaction, self: SerializableTransaction): void {
    if (reader.out.has(writer)) return
    if (isDangerous(reader, writer)) {
      if (self === writer) throw dependencies('during write')
      if (writer.isPrepared) throw dependencies('during read')
      writer.doomed = true
    }
    reader.out.add(writer)
    writer.in.add(reader)
  }

  /** Whether a conflict with the writer can do no harm, because it has ended in time or never will. */
  #isOver(reader: SerializableTransaction, writer: SerializableTransaction): boolean {
    if (writer.doomed || writer.state === 'aborted' || !this.#marks.has(writer)) return true
    const harmlessForReaders = writer.earliestOut === Infinity || reader.commitsBefore < writer.earliestOut
    return reader.readOnly && writer.isCommitted && harmlessForReaders
  }
}

function isConcurrent(writer: TransactionId, reader: Transaction, { commits }: Snapshot): boolean {
  if (writer.transaction === undefined || writer.transaction === reader || writer.state === 'aborted') return false
  return writer.state === 'running' || writer.commit > commits
}

function disconnect(reader: SerializableTransaction, writer: SerializableTransaction): void {
  reader.out.delete(writer)
  writer.in.delete(reader)
}

function refuseDoomed({ doomed }: SerializableTransaction): void {
  if (doomed) throw dependencies('during conflict out checking')
}

function dependencies(when: string): Failure {
  return new Failure(
    '40001',
    `could not serialize access due to read/write dependencies among transactions (canceled ${when})`,
  )
}

/** Which of `pages` pages of an index a key stands on: any rule will do that spreads keys. */
function pageOf(key: string, pages: number): number {
  let sum = 0
  for (let index = 0; index < key.length; index++) sum = (sum * 31 + key.charCodeAt(index)) % 1_000_003
  return pages <= 1 ? 0 : sum % pages
}
