import type { LockStrength } from './row-lock.ts'
import { areInConflict } from './row-lock.ts'
import type { SessionNumber } from './session.ts'
import type { Version } from './version.ts'

/** What a lock is on: the right to be next at a version of a row, or a number that programs agree on, or two. */
export type LockTarget = Version | number | string

export interface LockRequest {
  readonly target: LockTarget
  readonly strength: LockStrength
  readonly session: SessionNumber
}

interface Lock {
  readonly held: LockRequest[]
  readonly queue: LockRequest[]
}

/** Locks that are waited for in a queue. Nobody overtakes somebody with whom it would conflict. */
export class LockTable {
  readonly #locks = new Map<LockTarget, Lock>()
  readonly #granted: (session: SessionNumber) => void

  /** `granted` hears of each session whose wait is over. */
  constructor(granted: (session: SessionNumber) => void) {
    this.#granted = granted
  }

  /** Takes the lock if that needs no waiting. */
  tryTake(request: LockRequest): boolean {
    const lock = this.#lockOn(request.target)
    if ([...lock.held, ...lock.queue].some((other) => isBlockedBy(request, other))) return false
    lock.held.push(request)
    return true
  }

  /** Puts the request at the end of the queue. */
  queue(request: LockRequest): void {
    this.#lockOn(request.target).queue.push(request)
  }

  /** Gives back one lock. */
  release(request: LockRequest): void {
    const lock = this.#locks.get(request.target)
    if (lock === undefined) return
    removeFrom(lock.held, request)
    this.#serve(request.target, lock)
  }

  /** Gives up waiting. */
  withdraw(request: LockRequest): void {
    const lock = this.#locks.get(request.target)
    if (lock === undefined) return
    removeFrom(lock.queue, request)
    this.#serve(request.target, lock)
  }

  /** Sessions that a waiting request waits for: holders, and those in front of it. */
  blockersOf(request: LockRequest): readonly { readonly session: SessionNumber; readonly inFront: boolean }[] {
    const lock = this.#locks.get(request.target)
    if (lock === undefined) return []
    const inFront = lock.queue.slice(0, lock.queue.indexOf(request)).filter((other) => isBlockedBy(request, other))
    return [
      ...lock.held.filter((other) => isBlockedBy(request, other)).map(({ session }) => ({ session, inFront: false })),
      ...inFront.map(({ session }) => ({ session, inFront: true })),
    ]
  }

  /** Lets a waiting request go to the front of its queue. */
  advance(request: LockRequest): void {
    const lock = this.#locks.get(request.target)
    if (lock === undefined) return
    removeFrom(lock.queue, request)
    lock.queue.unshift(request)
    this.#serve(request.target, lock)
  }

  #lockOn(target: LockTarget): Lock {
    const lock = this.#locks.get(target) ?? { held: [], queue: [] }
    this.#locks.set(target, lock)
    return lock
  }

  #serve(target: LockTarget, lock: Lock): void {
    const stillWaiting: LockRequest[] = []
    for (const request of lock.queue.splice(0)) {
      if ([...lock.held, ...stillWaiting].some((other) => isBlockedBy(request, other))) stillWaiting.push(request)
      else {
        lock.held.push(request)
        this.#granted(request.session)
      }
    }
    lock.queue.push(...stillWaiting)
    if (lock.held.length === 0 && lock.queue.length === 0) this.#locks.delete(target)
  }
}

function isBlockedBy(request: LockRequest, other: LockRequest): boolean {
  return other.session !== request.session && areInConflict(request.strength, other.strength)
}

function removeFrom(requests: LockRequest[], request: LockRequest): void {
  const index = requests.indexOf(request)
  if (index >= 0) requests.splice(index, 1)
}
