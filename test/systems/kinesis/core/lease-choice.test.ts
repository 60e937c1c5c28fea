import { describe, expect, it } from 'vitest'
import { Random } from '../../../../src/simulation/random.ts'
import { second } from '../../../../src/simulation/duration.ts'
import type { Lease } from '../../../../src/systems/kinesis/core/lease.ts'
import { isUneven, leasesToTake } from '../../../../src/systems/kinesis/core/lease-choice.ts'
import { LeaseObserver } from '../../../../src/systems/kinesis/core/lease-observer.ts'

function leases(...owners: readonly (string | undefined)[]): readonly Lease[] {
  return owners.map((owner, place) => {
    return { shard: `shard ${place}`, parents: [], owner, counter: 1, checkpoint: { type: 'TRIM_HORIZON' } }
  })
}

function taken(worker: string, all: readonly Lease[], expired: readonly Lease[] = [], more = {}): number {
  const limits = { maxLeasesForWorker: Infinity, maxLeasesToSteal: 1, longExpired: [], random: new Random('test') }
  return leasesToTake({ worker, leases: all, expired, ...limits, ...more }).length
}

describe('A worker', () => {
  it('takes what is over up to its share of all leases', () => {
    const all = leases('dead', 'dead', 'dead', 'dead', 'other', 'other')
    expect(taken('me', all, all.slice(0, 4))).toBe(3)
    expect(taken('me', all, all.slice(0, 4), { maxLeasesForWorker: 2 })).toBe(2)
  })

  it('takes everything that was over for long, whatever its share, but no more than it may have', () => {
    const all = leases('dead', 'dead', 'dead', 'other')
    const longExpired = all.slice(0, 3)
    expect(taken('me', all, longExpired, { longExpired })).toBe(3)
    expect(taken('me', all, longExpired, { longExpired, maxLeasesForWorker: 1 })).toBe(1)
  })

  it('steals where nothing is over, one lease at a time, of the one that has more than its share', () => {
    expect(taken('me', leases('other', 'other'))).toBe(1)
    expect(taken('me', leases('other', 'other', 'other', 'other', 'other', 'other'))).toBe(1)
    expect(taken('me', leases('other', 'other', 'other', 'other', 'other'), [], { maxLeasesToSteal: 5 })).toBe(2)
  })

  it('leaves others what they have where everybody has his share', () => {
    expect(taken('me', leases('me', 'other'))).toBe(0)
    expect(taken('me', leases('other'))).toBe(0)
    expect(taken('me', leases('me', 'other', 'other'))).toBe(0)
  })
})

describe('Leases are uneven', () => {
  it('as long as one of the workers is going to steal, and only then', () => {
    const workers = ['a', 'b', 'c']
    const owners = [
      ['a', 'a'],
      ['a', 'b'],
      ['a', 'b', 'c', 'a'],
      ['a', 'a', 'b', 'b'],
      ['a', 'a', 'a', 'b', 'b', 'c'],
    ]
    for (const of of owners) {
      const all = leases(...of)
      const isStealing = workers.some((worker) => taken(worker, all) > 0)
      expect([of, isUneven(all, workers, Infinity)]).toEqual([of, isStealing])
    }
    expect(isUneven(leases('a', 'a'), ['a', 'b'], Infinity)).toBe(true)
    expect(isUneven(leases('a', 'a'), ['a'], Infinity)).toBe(false)
  })
})

describe('Whoever looks at leases', () => {
  const observer = (): LeaseObserver => new LeaseObserver(10 * second)
  const moved = (all: readonly Lease[]): readonly Lease[] =>
    all.map((lease) => ({ ...lease, counter: lease.counter + 1 }))

  it('counts one as over when its counter has not moved for the fail-over time by his own looks', () => {
    const looking = observer()
    const all = leases('other')
    looking.see(all, 0)
    looking.see(all, 9 * second)
    expect(looking.expired(9 * second)).toEqual([])
    looking.see(moved(all), 18 * second)
    expect(looking.expired(18 * second)).toEqual([])
    looking.see(moved(all), 29 * second)
    expect(looking.expired(29 * second)).toHaveLength(1)
    expect(looking.longExpired(29 * second)).toEqual([])
    expect(looking.longExpired(49 * second)).toHaveLength(1)
  })

  it('counts one that nobody has as over at once', () => {
    const looking = observer()
    looking.see(leases(undefined), 0)
    expect(looking.expired(0)).toHaveLength(1)
    expect(looking.longExpired(0)).toHaveLength(1)
  })

  it('forgets what is done with', () => {
    const looking = observer()
    looking.see(
      leases('other').map((lease) => ({ ...lease, checkpoint: { type: 'SHARD_END' } as const })),
      0,
    )
    expect(looking.leases).toEqual([])
  })
})
