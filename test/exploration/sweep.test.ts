import { describe, expect, it } from 'vitest'
import { alone } from '../../src/exploration/crew.ts'
import { anything } from '../../src/exploration/failure.ts'
import { placementsIn, pointsFor } from '../../src/exploration/sweep/placements.ts'
import { stepsOf, type Steps } from '../../src/exploration/sweep/steps.ts'
import { runPlaced, writtenDown } from '../../src/exploration/sweep/sweep-chunk.ts'
import { coverageLines, coveredText } from '../../src/exploration/sweep/sweep-report.ts'
import { sweep, type SweepResult } from '../../src/exploration/sweep/sweep.ts'
import { scenarioOf, small } from './small-scenario.ts'

const tiny = scenarioOf(small, ['services.shop.sends.messages=2', 'services.billing.members=1'])
const unwatched = { begin: () => {}, made: () => {} }

async function swept(merging: boolean, pairs = 0): Promise<SweepResult> {
  return await sweep(tiny, { wanted: anything, merging, pairs }, alone, unwatched)
}

/** Five events: a's, b's, b's, a timer of b, a's. */
const steps: Steps = {
  nodes: [['a'], ['b'], ['b'], ['b'], ['a']],
  times: [1, 2, 3, 4, 5],
  timers: [false, false, false, true, false],
  sendings: [{ event: 0, from: 'a', to: 'b' }],
}

describe('the points of a sweep', () => {
  it('are before each event', () => {
    expect(pointsFor(steps, ['a'], false).map(({ event }) => event)).toEqual([0, 1, 2, 3, 4])
  })

  it('are one where nobody struck had a part in what lies between, and no timer did', () => {
    expect(pointsFor(steps, ['a'], true)).toEqual([
      { event: 0, points: 1 },
      { event: 1, points: 3 },
      { event: 4, points: 1 },
    ])
    expect(pointsFor(steps, ['b'], true).map(({ event }) => event)).toEqual([0, 2, 3, 4])
  })

  it('stand for as many as there are, merged or not', () => {
    const real = stepsOf(tiny)
    const sum = (merging: boolean): number =>
      placementsIn(real, merging).reduce((total, { points }) => total + points, 0)
    expect(sum(true)).toBe(sum(false))
    expect(placementsIn(real, true).length).toBeLessThan(placementsIn(real, false).length)
  })
})

describe('a sweep', () => {
  it('breaks the same guarantees at as many points, merged or not', async () => {
    const [merged, all] = [await swept(true), await swept(false)]
    const told = ({ covered }: SweepResult) => covered.map(({ what, points, broken }) => ({ what, points, broken }))
    expect(told(merged)).toEqual(told(all))
    const runs = ({ covered }: SweepResult): number => covered.reduce((sum, line) => sum + line.runs, 0)
    expect(runs(merged)).toBeLessThan(runs(all) * 0.75)
  }, 120_000)

  it('covers every node, every pair that talks and every message', async () => {
    const { covered, errors } = await swept(true)
    const whats = covered.map(({ what }) => what)
    for (const node of ['queue', 'ledger', 'shop', 'billing'])
      for (const fault of ['crash', 'power-loss', 'pause']) expect(whats).toContain(`${fault} of ${node}`)
    expect(whats).toContain('partition of billing and queue')
    expect(whats).toContain('reset-connections of queue and shop')
    expect(whats).toContain('message lost from queue to billing')
    expect(whats).toContain('message late from shop to queue')
    expect(errors).toEqual([])
  }, 60_000)

  it('tries second faults from runs with a harmless first one, as far as its budget goes', async () => {
    const { pairs, failures } = await swept(true, 60)
    expect(pairs.tried).toBe(60)
    expect(pairs.possible).toBeGreaterThan(10_000)
    expect(failures.some(({ placements }) => placements.length === 2)).toBe(pairs.broken > 0)
  }, 60_000)

  it('can write its failures down as faults at times or facts', async () => {
    const { failures } = await swept(true)
    const { times } = stepsOf(tiny)
    const single = failures.filter(({ placements }) => placements.length === 1)
    const written = single.filter(({ placements, failure }) => {
      return writtenDown(tiny, placements, times, { ...failure, symptom: undefined }) !== undefined
    })
    expect(written.length).toBeGreaterThan(single.length * 0.8)
  }, 60_000)
})

describe('a placed fault', () => {
  it('strikes just before its event: everything up to there is as without it', () => {
    const real = stepsOf(tiny)
    const event = real.nodes.findIndex((nodes, place) => place > 5 && nodes.includes('billing'))
    const placement = placementsIn(real, false).find((one) => one.event === event && one.what === 'crash of billing')
    if (placement === undefined) throw new Error('There is no such placement.')
    const outcome = runPlaced(tiny, [placement])
    const struck = [...outcome.history].find(({ kind }) => kind === 'fault-struck')
    expect(struck?.time).toBe(real.times[event])
    expect(outcome.faults.at(-1)?.state).toBe('over')
  })
})

describe('what was covered', () => {
  it('is said with its points, and what broke at how many of them', () => {
    const line = { what: 'crash of queue', points: 1284, runs: 300, missed: 0, broken: {} }
    expect(coveredText(line)).toBe('every single crash of queue at each of 1,284 points: nothing breaks')
    expect(coveredText({ ...line, broken: { 'no-loss of billing': 3 }, missed: 2 })).toBe(
      'every single crash of queue at each of 1,284 points: no-loss of billing breaks at 3 (2 of them struck nobody)',
    )
  })

  it('begins with how many single faults there are and how many runs they took', () => {
    const pairs = { possible: 500, tried: 40, broken: 0 }
    const covered = [{ what: 'crash of queue', points: 12, runs: 5, missed: 0, broken: {} }]
    const lines = coverageLines({ events: 12, covered, failures: [], pairs, errors: [] })
    expect(lines[0]).toBe('12 single faults in a run of 12 events, tried by 5 runs')
    expect(lines.at(-1)).toBe('40 of about 500 second faults behind a harmless first one: nothing breaks')
  })
})
