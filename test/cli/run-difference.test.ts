import { describe, expect, it } from 'vitest'
import { differenceText } from '../../src/cli/difference-text.ts'
import { DispatchLog } from '../../src/cli/dispatch-log.ts'
import { firstDifference } from '../../src/cli/run-difference.ts'
import { defineFact } from '../../src/history/fact.ts'
import { linkProfiles } from '../../src/simulation/link-profile.ts'
import type { Process } from '../../src/simulation/process.ts'
import { settlingDefaults } from '../../src/simulation/settling.ts'
import { World } from '../../src/simulation/world.ts'

const ticked = defineFact('ticked', 'client', { tick: 'int', drawn: 'int' }, '{node} ticked')
const everyMicros = 10

/** A world in which one node ticks so often, every 10 µs, and does what `act` says at each tick. */
function ticking(ticks: number, act: (process: Process, tick: number) => void) {
  const world = new World({
    seed: 'tick',
    linkProfileOf: () => linkProfiles.loopback,
    faults: [],
    faultKinds: [],
    settling: settlingDefaults,
    factKinds: [ticked],
    observeNetwork: false,
    keepHistory: true,
    strikesBefore: new Map(),
  })
  const tick = (process: Process, number: number): void => {
    act(process, number)
    if (number < ticks) process.setTimer(everyMicros, () => tick(process, number + 1))
  }
  world.addNode({ name: 'clock', start: (process) => tick(process, 0) })
  const log = new DispatchLog(world)
  world.begin()
  world.advance()
  return { summary: log.summary, window: async (from: number, to: number) => log.window(from, to) }
}

/** Ticks; what it draws at one tick, it draws from somewhere else. */
function drawing(at: number, draw: () => number) {
  return (process: Process, tick: number): void => {
    process.record(ticked, { tick, drawn: tick === at ? draw() : tick % 7 })
  }
}

describe('the first difference of two runs', () => {
  it('is nothing when they are the same', async () => {
    expect(
      await firstDifference(ticking(9000, drawing(-1, Math.random)), ticking(9000, drawing(-1, Math.random))),
    ).toBe(undefined)
  })

  it.each([0, 1, 2, 500, 4095, 4096, 4097, 4098, 8191, 8192, 8999, 9000])(
    'is the step of tick %i, where a stray draw was planted',
    async (at) => {
      let stray = 0
      const one = ticking(
        9000,
        drawing(at, () => ++stray),
      )
      const other = ticking(
        9000,
        drawing(at, () => ++stray),
      )
      const difference = await firstDifference(one, other)
      expect(difference).toMatchObject({ kind: 'another-effect' })
      expect(difference?.one?.facts).toContain(`ticked on clock: tick ${at}, drawn 1`)
      expect(difference?.other?.facts).toContain(`ticked on clock: tick ${at}, drawn 2`)
      expect(difference?.one?.time).toBe(at * everyMicros)
    },
  )

  it.each([10, 4096, 5000])('is the event that comes at another time after tick %i', async (at) => {
    const late = (delay: number) => (process: Process, tick: number) => {
      if (tick === at) process.setTimer(delay, () => process.record(ticked, { tick, drawn: 0 }))
    }
    const difference = await firstDifference(ticking(6000, late(3)), ticking(6000, late(4)))
    expect(difference).toMatchObject({
      kind: 'another-event',
      one: { time: at * everyMicros + 3, target: 'clock' },
      other: { time: at * everyMicros + 4, target: 'clock' },
    })
  })

  it('is where one run ends and the other goes on', async () => {
    const difference = await firstDifference(
      ticking(50, () => {}),
      ticking(60, () => {}),
    )
    expect(difference?.kind).toBe('another-event')
    expect(difference?.event).toBeLessThanOrEqual(52)
  })

  it('is told with both runs, the facts that differ marked', async () => {
    let stray = 0
    const one = ticking(
      20,
      drawing(7, () => ++stray),
    )
    const other = ticking(
      20,
      drawing(7, () => ++stray),
    )
    const difference = await firstDifference(one, other)
    const said = difference === undefined ? '' : differenceText(difference, one, other)
    expect(said).toContain('is the same, and did not do the same')
    expect(said).toContain('first run: at 0.000070 s, clock')
    expect(said).toContain('> ticked on clock: tick 7, drawn 1')
    expect(said).toContain('> ticked on clock: tick 7, drawn 2')
  })
})
