import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  experimentOf,
  observe,
  ratedRows,
  type Experiment,
  type Observation,
} from '../../src/exploration/statistics/experiment.ts'
import { contrastsOf, contrastText } from '../../src/exploration/statistics/contrasts.ts'
import { experimentView } from '../../src/exploration/statistics/experiment-view.ts'
import { plainestOf } from '../../src/exploration/statistics/plainest.ts'
import { shownCase } from '../../src/exploration/statistics/shown-case.ts'
import { shownRuns } from '../../src/exploration/statistics/shown-runs.ts'
import { tally } from '../../src/exploration/statistics/tally.ts'
import { telling } from '../../src/exploration/statistics/telling.ts'
import { parsed } from '../../src/exploration/shrink/shorter-file.ts'
import { run } from '../../src/run.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import type { NemesisProfileName } from '../../src/simulation/nemesis.ts'
import { root } from '../cli/onceproof.ts'
import { scenarioOf, small } from './small-scenario.ts'

/** A run in which some guarantees broke and the others held; all that matters besides is how much happened in it. */
function observation(number: number, broken: readonly string[], size: Partial<Observation> = {}): Observation {
  return {
    run: number,
    fingerprint: '',
    events: 100,
    broken,
    judged: ['no-loss/effect', 'no-duplicates/effect', 'no-duplicates/delivery', 'exactly-once/effect'],
    undecided: [],
    struck: ['crash'],
    missed: 0,
    without: [],
    facts: [],
    effectLatency: undefined,
    meanEffectLatency: undefined,
    recovery: undefined,
    sent: 1,
    redeliveries: 0,
    duplicateEffects: 0,
    ...size,
  }
}

function experimentWith(
  scenarios: Readonly<Record<string, Scenario>>,
  profile: NemesisProfileName,
  runs: number,
): Experiment {
  const designs = Object.entries(scenarios).map(([name, scenario]) => ({ name, scenario, swept: [] }))
  return experimentOf(designs, profile, runs, { duration: undefined, seed: 'shown' })
}

function measured(experiment: Experiment) {
  const observations = Array.from({ length: experiment.runs }, (_, index) => observe(experiment, index))
  return { observations, result: tally(experiment, observations) }
}

/** What a scenario file does when it is run by itself. */
function runOf(text: string) {
  const scenario = parsed(text, 'kept')
  if (scenario === undefined) throw new Error(`No scenario:\n${text}`)
  return run(scenario)
}

/** Members that have something in hand most of the time, so that what strikes them leaves something half done. */
const plain = small
  .replace('ledger: { ledger: {} }', 'ledger: { database: {} }')
  .replace('takes: 2ms', 'takes: 300ms')
  .replace('rate: 100/s', 'rate: 5/s')
const withInbox = plain.replace('effect: billed', 'effect: billed, strategy: { inbox: { key: operation } }')

describe('the plainest of some runs', () => {
  const crash = 'crash'
  it('has the fewest faults that struck, then the fewest events, then the lowest number', () => {
    const busy = { run: 0, struck: [crash, crash], events: 10 }
    const long = { run: 1, struck: [crash], events: 90 }
    const short = { run: 7, struck: [crash], events: 50 }
    const same = { run: 3, struck: [crash], events: 50 }
    expect(plainestOf([busy, long])).toBe(1)
    expect(plainestOf([long, short])).toBe(7)
    expect(plainestOf([short, same])).toBe(3)
    expect(plainestOf([same, busy, short, long])).toBe(3)
  })

  it('is none of none', () => {
    expect(plainestOf([])).toBeUndefined()
  })
})

describe('guarantees that say the most', () => {
  it('are those of effects, and what is lost or doubled rather than not once', () => {
    expect(telling(['exactly-once/effect', 'no-duplicates/delivery', 'no-duplicates/effect'])).toEqual([
      'no-duplicates/effect',
    ])
    expect(telling(['exactly-once/delivery', 'ordered-per-key/delivery'])).toEqual([
      'exactly-once/delivery',
      'ordered-per-key/delivery',
    ])
  })
})

describe('a contrast', () => {
  const doubled = ['no-duplicates/effect', 'exactly-once/effect']

  it('is the plainest run in which one design breaks what another keeps, in how many runs it is so', () => {
    const worse = [observation(0, doubled), observation(1, doubled, { struck: [] }), observation(2, [])]
    const better = [observation(0, []), observation(1, []), observation(2, [])]
    const [only, ...others] = contrastsOf([worse, better])
    expect(only).toEqual({ guarantee: 'no-duplicates/effect', broken: 0, kept: 1, run: 1, count: 2, of: 3 })
    expect(others).toEqual([])
    expect(only && contrastText(only, [{ name: 'plain' }, { name: 'inbox' }])).toBe(
      'Run 1: plain breaks no-duplicates/effect, under the same faults inbox does not (so in 2 of 3 runs).',
    )
  })

  it('is of the two designs that differ in the most runs, and the other way round where that happens too', () => {
    const one = [observation(0, ['no-loss/effect']), observation(1, []), observation(2, [])]
    const two = [observation(0, []), observation(1, ['no-loss/effect']), observation(2, ['no-loss/effect'])]
    const three = [observation(0, []), observation(1, ['no-loss/effect']), observation(2, [])]
    const told = contrastsOf([one, two, three]).map(({ broken, kept, run: number, count }) => [
      broken,
      kept,
      number,
      count,
    ])
    expect(told).toEqual([
      [1, 0, 1, 2],
      [0, 1, 0, 1],
    ])
  })

  it('is none where both break the same, or one could not be judged', () => {
    const broken = [observation(0, doubled)]
    expect(contrastsOf([broken, broken])).toEqual([])
    expect(contrastsOf([broken, [observation(0, [], { judged: [] })]])).toEqual([])
    expect(contrastsOf([broken])).toEqual([])
  })
})

