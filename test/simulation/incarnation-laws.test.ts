import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../src/simulation/duration.ts'
import type { Fault } from '../../src/simulation/fault.ts'
import type { Process } from '../../src/simulation/process.ts'
import type { World } from '../../src/simulation/world.ts'
import { anyCut, anyFaults } from './random-faults.ts'
import { fault, noted, notes, rehearsed, smallWorld, whenNoted } from './small-world.ts'

/** A world of programs that do everything a program can do, and what ran although it must not. */
function busyWorld(
  faults: readonly Fault[],
  strikesBefore: ReadonlyMap<number, number>,
): { world: World; ghosts: string[] } {
  const ghosts: string[] = []
  const world = smallWorld({ faults, strikesBefore, lasts: 8 * second })
  const start = (process: Process): void => {
    const { node } = process
    let beats = 0
    const guarded = (what: string, react: () => void) => (): void => {
      if (node.process !== process || !node.up || node.paused) ghosts.push(`${process.now} ${what} at ${node.name}`)
      process.record(noted, { what, number: beats })
      react()
    }
    const beat = (): void => {
      process.record(noted, { what: 'beat', number: beats++ })
      process.work(
        3 * millisecond,
        guarded('work', () => {}),
      )
      process.disk.log<number>('beats').append(beats, 10)
      process.disk.log<number>('beats').fsync(guarded('fsync', () => process.sendDatagram('b', 'beat', beats, 10)))
      connection.send(beats, { bytes: 100, about: 'beat' })
      process.setTimer(20 * millisecond, guarded('timer', beat))
    }
    process.onDatagram(
      'beat',
      guarded('datagram', () => {}),
    )
    process.listen<number, number>('beat', (accepted) => {
      guarded('accept', () => {})()
      return { received: guarded('request', () => accepted.send(1, { bytes: 10, about: 'answer' })) }
    })
    const call = () =>
      process.connect<number, number>('b', 'beat', {
        received: guarded('answer', () => {}),
        opened: guarded('opened', () => {}),
        closed: guarded('closed', () => void process.setTimer(millisecond, () => (connection = call()))),
      })
    let connection = call()
    process.onStop((done) => process.setTimer(5 * millisecond, guarded('stop', done)))
    beat()
  }
  for (const name of ['a', 'b', 'c']) {
    world.addNode({ name, start, service: { servers: 2, perRequest: millisecond, perKibibyte: 0 } })
  }
  return { world, ghosts }
}

const struckInStep = fc
  .tuple(fc.constantFrom('crash', 'pause', 'power-loss', 'restart'), fc.constantFrom('a', 'b'), fc.nat(60), anyCut)
  .map(([action, node, number, cut]) => {
    const strikes = whenNoted('beat', number, cut)
    const when = 'when' in strikes ? { ...strikes, when: { ...strikes.when, at: node } } : strikes
    return fault(action, node, when, 30 * millisecond)
  })

describe('incarnations', () => {
  it('are over for good: nothing of a process that died ever runs, nor of one that is paused', () => {
    const faults = fc.tuple(anyFaults(['a', 'b', 'c'], 4 * second), fc.array(struckInStep, { maxLength: 4 }))
    fc.assert(
      fc.property(faults, ([timed, anchored]) => {
        let ghosts: readonly string[] = []
        rehearsed((strikesBefore) => {
          const busy = busyWorld([...timed, ...anchored], strikesBefore)
          ghosts = busy.ghosts
          return busy.world
        })
        expect(ghosts).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it('start again after every fault that has an end, however the faults overlap', () => {
    fc.assert(
      fc.property(anyFaults(['a', 'b', 'c'], 4 * second), (faults) => {
        const { world } = busyWorld(faults, new Map())
        world.begin()
        world.advance()
        for (const node of world.nodes) {
          expect([node.name, node.up, node.paused, node.powered, node.slowness]).toEqual([
            node.name,
            true,
            false,
            true,
            1,
          ])
        }
      }),
      { numRuns: 40 },
    )
  })
})

describe('a pause', () => {
  it('of length zero changes nothing, wherever it strikes', () => {
    const cut = fc.constantFrom('after-state' as const, 'after-step' as const, 0, 1)
    fc.assert(
      fc.property(fc.nat(40), cut, fc.nat(second), anyFaults(['a', 'b'], 2 * second), (number, where, at, others) => {
        const untouched = busyWorld(others, new Map()).world
        const pauses = [fault('pause', 'a', whenNoted('beat', number, where), 0), fault('pause', 'b', at, 0)]
        const paused = busyWorld([...others, ...pauses], new Map()).world
        for (const world of [untouched, paused]) {
          world.begin()
          world.advance()
        }
        expect(notes(paused, true)).toEqual(notes(untouched, true))
      }),
      { numRuns: 40 },
    )
  })
})
