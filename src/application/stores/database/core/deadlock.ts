import type { LockRequest, LockTable } from './lock-table.ts'
import type { Session, SessionNumber } from './session.ts'

/** What a session that waits has found out: it waits for itself, or somebody should let somebody else go first, or neither. */
export type DeadlockFinding =
  | { readonly kind: 'none' | 'deadlock' }
  | { readonly kind: 'queue'; readonly toTheFront: LockRequest }

/** Looks whether `start` waits, over others, for itself. Where only the order in a queue is in the way, changing that is enough. */
export function findDeadlock(
  start: SessionNumber,
  sessions: ReadonlyMap<SessionNumber, Session>,
  locks: LockTable,
): DeadlockFinding {
  const hard = cycle(start, sessions, (session) => blockers(session, locks).filter(({ inFront }) => !inFront))
  if (hard !== undefined) return { kind: 'deadlock' }
  const soft = cycle(start, sessions, (session) => blockers(session, locks))
  const toTheFront = soft?.map((number) => requestOf(sessions.get(number))).find((request) => request !== undefined)
  if (soft === undefined) return { kind: 'none' }
  return toTheFront === undefined ? { kind: 'deadlock' } : { kind: 'queue', toTheFront }
}

interface Blocker {
  readonly session: SessionNumber
  readonly inFront: boolean
}

/** The sessions on a way from `start` back to it, those first that wait behind another in a queue. */
function cycle(
  start: SessionNumber,
  sessions: ReadonlyMap<SessionNumber, Session>,
  blockersOf: (session: Session) => readonly Blocker[],
): readonly SessionNumber[] | undefined {
  const visited = new Set<SessionNumber>()
  const search = (number: SessionNumber): readonly SessionNumber[] | undefined => {
    visited.add(number)
    const session = sessions.get(number)
    for (const blocker of session === undefined ? [] : blockersOf(session)) {
      const rest = blocker.session === start ? [] : visited.has(blocker.session) ? undefined : search(blocker.session)
      if (rest !== undefined) return blocker.inFront ? [number, ...rest] : rest
    }
    return undefined
  }
  return search(start)
}

function blockers({ running }: Session, locks: LockTable): readonly Blocker[] {
  const wait = running?.waiting?.wait
  if (wait?.for === 'lock') return locks.blockersOf(wait.request)
  if (wait?.for !== 'transaction' || wait.id.transaction === undefined) return []
  return [{ session: wait.id.transaction.session, inFront: false }]
}

function requestOf(session: Session | undefined): LockRequest | undefined {
  const wait = session?.running?.waiting?.wait
  return wait?.for === 'lock' ? wait.request : undefined
}
