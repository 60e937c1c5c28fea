import { describe, expect, it } from 'vitest'
import { attemptOf } from '../../src/exploration/attempt.ts'
import { anything } from '../../src/exploration/failure.ts'
import { searchSpaceOf } from '../../src/exploration/search-space.ts'
import { scenarioOf, small } from './small-scenario.ts'

const space = searchSpaceOf(scenarioOf(small), { wanted: anything, seed: 's', nemesis: undefined })
const attempts = Array.from({ length: 60 }, (_, index) => attemptOf(space, index))

describe('an attempt', () => {
  it('is the same whenever it is drawn', () => {
    const again = attempts.map((_, place) => attemptOf(space, attempts.length - 1 - place))
    expect(again.toReversed()).toEqual(attempts)
  })

  it('differs from every other, and from those of another seed', () => {
    const other = { ...space, seed: 't' }
    const texts = [...attempts, ...attempts.map((_, index) => attemptOf(other, index))].map((one) =>
      JSON.stringify(one),
    )
    expect(new Set(texts).size).toBe(120)
  })

  it('has faults of the kinds that it drew and of no other', () => {
    for (const { recipe, scenario } of attempts) {
      const drawn = recipe.features.map(({ kind }) => kind)
      expect(scenario.faults.filter(({ action }) => !drawn.includes(action))).toEqual([])
    }
  })

  it('leaves each kind of fault out of many runs and has it in many others', () => {
    for (const kind of space.kinds) {
      const having = attempts.filter(({ recipe }) => recipe.features.some((feature) => feature.kind === kind)).length
      expect(having).toBeGreaterThan(attempts.length / 5)
      expect(having).toBeLessThan((attempts.length * 4) / 5)
    }
  })

  it('makes faults last at least as long as their kind does in this run', () => {
    for (const { recipe, scenario } of attempts) {
      for (const { action, duration = 0 } of scenario.faults) {
        expect(duration).toBeGreaterThanOrEqual(
          recipe.features.find(({ kind }) => kind === action)?.minimum ?? Infinity,
        )
      }
    }
  })

  it('has no fault that lasts beyond the bound of its run, however long the work is', () => {
    const slowly = small.replace('rate: 100/s', 'rate: 0.01/s')
    const long = searchSpaceOf(scenarioOf(slowly), { wanted: anything, seed: 's', nemesis: undefined })
    const { bound } = long.scenario.settling
    expect(8 * long.horizon).toBeGreaterThan(bound)
    const faults = Array.from({ length: 60 }, (_, index) => attemptOf(long, index)).flatMap(
      ({ scenario }) => scenario.faults,
    )
    expect(faults.filter(({ duration = 0 }) => long.horizon + duration > (bound + long.horizon) / 2)).toEqual([])
    expect(faults.filter(({ duration = 0 }) => duration > 60_000_000).length).toBeGreaterThan(faults.length / 10)
    expect(space.longest).toBe(8 * space.horizon)
  })

  it('has faults without an end where not everybody is healed, and nowhere else', () => {
    const unhealed = searchSpaceOf(scenarioOf(`${small}settle: { heal: [] }\n`), {
      wanted: anything,
      seed: 's',
      nemesis: undefined,
    })
    const endless = (of: typeof space): number =>
      Array.from({ length: 30 }, (_, index) => attemptOf(of, index).recipe.faults)
        .flat()
        .filter(({ duration }) => duration === undefined).length
    expect(endless(unhealed)).toBeGreaterThan(10)
    expect(endless(space)).toBe(0)
  })

  it.each([
    ['calm', []],
    ['crashes', ['crash', 'pause', 'power-loss', 'restart', 'slow']],
    ['network', ['isolate', 'lossy-link', 'partition', 'reset-connections', 'slow-link']],
    ['disks', ['broken-disk', 'corrupt-tail', 'full-disk', 'power-loss', 'slow-disk']],
    ['clocks', ['clock-skew']],
  ])('draws what the profile %s has and nothing else, where it is given, and nothing guides it', (nemesis, kinds) => {
    const of = searchSpaceOf(scenarioOf(small), { wanted: anything, seed: 's', nemesis, islands: 4 })
    expect(of.islands).toBe(0)
    const made = Array.from({ length: 12 }, (_, index) => attemptOf(of, index))
    expect(made.flatMap(({ recipe }) => recipe.features)).toEqual([])
    expect(made.filter(({ scenario }) => scenario.nemesis !== undefined)).toEqual([])
    const drawn = new Set(made.flatMap(({ scenario }) => scenario.faults.map(({ action }) => action)))
    expect([...drawn].filter((action) => !kinds.includes(action))).toEqual([])
    expect(drawn.size).toBeGreaterThanOrEqual(Math.min(1, kinds.length))
    expect(new Set(made.map(({ scenario }) => JSON.stringify(scenario.faults))).size).toBe(kinds.length === 0 ? 1 : 12)
  })

  it('keeps the amount of work that faults of the scenario wait for', () => {
    const faults = '\nfaults: [{ when: { fact: delivered, message: order-9 }, crash: billing-1, for: 1s }]\n'
    const anchored = searchSpaceOf(scenarioOf(small + faults), { wanted: anything, seed: 's', nemesis: undefined })
    for (let index = 0; index < 20; index++) expect(attemptOf(anchored, index).changes).toEqual([])
  })
})
