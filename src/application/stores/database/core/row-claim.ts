import type { RowLocking } from '../statement.ts'
import type { Blocking } from './blocking.ts'
import { endOf } from './blocking.ts'
import type { Execution } from './execution.ts'
import { takeLock } from './execution.ts'
import { Failure } from './failure.ts'
import type { LockRequest } from './lock-table.ts'
import type { LockStrength } from './row-lock.ts'
import { areInConflict, isAtLeast } from './row-lock.ts'
import type { Claim, Version } from './version.ts'
import { changeOf, claimOf, holdersOf, presenceOf } from './version.ts'

/*
 * How a statement gets hold of a version of a row that others may have locked or changed. Whoever has to wait first takes its turn in a queue
 * at the version, so that those who came later do not overtake it, and then waits for the end of whoever is in its way.
 */

type Settled = Exclude<Claim, 'held'>

/** Waits until the version can be changed with a lock of `strength`, or is known to be gone. */
export function* claim(execution: Execution, version: Version, strength: LockStrength): Blocking<Settled> {
  const { transaction, snapshot } = execution
  let turn: LockRequest | undefined
  try {
    for (;;) {
      const found = claimOf(version, transaction, snapshot.command)
      if (found !== 'held') return found
      const rivals = rivalsOf(execution, version, strength)
      if (rivals.length === 0) return 'free'
      if (!isHolder(execution, version)) turn ??= yield* takeLock(execution, version, strength)
      for (const { by } of rivals) yield* endOf(by)
    }
  } finally {
    if (turn !== undefined) execution.locks.release(turn)
  }
}

/** What came of locking a row. `version`: the one that is locked, newer than the one asked for where the row was changed meanwhile. */
export type RowLocked =
  | { readonly kind: 'locked'; readonly version: Version }
  | { readonly kind: 'would-wait' | Exclude<Settled, 'free'> }

/** Locks the newest version of a row, whatever the snapshot shows. */
export function* lockNewest(
  execution: Execution,
  version: Version,
  strength: LockStrength,
  otherwise: RowLocking['otherwise'],
): Blocking<RowLocked> {
  let target = version
  for (;;) {
    const locked = yield* lockVersion(execution, target, strength, otherwise)
    if (locked.kind !== 'updated') return locked
    const newest = yield* newestAfter(execution, target, otherwise)
    if (newest.kind !== 'locked') return newest
    target = newest.version
  }
}

/** Locks a version of a row. */
export function* lockVersion(
  execution: Execution,
  version: Version,
  strength: LockStrength,
  otherwise: RowLocking['otherwise'],
): Blocking<RowLocked> {
  const { transaction, snapshot } = execution
  let turn: LockRequest | undefined
  try {
    for (;;) {
      const found = claimOf(version, transaction, snapshot.command)
      if (found === 'invisible' || found === 'self-modified') return { kind: found }
      if (isLockedBy(execution, version, strength)) return { kind: 'locked', version }
      if (found === 'free') return lock(execution, version, strength)
      const rivals = rivalsOf(execution, version, strength)
      if (strength === 'key share' && changeOf(version)?.ofKey !== true && rivals.length === 0) {
        yield* lockNewerVersions(execution, version)
        return lock(execution, version, strength)
      }
      if (found !== 'held') return { kind: found }
      if (rivals.length === 0) return lock(execution, version, strength)
      if (otherwise !== 'wait') {
        // Who would have to queue would have to wait as well.
        return wouldWait(execution, otherwise)
      }
      if (!isHolder(execution, version)) turn ??= yield* takeLock(execution, version, strength)
      for (const { by } of rivals) yield* endOf(by)
    }
  } finally {
    if (turn !== undefined) execution.locks.release(turn)
  }
}

/** Follows a row that was updated to what it has become. */
function* newestAfter(execution: Execution, version: Version, otherwise: RowLocking['otherwise']): Blocking<RowLocked> {
  const { transaction, snapshot } = execution
  let next = changeOf(version)?.next
  while (next !== undefined) {
    const presence = presenceOf(next, transaction)
    if (presence === 'present') {
      const isOwn = next.by.isOf(transaction) && next.command >= snapshot.command
      return isOwn ? { kind: 'self-modified' } : { kind: 'locked', version: next }
    }
    if (presence === 'absent') next = changeOf(next)?.next
    else if (otherwise === 'wait') yield* endOf(presence.rival)
    else return wouldWait(execution, otherwise)
  }
  return { kind: 'deleted' }
}

function lock({ transaction }: Execution, version: Version, strength: LockStrength): RowLocked {
  const held = version.lockers.filter(({ by }) => by.state === 'running')
  version.lockers = [...held, { by: transaction.id, strength }]
  return { kind: 'locked', version }
}

/** The weakest lock is compatible with updates of other columns; it holds for what they made of the row, too. */
function* lockNewerVersions(execution: Execution, version: Version): Blocking<void> {
  const { transaction } = execution
  for (let next = changeOf(version)?.next; next !== undefined; next = changeOf(next)?.next) {
    for (const { by } of rivalsOf(execution, next, 'key share')) yield* endOf(by)
    if (next.by.state === 'aborted') return
    next.lockers = [...next.lockers, { by: transaction.id, strength: 'key share' }]
  }
}

function wouldWait(_execution: Execution, otherwise: 'nowait' | 'skip locked'): RowLocked {
  if (otherwise === 'nowait') throw new Failure('55P03', 'could not obtain lock on row in relation')
  return { kind: 'would-wait' }
}

function rivalsOf({ transaction }: Execution, version: Version, strength: LockStrength): ReturnType<typeof holdersOf> {
  return holdersOf(version, transaction).filter((holder) => areInConflict(strength, holder.strength))
}

/** Whether the transaction has any lock on the version: it must not queue behind those who wait for its own end. */
function isHolder({ transaction }: Execution, version: Version): boolean {
  return version.lockers.some(({ by }) => by.isOf(transaction))
}

function isLockedBy({ transaction }: Execution, version: Version, strength: LockStrength): boolean {
  return version.lockers.some((locker) => locker.by.isOf(transaction) && isAtLeast(locker.strength, strength))
}
