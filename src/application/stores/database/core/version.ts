import type { Value } from '../value.ts'
import type { LockStrength } from './row-lock.ts'
import type { Snapshot } from './snapshot.ts'
import type { Transaction } from './transaction.ts'
import type { TransactionId } from './transaction-id.ts'

/** One version of a row. A row that is updated gets a new version; the old one stays for those who may still see it. */
export interface Version {
  /** Where it stands in the table: versions are read in the order in which they were made. */
  readonly place: number
  readonly row: number
  /** In the order of the columns of the table. */
  readonly values: readonly Value[]
  readonly by: TransactionId
  /** The statement of its transaction that made it. */
  readonly command: number
  /** The place of the version that index entries lead to; this one and its indexed columns are equal up to here. */
  readonly root: number
  /** What came of it; of no meaning once whoever changed it has rolled back. */
  change: Change | undefined
  lockers: readonly Locker[]
}

/** An update or a deletion of a version. */
interface Change {
  readonly by: TransactionId
  readonly command: number
  /** Whether a column of a unique key changed; a deletion changes them all. */
  readonly ofKey: boolean
  /** `undefined` after a deletion. */
  readonly next: Version | undefined
}

interface Locker {
  readonly by: TransactionId
  readonly strength: LockStrength
}

/** The change that counts: not rolled back. */
export function changeOf({ change }: Version): Change | undefined {
  return change?.by.state === 'aborted' ? undefined : change
}

/** Whether a snapshot of `reader` shows the version. */
export function isVisible(version: Version, snapshot: Snapshot, reader: Transaction): boolean {
  if (!happenedBefore(version.by, version.command, snapshot, reader)) return false
  const change = changeOf(version)
  return change === undefined || !happenedBefore(change.by, change.command, snapshot, reader)
}

function happenedBefore(by: TransactionId, command: number, snapshot: Snapshot, reader: Transaction): boolean {
  if (by.isOf(reader)) return command < snapshot.command
  return by.state === 'committed' && by.commit <= snapshot.commits
}

/**
 * Whether the version is there for those who need the present and not a snapshot (unique keys, the chain of an updated row): `rival` has made
 * or is changing it, and has to end before that is certain.
 */
export function presenceOf(
  version: Version,
  reader: Transaction,
): 'absent' | 'present' | { readonly rival: TransactionId } {
  if (version.by.state === 'aborted') return 'absent'
  if (version.by.isRival(reader)) return { rival: version.by }
  const change = changeOf(version)
  if (change === undefined) return 'present'
  return change.by.isRival(reader) ? { rival: change.by } : 'absent'
}

/** What a writer finds who wants to change or lock the version now. */
export type Claim = 'free' | 'invisible' | 'self-modified' | 'held' | 'updated' | 'deleted'

export function claimOf(version: Version, reader: Transaction, command: number): Claim {
  const { by } = version
  if (by.isOf(reader) ? version.command >= command : by.state !== 'committed') return 'invisible'
  const change = changeOf(version)
  if (change !== undefined) {
    if (change.by.isOf(reader)) return change.command >= command ? 'self-modified' : 'invisible'
    if (change.by.state === 'running') return 'held'
    return change.next === undefined ? 'deleted' : 'updated'
  }
  return version.lockers.some((locker) => locker.by.state === 'running') ? 'held' : 'free'
}

/** Running transactions other than `reader` whose hold on the version conflicts with a lock of `strength`, oldest first. */
export function holdersOf(version: Version, reader: Transaction): readonly Locker[] {
  const change = changeOf(version)
  const changer: readonly Locker[] =
    change === undefined ? [] : [{ by: change.by, strength: change.ofKey ? 'update' : 'no key update' }]
  return [...version.lockers, ...changer]
    .filter(({ by }) => by.isRival(reader))
    .sort((one, other) => one.by.number - other.by.number)
}
