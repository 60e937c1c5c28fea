import type { Micros } from '../../../simulation/duration.ts'
import type { Lease } from '../core/lease.ts'
import type { Holding } from '../core/lease-table.ts'

interface OwnedLease {
  /** Its counter when it was acquired, which tells it from the same lease that was lost and acquired again. */
  readonly acquiredAt: number
  counter: number
  renewedAt: Micros
  isBusy: boolean
  readonly queue: (() => void)[]
}

/** Leases that are being renewed. */
interface Renewal {
  readonly holdings: readonly Holding[]
  readonly owned: ReadonlyMap<string, OwnedLease>
}

type Write = (holding: Holding, written: (lease: Lease | undefined, now: Micros) => void) => void

/**
 * The leases that a worker believes to be its own. Each write is conditional on the counter of the one before, so that writes of one lease go one
 * after the other.
 */
export class OwnedLeases {
  readonly #worker: string
  readonly #failoverTime: Micros
  readonly #leases = new Map<string, OwnedLease>()

  constructor(worker: string, failoverTime: Micros) {
    this.#worker = worker
    this.#failoverTime = failoverTime
  }

  get isWriting(): boolean {
    return [...this.#leases.values()].some(({ isBusy }) => isBusy)
  }

  add({ shard, counter }: Lease, now: Micros): void {
    this.#leases.set(shard, { acquiredAt: counter, counter, renewedAt: now, isBusy: false, queue: [] })
  }

  remove(shard: string): void {
    this.#leases.delete(shard)
  }

  /** Whether it was renewed within the fail-over time; after that the worker has to believe that somebody else has it. */
  holds(shard: string, now: Micros): boolean {
    const lease = this.#leases.get(shard)
    return lease !== undefined && now - lease.renewedAt < this.#failoverTime
  }

  /** Whether it is still the very lease that was acquired then. */
  holdsStill({ shard, counter }: Lease, now: Micros): boolean {
    return this.#leases.get(shard)?.acquiredAt === counter && this.holds(shard, now)
  }

  holdings(now: Micros): readonly Holding[] {
    return [...this.#leases]
      .filter(([shard]) => this.holds(shard, now))
      .map(([shard, { counter }]) => ({ shard, owner: this.#worker, counter }))
  }

  /** Lets go of what was not renewed in time. */
  takeOverdue(now: Micros): readonly string[] {
    const overdue = [...this.#leases.keys()].filter((shard) => !this.holds(shard, now))
    for (const shard of overdue) this.#leases.delete(shard)
    return overdue
  }

  /** What is to be renewed now: not what is being written anyway, which shows as much. */
  beginRenewal(now: Micros): Renewal {
    const owned = new Map([...this.#leases].filter(([shard, { isBusy }]) => !isBusy && this.holds(shard, now)))
    for (const lease of owned.values()) lease.isBusy = true
    const holdings = [...owned].map(([shard, { counter }]) => ({ shard, owner: this.#worker, counter }))
    return { holdings, owned }
  }

  /** Those that turned out to be somebody else's; `leases` is nothing where there was no answer. */
  endRenewal({ owned }: Renewal, leases: readonly Lease[] | undefined, now: Micros): readonly string[] {
    const lost: string[] = []
    for (const [shard, lease] of owned) {
      const renewed = leases?.find((one) => one.shard === shard)
      if (renewed !== undefined) {
        lease.counter = renewed.counter
        lease.renewedAt = now
      } else if (leases !== undefined && this.#leases.get(shard) === lease) {
        lost.push(shard)
        this.#leases.delete(shard)
      }
      // Whoever waits to write is told that it is too late, be the lease his own any more or not.
      this.#next(lease)
    }
    return lost
  }

  /** Writes when no other write of the lease is on its way. */
  write(shard: string, write: Write): void {
    const owned = this.#leases.get(shard)
    if (owned === undefined) throw new Error(`The lease of ${shard} is not owned.`)
    const begin = (): void => {
      owned.isBusy = true
      write({ shard, owner: this.#worker, counter: owned.counter }, (lease, now) => {
        if (lease !== undefined) {
          owned.counter = lease.counter
          owned.renewedAt = now
        }
        this.#next(owned)
      })
    }
    if (owned.isBusy) owned.queue.push(begin)
    else begin()
  }

  #next(owned: OwnedLease): void {
    owned.isBusy = false
    owned.queue.shift()?.()
  }
}
