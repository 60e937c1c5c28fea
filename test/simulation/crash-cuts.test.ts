import { describe, expect, it } from 'vitest'
import { millisecond, second } from '../../src/simulation/duration.ts'
import type { Fault } from '../../src/simulation/fault.ts'
import type { StrikesBefore } from '../../src/simulation/fault-schedule.ts'
import type { World } from '../../src/simulation/world.ts'
import { fault, factsOf, noted, notes, rehearsed, runToEnd, smallWorld, whenNoted } from './small-world.ts'
import { nodeCrashed, nodePaused, nodeResumed, nodeStarted } from '../../src/history/facts.ts'

/** A server that counts on its disk, records each count, and then tells three others. */
function announcer(faults: readonly Fault[], strikesBefore: StrikesBefore = new Map()): World {
  const world = smallWorld({ faults, strikesBefore })
  world.addNode({
    name: 'server',
    start: (process) => {
      const count = process.disk.log<number>('count')
      const step = (): void => {
        process.record(noted, { what: 'count', number: count.length })
        count.append(1, 1)
        for (const to of ['x', 'y', 'z']) process.sendDatagram(to, 'news', count.length - 1, 10)
        if (count.length < 4) process.setTimer(second, step)
      }
      process.setTimer(second, step)
    },
  })
  for (const name of ['x', 'y', 'z']) {
    world.addNode({
      name,
      start: (process) =>
        process.onDatagram('news', (number) => process.record(noted, { what: 'heard', number: Number(number) })),
    })
  }
  return world
}

/** Who heard of count 1 before it was counted again. */
function heardOfOne(world: World): string {
  return notes(world)
    .filter((note) => note.endsWith('heard 1'))
    .map((note) => note.split(' ')[0])
    .join('')
}

const struck = (action: string, cut: Parameters<typeof whenNoted>[2]): Fault =>
  fault(action, 'server', whenNoted('count', 1, cut), 100 * millisecond)

describe('a crash inside a step', () => {
  it('cut after the state lets nothing out, and the state on disk stays', () => {
    const world = rehearsed((known) => announcer([struck('crash', 'after-state')], known))
    expect(heardOfOne(world)).toBe('')
    expect(notes(world).filter((note) => note === 'server count 1')).toHaveLength(1)
  })

  it('cut after so many sends lets out just these', () => {
    for (const [sends, heard] of ['', 'x', 'xy', 'xyz', 'xyz'].entries()) {
      expect(heardOfOne(runToEnd(announcer([struck('crash', sends)])))).toBe(heard)
    }
  })

  it('cut after the step lets everything out', () => {
    const world = runToEnd(announcer([struck('crash', 'after-step')]))
    expect(heardOfOne(world)).toBe('xyz')
    expect(factsOf(world, [nodeCrashed])).toEqual([`${2 * second} server node-crashed`])
  })

  it('cut before the step leaves no trace of it: the step happens in the next life', () => {
    const world = rehearsed((known) => announcer([struck('crash', 'before')], known))
    const counts = notes(world, true).filter((note) => note.includes('count 1'))
    expect(counts).toEqual([`${3.1 * second} server count 1`])
    expect(factsOf(world, [nodeCrashed])).toEqual([`${2 * second} server node-crashed`])
    expect(world.schedule.states).toEqual(['over'])
  })

  it('cut before a start keeps the node down from the beginning', () => {
    const anchor = { fact: 'node-started', at: 'server', values: {}, nth: 1 }
    const schedule = [fault('crash', 'server', { when: anchor, cut: 'before' }, second)]
    const world = rehearsed((known) => announcer(schedule, known))
    expect(factsOf(world, [nodeStarted]).filter((line) => line.includes('server'))).toEqual([
      `${second} server node-started`,
    ])
  })

  it('cut before two different steps is found out in two rehearsals', () => {
    const schedule = [1, 2].map((number) =>
      fault('crash', 'server', whenNoted('count', number, 'before'), 100 * millisecond),
    )
    let runs = 0
    const world = rehearsed((known) => (runs++, announcer(schedule, known)))
    expect([runs, world.schedule.states]).toEqual([3, ['over', 'over']])
  })

  it('strikes another node than the one whose step it is', () => {
    const world = runToEnd(announcer([fault('crash', 'y', whenNoted('count', 1, 1), second / 2)]))
    expect(heardOfOne(world)).toBe('xz')
  })

  it('descends from the fact that it waited for, and the new life from its end', () => {
    const world = runToEnd(announcer([struck('crash', 'after-state')]))
    const facts = [...world.history]
    const index = (kind: string): number => facts.findLastIndex((fact) => fact.kind === kind)
    expect(facts[facts[index('fault-struck')]?.cause ?? -1]).toMatchObject({ kind: 'noted', number: 1 })
    expect(facts[index('node-crashed')]?.cause).toBe(index('fault-struck'))
    expect(facts[index('node-started')]?.cause).toBe(index('fault-ended'))
  })
})

describe('a pause inside a step', () => {
  it('lets the rest of the step out when it is over: the zombie finishes what it began', () => {
    const world = runToEnd(announcer([struck('pause', 1)]))
    const heard = notes(world, true).filter((note) => note.includes('heard 1'))
    expect(heard).toEqual([
      `${2 * second + 100} x heard 1`,
      `${2.1 * second + 100} y heard 1`,
      `${2.1 * second + 100} z heard 1`,
    ])
    expect(factsOf(world, [nodePaused, nodeResumed])).toEqual([
      `${2 * second} server node-paused`,
      `${2.1 * second} server node-resumed`,
    ])
  })

  it('and a crash during the pause loses the rest', () => {
    const schedule = [struck('pause', 1), fault('crash', 'server', 2_050_000, second)]
    expect(heardOfOne(runToEnd(announcer(schedule)))).toBe('x')
  })
})

describe('an anchor', () => {
  it('counts the facts of its kind and values, at the place it names', () => {
    const second2 = {
      when: { fact: 'noted', at: 'any all', values: { what: 'heard' }, nth: 5 },
      cut: 'after-step',
    } as const
    const world = runToEnd(announcer([fault('crash', 'server', second2, second)]))
    expect(factsOf(world, [nodeCrashed])).toEqual([`${2 * second + 100} server node-crashed`])
  })

  it('that is never reached leaves the fault missed, with the reason', () => {
    const world = runToEnd(
      announcer([fault('crash', 'server', whenNoted('count', 99, 'before')), fault('crash', 'nobody', 1)]),
    )
    expect(world.schedule.states).toEqual(['missed', 'missed'])
    const reasons = [...world.history]
      .filter(({ kind }) => kind === 'fault-missed')
      .map((fact) => Number(fact['reason']))
    expect(reasons.map((name) => world.history.names.text(name)).sort()).toEqual([
      'nobody is nobody',
      'what it waited for never happened',
    ])
  })
})
