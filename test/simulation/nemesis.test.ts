import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../src/simulation/duration.ts'
import type { Fault } from '../../src/simulation/fault.ts'
import { faultKindOf } from '../../src/simulation/faults/registry.ts'
import type { NemesisProfileName } from '../../src/simulation/nemesis.ts'
import { drawFaults, nemesisProfiles } from '../../src/simulation/nemesis.ts'
import type { Strikeable } from '../../src/simulation/nemesis/episodes.ts'
import { Random } from '../../src/simulation/random.ts'
import { runToEnd, smallWorld } from './small-world.ts'

const cluster: readonly Strikeable[] = [
  { name: 'broker-1', kind: 'broker', zone: 'a' },
  { name: 'broker-2', kind: 'broker', zone: 'b' },
  { name: 'ledger', kind: 'store', zone: 'a' },
  { name: 'shop', kind: 'producer', zone: '' },
  { name: 'billing', kind: 'consumer', zone: 'b' },
]
const profiles = Object.keys(nemesisProfiles) as NemesisProfileName[]
const anyProfile = fc.constantFrom(...profiles)
const anyDuration = fc.integer({ min: 10 * millisecond, max: 600 * second })

const end = ({ strikes, duration }: Fault): number => ('at' in strikes ? strikes.at : 0) + (duration ?? Infinity)

describe('a nemesis profile', () => {
  it('draws plain data that survives being written down', () => {
    fc.assert(
      fc.property(anyProfile, fc.string(), anyDuration, (profile, seed, duration) => {
        const faults = drawFaults(profile, new Random(seed), cluster, duration)
        expect(JSON.parse(JSON.stringify(faults))).toEqual(faults)
      }),
    )
  })

  it('ends every fault within the duration, and knows its kind, its parameters and its sides', () => {
    fc.assert(
      fc.property(anyProfile, fc.string(), anyDuration, (profile, seed, duration) => {
        for (const fault of drawFaults(profile, new Random(seed), cluster, duration)) {
          const kind = faultKindOf(fault.action)
          expect(end(fault)).toBeLessThanOrEqual(duration)
          expect(Object.keys(kind?.parameters ?? {})).toEqual(expect.arrayContaining(Object.keys(fault.parameters)))
          expect(fault.targets.length).toBe(kind?.takes === 'nodes' ? 1 : 2)
          for (const value of Object.values(fault.parameters)) expect(value).not.toBeNaN()
        }
      }),
    )
  })

  it('draws the same for a target whoever else can be struck', () => {
    const stranger: Strikeable = { name: 'stranger', kind: 'broker', zone: 'a' }
    const solitary = (faults: readonly Fault[]): readonly Fault[] =>
      faults.filter(({ action, targets }) => action !== 'restart' && targets.flat().length === 1)
    fc.assert(
      fc.property(anyProfile, fc.string(), fc.nat(5), (profile, seed, place) => {
        const without = solitary(drawFaults(profile, new Random(seed), cluster, 60 * second))
        const more = solitary(drawFaults(profile, new Random(seed), cluster.toSpliced(place, 0, stranger), 60 * second))
        expect(more.filter(({ targets }) => targets[0]?.[0] !== 'stranger')).toEqual(without)
      }),
    )
  })

  it('moves nobody to the other side of a partition when a target is added', () => {
    const halves = (targets: readonly Strikeable[], seed: string): readonly (readonly (readonly string[])[])[] =>
      drawFaults('network', new Random(seed), targets, 600 * second)
        .filter(({ action, targets: sides }) => action === 'partition' && sides.flat().length > 2)
        .map(({ targets: sides }) => sides.map((side) => side.filter((name) => name !== 'stranger')))
    const stranger: Strikeable = { name: 'stranger', kind: 'broker', zone: 'a' }
    fc.assert(
      fc.property(fc.string(), (seed) => {
        expect(halves([...cluster, stranger], seed)).toEqual(expect.arrayContaining([...halves(cluster, seed)]))
      }),
      { numRuns: 30 },
    )
  })

  it('of each name but calm finds something to do in a minute, and calm never', () => {
    for (const profile of profiles) {
      const drawn = ['1', '2', '3'].map((seed) => drawFaults(profile, new Random(seed), cluster, 60 * second).length)
      for (const count of drawn) expect(count > 0).toBe(profile !== 'calm')
    }
  })

  it('leaves every node running when it is over', () => {
    fc.assert(
      fc.property(anyProfile, fc.string(), (profile, seed) => {
        const faults = drawFaults(profile, new Random(seed), cluster, 30 * second)
        const world = smallWorld({ faults, lasts: 60 * second })
        for (const { name, zone } of cluster) world.addNode({ name, zone, start: () => {} })
        runToEnd(world)
        expect(world.schedule.states.every((state) => state === 'over')).toBe(true)
        for (const node of world.nodes) expect([node.up, node.paused, node.powered]).toEqual([true, false, true])
      }),
      { numRuns: 30 },
    )
  })
})
