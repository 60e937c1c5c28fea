import type { Random } from '../../../simulation/random.ts'
import type { Lease } from './lease.ts'

export interface Situation {
  readonly worker: string
  /** All leases that are not finished, and those of them that are over. */
  readonly leases: readonly Lease[]
  readonly expired: readonly Lease[]
  /** Those that have been over for long, or never were anybody's. */
  readonly longExpired: readonly Lease[]
  readonly maxLeasesForWorker: number
  readonly maxLeasesToSteal: number
  readonly random: Random
}

/**
 * Which leases a worker tries to take: all that have been over for long, if there are any; else those that are over, until it has its share of all; where there are none, some of the worker that has most,
 * if that has more than its share.
 */
export function leasesToTake(situation: Situation): readonly Lease[] {
  const { worker, leases, expired, longExpired, maxLeasesForWorker, random } = situation
  const held = countByWorker(worker, leases, expired)
  const has = held.get(worker) ?? 0
  if (longExpired.length > 0) return random.shuffled(longExpired).slice(0, Math.max(0, maxLeasesForWorker - has))
  const wanted = Math.min(share(leases.length, held.size), maxLeasesForWorker) - has
  if (wanted <= 0) return []
  return expired.length > 0 ? random.shuffled(expired).slice(0, wanted) : leasesToSteal(situation, held, wanted)
}

/** Whether one of these workers is going to steal from another one, as things are. */
export function isUneven(leases: readonly Lease[], workers: readonly string[], maxLeasesForWorker: number): boolean {
  return workers.some((worker) => {
    const held = countByWorker(worker, leases, [])
    const target = share(leases.length, held.size)
    const wanted = Math.min(target, maxLeasesForWorker) - (held.get(worker) ?? 0)
    const most = Math.max(0, ...[...held].flatMap(([name, count]) => (name === worker ? [] : [count])))
    return wanted > 0 && (most > target || (wanted > 1 && most === target))
  })
}

function leasesToSteal(
  { worker, leases, maxLeasesToSteal, random }: Situation,
  held: ReadonlyMap<string, number>,
  wanted: number,
): readonly Lease[] {
  const others = [...held].filter(([name]) => name !== worker)
  const most = others.reduce((busiest, other) => (other[1] > busiest[1] ? other : busiest), ['', 0] as [string, number])
  const target = share(leases.length, held.size)
  // Who lacks more than one takes one even of somebody who has just his share.
  const surplus = most[1] - target > 0 ? Math.min(wanted, most[1] - target) : wanted > 1 && most[1] === target ? 1 : 0
  const theirs = leases.filter(({ owner }) => owner === most[0])
  return random.shuffled(theirs).slice(0, Math.min(surplus, maxLeasesToSteal))
}

function share(leases: number, workers: number): number {
  return workers >= leases ? 1 : Math.ceil(leases / workers)
}

/** How many leases each worker has that is known to live, and the one that looks. */
function countByWorker(
  worker: string,
  leases: readonly Lease[],
  expired: readonly Lease[],
): ReadonlyMap<string, number> {
  const counts = new Map([[worker, 0]])
  for (const lease of leases) {
    if (lease.owner === undefined || expired.includes(lease)) continue
    counts.set(lease.owner, (counts.get(lease.owner) ?? 0) + 1)
  }
  return counts
}
