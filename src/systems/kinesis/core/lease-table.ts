import type { Checkpoint, Lease } from './lease.ts'

/** Who has a lease, as of which write: a write that comes from an older state of it changes nothing. */
export interface Holding {
  readonly shard: string
  readonly owner: string
  readonly counter: number
}

/**
 * The lease table of one application, as DynamoDB keeps it: every write is conditional, so that of two that are based on the same state only the
 * first counts.
 */
export class LeaseTable {
  readonly #leases = new Map<string, Lease>()

  get leases(): readonly Lease[] {
    return [...this.#leases.values()]
  }

  lease(shard: string): Lease | undefined {
    return this.#leases.get(shard)
  }

  /** Makes a lease that nobody has, unless there is one for the shard. */
  create(shard: string, parents: readonly string[], checkpoint: Checkpoint): boolean {
    if (this.#leases.has(shard)) return false
    this.#leases.set(shard, { shard, parents, owner: undefined, counter: 0, checkpoint })
    return true
  }

  /** Shows that the owner lives. */
  renew(holding: Holding): Lease | undefined {
    return this.#write(this.#held(holding), {})
  }

  /** Makes somebody the owner of a lease that is still as `counter` knew it. */
  take(shard: string, counter: number, owner: string): Lease | undefined {
    const lease = this.#leases.get(shard)
    return this.#write(lease?.counter === counter ? lease : undefined, { owner })
  }

  /** Gives a lease up, so that others need not wait until it is over. */
  evict(holding: Holding): Lease | undefined {
    return this.#write(this.#held(holding), { owner: undefined })
  }

  checkpoint(holding: Holding, checkpoint: Checkpoint): Lease | undefined {
    return this.#write(this.#held(holding), { checkpoint })
  }

  #held({ shard, owner, counter }: Holding): Lease | undefined {
    const lease = this.#leases.get(shard)
    return lease?.owner === owner && lease.counter === counter ? lease : undefined
  }

  #write(lease: Lease | undefined, change: Partial<Lease>): Lease | undefined {
    if (lease === undefined) return undefined
    const written = { ...lease, ...change, counter: lease.counter + 1 }
    this.#leases.set(lease.shard, written)
    return written
  }
}