describe('the runs that a result names', () => {
  const experiment = experimentWith({ plain: scenarioOf(plain), inbox: scenarioOf(withInbox) }, 'network', 12)
  const { observations, result } = measured(experiment)

  it('break what they are named for, and no rate that is not zero is without one', () => {
    const rates = result.designs.flatMap(({ rates: all }, place) =>
      Object.entries(all).map(([key, rate]) => ({ place, key, ...rate })),
    )
    expect(rates.filter(({ count }) => count > 0).length).toBeGreaterThan(2)
    for (const { place, key, count, plainest } of rates) {
      const isBroken = plainest !== undefined && observations[plainest]?.[place]?.broken.includes(key)
      expect([key, isBroken]).toEqual([key, count > 0])
    }
  })

  it('are each there once, with all that they are named for', () => {
    const shown = shownRuns(result)
    expect(new Set(shown.map(({ design, run: number }) => `${design} ${number}`)).size).toBe(shown.length)
    const named = shown.flatMap(({ design, breaks }) => breaks.map((key) => `${design} ${key}`))
    const broken = result.designs.flatMap(({ rates }, place) =>
      Object.entries(rates).flatMap(([key, { count }]) => (count > 0 ? [`${place} ${key}`] : [])),
    )
    expect([...new Set(named)].sort()).toEqual(broken.sort())
  })

  it('are cases that are red for what broke, and beside them one that is green for what was kept of the same message', () => {
    const cases = shownRuns(result).map((shown) => shownCase(experiment, shown))
    const contrast = result.contrasts.find(({ guarantee }) => guarantee === 'no-duplicates/effect')
    const sideOf = (place: number | undefined) =>
      cases.find(({ design, run: number }) => design === place && number === contrast?.run)
    const [worse, better] = [sideOf(contrast?.broken), sideOf(contrast?.kept)]
    expect(worse?.title).toBe(`plain breaks no-duplicates/effect: run ${contrast?.run ?? ''} under network`)
    expect(better?.title).toContain('inbox')
    expect(better?.title).toContain('keeps no-duplicates/effect, which plain breaks')
    expect(runOf(worse?.text ?? '').conclusion).toBe('not-as-expected')
    const [broken] = worse?.stories ?? []
    const kept = better?.stories.find(({ story }) => story.of === 'held')
    expect(broken?.story.of).toBe('broken')
    expect(kept?.story.item).toBe(broken?.story.item)
    expect(kept?.story.outcome).toMatch(/ was handed to billing .* had its effect once/)
    expect(worse?.diagram).toBeDefined()
    const page = experimentView(
      experiment,
      result,
      'again',
      cases.map((one) => ({ ...one, file: 'a.yaml' })),
    )
    expect(page.contrasts[0]?.sides.map(({ design, broke }) => [design, broke])).toEqual([
      ['plain', true],
      ['inbox', false],
    ])
    const ids = page.cases.map(({ id }) => id)
    const led = page.guarantees.flatMap(({ rates }) => rates.flatMap((rate) => rate?.shown?.id ?? []))
    expect(led.length).toBeGreaterThan(2)
    expect(led.filter((id) => !ids.includes(id))).toEqual([])
  })
})

describe('a run of an experiment by itself', () => {
  const folder = path.join(root, 'scenarios/03-one-shop')
  const shops = Object.fromEntries(
    readdirSync(folder).map((file) => [
      file.replace('.yaml', ''),
      scenarioOf(readFileSync(path.join(folder, file), 'utf8')),
    ]),
  )
  const experiment = experimentWith(shops, 'production-day', 3)
  const { observations, result } = measured(experiment)

  it.each(Object.keys(shops))('comes to the same events and verdicts as in the experiment: %s', (name) => {
    const place = Object.keys(shops).indexOf(name)
    const shown = shownRuns(result).filter(({ design }) => design === place)
    expect(shown.length).toBeGreaterThan(0)
    for (const one of shown) {
      const replayed = runOf(shownCase(experiment, one).text)
      const then = observations[one.run]?.[place]
      expect(replayed.fingerprint).toBe(then?.fingerprint)
      const broken = ratedRows(replayed).flatMap(({ key, row }) => (row.verdict === 'violated' ? [key] : []))
      expect([...new Set(broken)].sort()).toEqual([...(then?.broken ?? [])].sort())
    }
  })

  it('would be another one without one of its faults, or with another seed', () => {
    const [one] = shownRuns(result)
    if (one === undefined) throw new Error('Nothing broke.')
    const scenario = parsed(shownCase(experiment, one).text, 'kept')
    if (scenario === undefined) throw new Error('The case is no scenario.')
    const then = observations[one.run]?.[one.design]?.fingerprint
    expect(run({ ...scenario, faults: scenario.faults.slice(1) }).fingerprint).not.toBe(then)
    expect(run({ ...scenario, seed: 'another' }).fingerprint).not.toBe(then)
  })
})
