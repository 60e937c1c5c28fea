import type { Micros } from '../../../simulation/duration.ts'

/** A lock that somebody holds for a time. */
export interface Lease {
  readonly lock: string
  readonly owner: string
  readonly token: number
  readonly duration: Micros
  readonly until: Micros
}

/** Who holds which lock until when. Tokens grow with every grant, over all locks. Time is passed in. */
export class LeaseTable {
  readonly #leases = new Map<string, Lease>()
  #lastToken = 0

  /** The lease that holds the lock now. */
  holder(lock: string, now: Micros): Lease | undefined {
    const lease = this.#leases.get(lock)
    return lease === undefined || lease.until <= now ? undefined : lease
  }

  /** Gives the lock to `owner`, unless somebody holds it. */
  grant(lock: string, owner: string, duration: Micros, now: Micros): Lease | undefined {
    if (this.holder(lock, now) !== undefined) return undefined
    const lease = { lock, owner, token: ++this.#lastToken, duration, until: now + duration }
    this.#leases.set(lock, lease)
    return lease
  }

  /** Lets the lease with this token last its full time from now. */
  renew(lock: string, token: number, now: Micros): Lease | undefined {
    const held = this.holder(lock, now)
    if (held?.token !== token) return undefined
    const lease = { ...held, until: now + held.duration }
    this.#leases.set(lock, lease)
    return lease
  }

  /** Whether the lease was there to be given back. */
  release(lock: string, token: number, now: Micros): boolean {
    if (this.holder(lock, now)?.token !== token) return false
    return this.#leases.delete(lock)
  }

  /** Tokens were given up to this one. */
  countFrom(token: number): void {
    this.#lastToken = Math.max(this.#lastToken, token)
  }

  /** A lease that was held before a start lasts its full time again. */
  restore(lease: Lease, now: Micros): Lease {
    const anew = { ...lease, until: now + lease.duration }
    this.#leases.set(lease.lock, anew)
    return anew
  }
}
