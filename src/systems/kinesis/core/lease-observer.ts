import type { Micros } from '../../../simulation/duration.ts'
import type { Lease } from './lease.ts'
import { isFinished } from './lease.ts'

interface Observed {
  readonly lease: Lease
  /** When its counter was last seen to have moved; -Infinity where nobody had it when it was first seen. */
  readonly movedAt: Micros
}

/** Fail-over times after which a lease is taken whether or not whoever takes it has its share already. */
const longExpiry = 3

/**
 * What a worker knows of leases from looking at the table. A lease is over when its counter has not moved for as long as the fail-over takes, by
 * the clock of whoever looks, and only as often as he does.
 */
export class LeaseObserver {
  readonly #failoverTime: Micros
  #observed = new Map<string, Observed>()

  constructor(failoverTime: Micros) {
    this.#failoverTime = failoverTime
  }

  get leases(): readonly Lease[] {
    return [...this.#observed.values()].map(({ lease }) => lease)
  }

  /** A look at the whole table. */
  see(leases: readonly Lease[], now: Micros): void {
    const before = this.#observed
    const open = leases.filter((lease) => !isFinished(lease))
    this.#observed = new Map(open.map((lease) => [lease.shard, { lease, movedAt: movedAt(before, lease, now) }]))
  }

  /** Leases that whoever looks may take. */
  expired(now: Micros): readonly Lease[] {
    return this.leases.filter((lease) => lease.owner === undefined || now - this.#movedAt(lease) > this.#failoverTime)
  }

  /** Leases that have been over for long, or never were anybody's. */
  longExpired(now: Micros): readonly Lease[] {
    return this.leases.filter((lease) => now - this.#movedAt(lease) > longExpiry * this.#failoverTime)
  }

  /** Whose lease has been without movement for longest, of those of others. */
  mostSilent(than: string): string | undefined {
    const theirs = this.leases.filter(({ owner }) => owner !== undefined && owner !== than)
    const [first] = theirs.sort((one, other) => this.#movedAt(one) - this.#movedAt(other))
    return first?.owner
  }

  #movedAt({ shard }: Lease): Micros {
    return this.#observed.get(shard)?.movedAt ?? -Infinity
  }
}

function movedAt(before: ReadonlyMap<string, Observed>, lease: Lease, now: Micros): Micros {
  const known = before.get(lease.shard)
  if (known !== undefined) return known.lease.counter === lease.counter ? known.movedAt : now
  return lease.owner === undefined ? -Infinity : now
}
