import { describe, expect, it } from 'vitest'
import { nodeCrashed, nodePaused, nodeResumed, nodeStarted, nodeStopped } from '../../src/history/facts.ts'
import { millisecond, second } from '../../src/simulation/duration.ts'
import type { Fault } from '../../src/simulation/fault.ts'
import type { Process } from '../../src/simulation/process.ts'
import type { ServiceProfile } from '../../src/simulation/service.ts'
import { wallClockStart } from '../../src/simulation/wall-clock.ts'
import type { World } from '../../src/simulation/world.ts'
import { factsOf, fault, noted, notes, runToEnd, smallWorld } from './small-world.ts'

function lone(start: (process: Process) => void, faults: readonly Fault[] = [], service?: ServiceProfile): World {
  const world = smallWorld({ faults })
  world.addNode({ name: 'a', start, ...(service === undefined ? {} : { service }) })
  world.addNode({ name: 'b', start: () => {} })
  return runToEnd(world)
}

const note = (process: Process, what: string, number = process.incarnation): void =>
  void process.record(noted, { what, number })

const lives = (world: World): readonly string[] =>
  factsOf(world, [nodeStarted, nodeCrashed, nodeStopped, nodePaused, nodeResumed])
    .filter((line) => line.includes(' a '))
    .map((line) => line.replace(' a node-', ' '))

describe('an overload', () => {
  const faults = [fault('overload', 'a', second, second), fault('overload', 'a', second, 2 * second)]

  it('lasts until the last of several is over', () => {
    const world = smallWorld({ faults, lasts: 5 * second })
    const look = (process: Process): void => note(process, String(process.node.overloaded))
    const start = (process: Process): void => {
      for (const at of [0.5, 1.5, 2.5, 3.5]) process.setTimer(at * second, () => look(process))
    }
    world.addNode({ name: 'a', refuses: true, start })
    expect(notes(runToEnd(world)).map((line) => line.split(' ')[1])).toEqual(['false', 'true', 'true', 'false'])
  })

  it('misses whoever refuses nothing', () => {
    expect(lone(() => {}, faults).schedule.states).toEqual(['missed', 'missed'])
  })
})

describe('a paused process', () => {
  it('runs late timers in the order in which they were due, then queued input, and none of them during the pause', () => {
    const world = smallWorld({ faults: [fault('pause', 'a', second, second)] })
    world.addNode({
      name: 'a',
      start: (process) => {
        process.onDatagram('x', (number) => note(process, 'input', Number(number)))
        process.setTimer(1_400_000, () => note(process, 'timer', 2))
        process.setTimer(1_300_000, () => note(process, 'timer', 1))
        process.setTimer(2_500_000, () => note(process, 'timer', 3))
      },
    })
    world.addNode({
      name: 'b',
      start: (process) => void process.setTimer(1_100_000, () => process.sendDatagram('a', 'x', 7, 1)),
    })
    expect(notes(runToEnd(world), true)).toEqual([
      `${2 * second} a timer 1`,
      `${2 * second} a timer 2`,
      `${2 * second} a input 7`,
      '2500000 a timer 3',
    ])
  })

  it('does not run a late timer that an earlier late one clears', () => {
    const world = lone(
      (process) => {
        process.setTimer(1_300_000, () => {
          note(process, 'first')
          second2.clear()
        })
        const second2 = process.setTimer(1_400_000, () => note(process, 'second'))
      },
      [fault('pause', 'a', second, second)],
    )
    expect(notes(world)).toEqual(['a first 1'])
  })

  it('makes no headway with its work, and takes the rest of the time afterwards', () => {
    const world = lone(
      (process) => process.work(1_500_000, () => note(process, 'done')),
      [fault('pause', 'a', second, second)],
    )
    expect(notes(world, true)).toEqual(['2500000 a done 1'])
  })

  it('sees the time jump', () => {
    const world = lone(
      (process) => {
        const tick = (): void => {
          note(process, 'tick', process.now)
          process.setTimer(second, tick)
        }
        tick()
      },
      [fault('pause', 'a', 1_500_000, 5 * second)],
    )
    expect(notes(world).slice(0, 4)).toEqual(['a tick 0', 'a tick 1000000', 'a tick 6500000', 'a tick 7500000'])
  })

  it('goes on when the last of several pauses is over', () => {
    const faults = [fault('pause', 'a', second, 3 * second), fault('pause', 'a', 2 * second, second)]
    expect(lives(lone(() => {}, faults))).toEqual(['0 started', '1000000 paused', '4000000 resumed'])
  })

  it('that crashes stays dead: the end of the pause wakes nobody', () => {
    const faults = [fault('pause', 'a', second, 3 * second), fault('crash', 'a', 2 * second, second)]
    const world = lone((process) => void process.setTimer(1_500_000, () => note(process, 'timer')), faults)
    expect(lives(world)).toEqual(['0 started', '1000000 paused', '2000000 crashed', '3000000 started'])
    expect(notes(world)).toEqual(['a timer 2'])
  })

  it('that is to stop is killed when its grace is over', () => {
    const faults = [fault('pause', 'a', second, 5 * second), fault('restart', 'a', 2 * second, 0, { grace: second })]
    expect(lives(lone(() => {}, faults))).toEqual(['0 started', '1000000 paused', '3000000 stopped', '3000000 started'])
  })
})

