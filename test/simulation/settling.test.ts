import { describe, expect, it } from 'vitest'
import { second } from '../../src/simulation/duration.ts'
import type { Fault } from '../../src/simulation/fault.ts'
import type { Process } from '../../src/simulation/process.ts'
import type { Participant, SettlingOptions } from '../../src/simulation/settling.ts'
import { settlingDefaults } from '../../src/simulation/settling.ts'
import { faultEnded } from '../../src/history/facts.ts'
import { World } from '../../src/simulation/world.ts'
import { faultKinds } from '../../src/simulation/faults/registry.ts'
import { evenLink, factsOf, fault } from './small-world.ts'

interface Waiting {
  readonly faults?: readonly Fault[]
  readonly settling?: Partial<SettlingOptions>
  /** Until when the participant is busy, and until when it waits, given the world. */
  readonly busy?: (world: World) => boolean
  readonly waits?: (world: World) => boolean
  /** What the node `a` does. */
  readonly start?: (process: Process) => void
}

function settle({ faults = [], settling = {}, busy, waits, start = () => {} }: Waiting): World {
  const world = new World({
    seed: 'settling',
    linkProfileOf: () => evenLink,
    faults,
    faultKinds,
    settling: { ...settlingDefaults, ...settling },
    factKinds: [],
    observeNetwork: false,
    keepHistory: true,
    strikesBefore: new Map(),
  })
  world.addNode({ name: 'a', start })
  world.addNode({ name: 'b', start: () => {} })
  const participant: Participant = {
    name: 'billing',
    busyWith: () => (busy?.(world) === true ? 'three orders to send' : undefined),
    waitingFor: () => (waits?.(world) === true ? 'the fate of order-17' : undefined),
    patience: 20 * second,
  }
  world.addParticipant(participant)
  world.begin()
  world.advance()
  return world
}

const ends = (world: World): readonly string[] => factsOf(world, [faultEnded])

describe('a run', () => {
  it('is settled as soon as nobody is busy, nobody waits and no fault is still to come or to end', () => {
    const world = settle({ faults: [fault('crash', 'a', 2 * second, second)] })
    expect(world.ending).toEqual({ kind: 'settled', waitingFor: '' })
    expect(world.engine.now).toBeGreaterThanOrEqual(3 * second)
    expect(world.engine.now).toBeLessThan(5 * second)
  })

  it('is stuck, and says on what, when nothing has progressed for longer than anybody is patient', () => {
    const world = settle({ waits: () => true })
    expect(world.ending).toEqual({ kind: 'stuck', waitingFor: 'the fate of order-17' })
    expect(world.engine.now).toBeGreaterThan(20 * second)
    expect(world.engine.now).toBeLessThan(23 * second)
  })

  it('is not stuck while a disk is at work for longer than anybody is patient', () => {
    const slow = fault('slow-disk', 'a', second, second, { factor: 90_000 })
    const durable = (world: World): boolean => world.node('a').disk.log('log').durableLength() > 0
    const world = settle({
      faults: [slow],
      waits: (each) => !durable(each),
      start: (process) =>
        process.setTimer(1.5 * second, () => {
          const log = process.disk.log('log')
          log.append('a record', 10)
          log.fsync(() => {})
        }),
    })
    expect(world.ending.kind).toBe('settled')
    expect(world.engine.now).toBeGreaterThan(25 * second)
  })

  it('counts its patience from the end of the last fault', () => {
    const world = settle({ waits: () => true, faults: [fault('crash', 'a', second, 30 * second)] })
    expect(world.engine.now).toBeGreaterThan(51 * second)
  })

  it('ends at its bound, whatever is still to come', () => {
    const world = settle({
      busy: () => true,
      faults: [fault('crash', 'a', 99 * second)],
      settling: { bound: 7 * second },
    })
    expect([world.ending.kind, world.engine.now]).toEqual(['bound', 7 * second])
    expect(world.schedule.states).toEqual(['missed'])
  })

  it('heals lasting faults when all has been calm for a while, and then waits again', () => {
    const world = settle({ faults: [fault('crash', 'a', second)], waits: (each) => !each.node('a').up })
    expect(world.ending.kind).toBe('settled')
    expect(world.engine.now).toBeGreaterThan(11 * second)
    expect(ends(world)).toHaveLength(1)
  })

  it('heals also while somebody is busy, if that leads nowhere', () => {
    const world = settle({ faults: [fault('crash', 'a', second)], busy: (each) => !each.node('a').up })
    expect([world.ending.kind, world.node('a').up]).toEqual(['settled', true])
  })

  it('heals only what it is asked to heal', () => {
    const faults = [fault('crash', 'a', second), fault('crash', 'b', second)]
    const world = settle({ faults, settling: { heal: ['b'] } })
    expect([world.ending.kind, world.node('a').up, world.node('b').up]).toEqual(['settled', false, true])
  })

  it('heals named targets as often as faults strike them', () => {
    const faults = [fault('crash', 'b', second), fault('pause', 'b', 30 * second)]
    const world = settle({ faults, settling: { heal: ['b'] }, busy: (each) => each.engine.now < 31 * second })
    expect([world.node('b').up, world.node('b').paused, ends(world).length]).toEqual([true, false, 2])
  })
})
