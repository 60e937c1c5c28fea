import type { Effect } from '../../store.ts'
import type { Isolation } from '../statement.ts'
import type { CommitRecord, RowChange, SequenceState, WrittenEffect } from './commit-record.ts'
import { Failure } from './failure.ts'
import type { LockRequest } from './lock-table.ts'
import type { SerializableTransaction } from './serializable.ts'
import type { SessionNumber } from './session.ts'
import type { Snapshot } from './snapshot.ts'
import type { Table } from './table.ts'
import { TransactionId } from './transaction-id.ts'

/** A part of a transaction that can be rolled back alone: all of it, or what came after a savepoint. */
interface Level {
  readonly savepoint: string
  /** The identity that it writes under, once it writes. */
  id: TransactionId | undefined
  /** Its own identity, and those of released savepoints in it. */
  readonly ids: TransactionId[]
  /** Locks on numbers, held to the end. */
  readonly locks: LockRequest[]
}

interface Written {
  readonly by: TransactionId
  readonly change?: RowChange
  readonly effect?: WrittenEffect
}

/** A running transaction: what it has written and locked, by savepoint. */
export class Transaction {
  readonly session: SessionNumber
  isolation: Isolation
  readOnly: boolean
  /** µs since 1970 by the clock of the server. */
  startedAt = 0
  /** A statement of it has had a snapshot: it is too late for another isolation level. */
  hasBegun = false
  /** What all its statements see, above read committed. */
  snapshot: Snapshot | undefined
  /** The number of the running statement. */
  command = 0
  /** What it reads, if it is serializable. */
  serializable: SerializableTransaction | undefined
  readonly #nextId: () => number
  readonly #levels: Level[] = [newLevel('')]
  readonly #written: Written[] = []
  readonly #sequences = new Map<Table, Set<string>>()

  constructor(session: SessionNumber, isolation: Isolation, readOnly: boolean, nextId: () => number) {
    this.session = session
    this.isolation = isolation
    this.readOnly = readOnly
    this.#nextId = nextId
  }

  /** One snapshot for all statements, and an error where a newer version is met. */
  get keepsSnapshot(): boolean {
    return this.isolation !== 'read committed'
  }

  get inSavepoint(): boolean {
    return this.#levels.length > 1
  }

  /** The number of the whole; `undefined` before it has written. */
  get number(): number | undefined {
    return this.#levels[0]?.id?.number
  }

  /** The identity to write under; the levels around it get theirs first. */
  get id(): TransactionId {
    for (const level of this.#levels) {
      if (level.id !== undefined) continue
      level.id = new TransactionId(this.#nextId(), this)
      level.ids.push(level.id)
    }
    const { id } = this.#innermost
    if (id === undefined) throw new Error('A transaction that writes has no identity.')
    return id
  }

  wrote(change: RowChange): void {
    this.#written.push({ by: this.id, change })
  }

  /** A statement with an effect ran to its end. One that changed nothing needs no identity of its own for that. */
  carried(effect: Effect, applied: boolean): void {
    this.#written.push({ by: this.id, effect: { effect, applied } })
  }

  usedSequence(table: Table, column: string): void {
    this.#sequences.set(table, (this.#sequences.get(table) ?? new Set()).add(column))
  }

  keepLock(request: LockRequest): void {
    this.#innermost.locks.push(request)
  }

  save(savepoint: string): void {
    this.#levels.push(newLevel(savepoint))
  }

  /** The savepoint is forgotten; what came after it belongs to the part around it. */
  releaseTo(savepoint: string): void {
    const from = this.#levelOf(savepoint)
    const outer = this.#levels[from - 1]
    for (const { ids, locks } of this.#levels.splice(from)) {
      outer?.ids.push(...ids)
      outer?.locks.push(...locks)
    }
  }

  /** What came after the savepoint is undone; returns the locks to give back. */
  rollBackTo(savepoint: string): readonly LockRequest[] {
    const undone = this.#levels.splice(this.#levelOf(savepoint))
    this.#levels.push(newLevel(savepoint))
    return undoneLocks(undone)
  }

  /** What the innermost part did is undone, which stays open; returns the locks to give back. */
  abortInnermost(): readonly LockRequest[] {
    const undone = this.#levels.splice(-1)
    this.#levels.push(newLevel(undone[0]?.savepoint ?? ''))
    return undoneLocks(undone)
  }

  /** Everything is over; returns the locks to give back. */
  end(how: 'committed' | 'aborted', commit: number): readonly LockRequest[] {
    const held: LockRequest[] = []
    for (const { ids, locks } of this.#levels) {
      held.push(...locks)
      for (const id of ids) {
        id.state = how
        id.commit = commit
      }
    }
    return held
  }

  /** What the log is to say; nothing where nothing was written. */
  get record(): CommitRecord | undefined {
    const { number } = this
    const changes: RowChange[] = []
    const effects: WrittenEffect[] = []
    for (const { by, change, effect } of this.#written) {
      if (by.state === 'aborted') continue
      if (change !== undefined) changes.push(change)
      if (effect !== undefined) effects.push(effect)
    }
    if (number === undefined || changes.length + effects.length === 0) return undefined
    return { transaction: number, changes, effects, sequences: this.#sequenceStates }
  }

  get #sequenceStates(): readonly SequenceState[] {
    const states: SequenceState[] = []
    for (const [table, columns] of this.#sequences)
      for (const column of columns) states.push({ table: table.name, column, last: table.sequences.get(column) ?? 0 })
    return states
  }

  get #innermost(): Level {
    const level = this.#levels.at(-1)
    if (level === undefined) throw new Error('A transaction has at least one level.')
    return level
  }

  #levelOf(savepoint: string): number {
    const index = this.#levels.findLastIndex((level, place) => place > 0 && level.savepoint === savepoint)
    if (index < 0) throw new Failure('3B001', `savepoint "${savepoint}" does not exist`)
    return index
  }
}

function newLevel(savepoint: string): Level {
  return { savepoint, id: undefined, ids: [], locks: [] }
}

function undoneLocks(levels: readonly Level[]): readonly LockRequest[] {
  for (const { ids } of levels) for (const id of ids) id.state = 'aborted'
  return levels.flatMap(({ locks }) => locks)
}