describe('a node', () => {
  it('that crashes twice at once comes back when both are over', () => {
    const faults = [fault('crash', 'a', second, 3 * second), fault('crash', 'a', 2 * second, second)]
    expect(lives(lone(() => {}, faults))).toEqual(['0 started', '1000000 crashed', '4000000 started'])
  })

  it('gets its power back while its process is still down', () => {
    const faults = [fault('crash', 'a', second, 5 * second), fault('power-loss', 'a', 2 * second, second)]
    const world = smallWorld({ faults })
    world.addNode({ name: 'a', start: () => {} })
    world.addNode({
      name: 'b',
      start: (process) =>
        void process.setTimer(4 * second, () =>
          process.connect('a', 'x', { received: () => {}, closed: (reason) => note(process, reason) }),
        ),
    })
    expect(notes(runToEnd(world), true)).toEqual([`${4 * second + 200} b refused 1`])
  })

  it('restarted runs its stop handlers, last registered first, before the process ends', () => {
    const world = lone(
      (process) => {
        process.onStop((done) => {
          note(process, 'first')
          done()
        })
        process.onStop((done) => {
          note(process, 'second')
          process.setTimer(second, done)
        })
      },
      [fault('restart', 'a', second, 0), fault('restart', 'a', 1_500_000, 0)],
    )
    expect(notes(world, true)).toEqual(['1000000 a second 1', '2000000 a first 1'])
    expect(lives(world)).toEqual(['0 started', '2000000 stopped', '2000000 started'])
  })

  it('under a fault that slows it takes longer for its work, not for its timers', () => {
    const world = lone(
      (process) =>
        process.setTimer(second, () => {
          process.work(millisecond, () => note(process, 'work'))
          process.setTimer(millisecond, () => note(process, 'timer'))
        }),
      [fault('slow', 'a', 0, 2 * second, { factor: 10 }), fault('slow', 'a', 0, 2 * second, { factor: 2 })],
    )
    expect(notes(world, true)).toEqual(['1001000 a timer 1', '1020000 a work 1'])
  })

  it('works off requests with k servers, those of one connection one after the other', () => {
    const world = smallWorld()
    world.addNode({
      name: 'a',
      service: { servers: 2, perRequest: 1000, perKibibyte: 500 },
      start: (process) =>
        process.listen<never, number>('x', () => ({ received: (number) => note(process, 'done', number) })),
    })
    for (const [place, name] of ['b', 'c', 'd'].entries()) {
      world.addNode({
        name,
        start: (process) => {
          const connection = process.connect<number, never>('a', 'x', { received: () => {} })
          const send = (number: number): void => connection.send(number, { bytes: 2048, about: 'x' })
          process.setTimer(second, () => [0, 1].forEach((each) => send(place * 10 + each)))
        },
      })
    }
    // They arrive at the same time, the first of each connection before the second of any.
    const at = (units: number): number => second + 100 + units * 2000
    expect(notes(runToEnd(world), true)).toEqual([
      `${at(1)} a done 0`,
      `${at(1)} a done 10`,
      `${at(2)} a done 20`,
      `${at(2)} a done 1`,
      `${at(3)} a done 11`,
      `${at(3)} a done 21`,
    ])
  })

  it('with a skewed clock tells another time of day, and the right one when the skews are over', () => {
    const world = lone(
      (process) => {
        const tick = (): void => {
          note(process, 'off', process.wallClock - wallClockStart - process.now)
          process.setTimer(second, tick)
        }
        process.setTimer(500 * millisecond, tick)
      },
      [
        fault('clock-skew', 'a', second, 3 * second, { offset: -5000, drift: 100 }),
        fault('clock-skew', 'a', 2 * second, second, { offset: 1000, drift: 0 }),
      ],
    )
    expect(notes(world).slice(0, 5)).toEqual(['a off 0', 'a off -4950', 'a off -3850', 'a off -4750', 'a off 0'])
  })
})

describe('a program that is told to stop', () => {
  const closing = (process: Process): void => process.onStop((done) => process.setTimer(100 * millisecond, done))

  it('is asked before its clients close, and closes them when it says so', () => {
    const world = lone(
      (process) => {
        process.onSignal((goOn) => process.setTimer(200 * millisecond, goOn))
        closing(process)
      },
      [fault('restart', 'a', second, second)],
    )
    expect(lives(world)).toContain(`${second + 300 * millisecond} stopped`)
  })

  it('ends where it stands when it does not listen', () => {
    const world = lone(
      (process) => {
        process.onSignal((_goOn, end) => end())
        closing(process)
      },
      [fault('restart', 'a', second, second)],
    )
    expect(lives(world)).toContain(`${second} stopped`)
  })

  it('is killed when it takes longer than the grace', () => {
    const world = lone(
      (process) => process.onSignal(() => {}),
      [{ ...fault('restart', 'a', second, 5 * second), parameters: { grace: 2 * second } }],
    )
    expect(lives(world)).toContain(`${3 * second} stopped`)
  })

  it('is of the next release after a deployment, and stays so', () => {
    const world = lone(
      (process) => note(process, 'release', process.node.release),
      [
        fault('deploy', 'a', second, second),
        fault('restart', 'a', 3 * second, second),
        fault('deploy', 'a', 5 * second, second),
      ],
    )
    expect(notes(world)).toEqual(['a release 0', 'a release 1', 'a release 1', 'a release 2'])
  })
})
