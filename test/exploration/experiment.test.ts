import { describe, expect, it } from 'vitest'
import {
  experimentOf,
  observe,
  type Experiment,
  type Observation,
} from '../../src/exploration/statistics/experiment.ts'
import { decisionRecord } from '../../src/exploration/statistics/decision-record.ts'
import {
  counterpartsOf,
  drawNeutralFaults,
  givenTo,
  neutralTargetsOf,
} from '../../src/exploration/statistics/neutral-faults.ts'
import { tally, type DesignTally } from '../../src/exploration/statistics/tally.ts'
import type { Proportion } from '../../src/exploration/statistics/proportion.ts'
import { briefCautions, cautions, conclusions } from '../../src/exploration/statistics/verdicts.ts'
import type { NemesisProfileName } from '../../src/simulation/nemesis.ts'
import { scenarioOf, small } from './small-scenario.ts'

/** A handler that fails for good with a known probability, and whose error is swallowed. */
const planted = (percent: number): string => `
systems: { queue: { memory: { queues: { orders: {} } } } }
services:
  shop: { sends: { to: queue/orders, messages: 1 } }
  billing:
    receives: { from: queue/orders }
    handling: { effect: billed, fails: { probability: ${percent}%, attempts: always }, on-error: swallow }
`

function experiment(
  texts: Readonly<Record<string, string>>,
  runs: number,
  profile: NemesisProfileName = 'calm',
): Experiment {
  const designs = Object.entries(texts).map(([name, text]) => ({ name, scenario: scenarioOf(text), swept: [] }))
  return experimentOf(designs, profile, runs, { duration: undefined, seed: 'experiment' })
}

function result(of: Experiment) {
  return tally(
    of,
    Array.from({ length: of.runs }, (_, index) => observe(of, index)),
  )
}

const together = experiment({ a: planted(30), b: planted(5) }, 250)
const observations = Array.from({ length: together.runs }, (_, index) => observe(together, index))

type Bounds = Pick<Proportion, 'low' | 'high'>

/** The bounds of the rates of the two planted bugs, from some runs. */
type Estimator = (runs: typeof observations) => readonly Bounds[]

function estimatedTogether(runs: typeof observations, guarantee = 'no-loss/effect'): readonly Bounds[] {
  return tally(together, runs).designs.map(({ rates }) => rates[guarantee] ?? { low: 0, high: 1 })
}

/** Whether an estimator is right about all runs, and about nearly all parts of ten of them: 95 of 100 at least, were there so many. */
function isNear(estimator: Estimator, design: 'a' | 'b', rate: number): boolean {
  const contains = (runs: typeof observations): boolean => {
    const { low, high } = estimator(runs)[design === 'a' ? 0 : 1] ?? { low: 1, high: 0 }
    return low <= rate && rate <= high
  }
  const parts = Array.from({ length: observations.length / 10 }, (_, part) =>
    observations.slice(10 * part, 10 * part + 10),
  )
  return contains(observations) && parts.filter(contains).length >= parts.length * 0.88
}

function isBroken(observation: Observation | undefined): boolean {
  return observation?.broken.includes('no-loss/effect') === true
}

function narrowed({ low, high }: Bounds): Bounds {
  return { low: low + (high - low) / 3, high: high - (high - low) / 3 }
}

describe('an experiment', () => {
  it('estimates the rate of a planted bug within its bounds', () => {
    expect(isNear(estimatedTogether, 'a', 0.3)).toBe(true)
    expect(isNear(estimatedTogether, 'b', 0.05)).toBe(true)
    const [a] = estimatedTogether(observations)
    expect((a?.high ?? 1) - (a?.low ?? 0)).toBeLessThan(0.15)
  })

  it.each<[string, Estimator]>([
    ['makes the same run each time', (runs) => estimatedTogether(runs.map(() => runs[0] ?? []))],
    [
      'misses every other run that breaks',
      (runs) => estimatedTogether(runs.filter(([a], n) => n % 2 === 0 || !isBroken(a))),
    ],
    ['takes bounds of a third of the width', (runs) => estimatedTogether(runs).map(narrowed)],
    ['looks at what was handed over, and not at its effect', (runs) => estimatedTogether(runs, 'no-loss/delivery')],
  ])('would be found out if it were one that %s', (_what, estimator) => {
    expect(isNear(estimator, 'a', 0.3) && isNear(estimator, 'b', 0.05)).toBe(false)
  })

  it('says which design breaks more often, when it is beyond doubt', () => {
    const compared = experiment({ careful: planted(2), careless: planted(40) }, 150)
    expect(conclusions(result(compared))).toContainEqual(
      expect.stringMatching(/^careless breaks more often than careful: .*no-loss\/effect by /),
    )
  })

  it('finds no difference between a design and itself: every draw is the same', () => {
    const { differences } = result(experiment({ one: small, other: small }, 20, 'crashes'))
    for (const { onlyOne, onlyOther } of differences.flatMap(({ by }) => Object.values(by)))
      expect([onlyOne, onlyOther]).toEqual([0, 0])
  })

  it('declares no winner when nothing went wrong', () => {
    const compared = experiment({ one: small, other: small.replace('members: 2', 'members: 3') }, 20)
    const calm = result(compared)
    expect(calm.anythingBroke).toBe(false)
    expect(conclusions(calm)).toEqual([expect.stringContaining('do not say which is better')])
    expect(decisionRecord(compared, calm, 'again', [])).toContain('do not say which is better')
    expect(cautions(calm.designs, 20)).toContain('all designs: no fault struck in any run.')
  })

  it('says what really struck, what was never seen and what had nothing to judge', () => {
    const { designs } = result(experiment({ one: small.replace('effect: billed', 'effect: none') }, 12, 'crashes'))
    const [one = emptyTally] = designs
    expect(Object.keys(one.struck)).toContain('crash')
    expect(one.struck['crash']?.runs).toBeGreaterThan(6)
    expect(one.undecided).not.toHaveProperty('no-loss/delivery')
    expect(cautions([one], 12)[0]).toMatch(/struck by crash in \d+ runs/)
  })

  it('says it of many designs in a line each', () => {
    const calm = { ...emptyTally, name: 'calm' }
    const struck = { crash: { runs: 2, times: 3 } }
    const rough = {
      ...calm,
      name: 'rough',
      struck,
      missed: 1,
      neverSeen: ['a', 'b'],
      undecided: { 'no-loss/effect': 4 },
    }
    expect(briefCautions([calm, rough], 12)).toEqual([
      'calm: no fault struck in any run.',
      'rough: 1 kind of faults struck, 1 fault never struck, something could not be judged in 4 of 12 runs, 2 kinds of facts never seen.',
    ])
  })
})

const emptyTally: DesignTally = {
  name: '',
  rates: {},
  undecided: {},
  struck: {},
  missed: 0,
  neverSeen: [],
  effectLatency: undefined,
  swept: [],
  counterparts: [],
  withoutCounterpart: {},
  recovery: undefined,
  duplicatesPerThousand: { deliveries: 0, effects: 0 },
  cost: { roundTrips: 0, packets: 0, fsyncs: 0, copies: 0, storeWrites: 0, stalledSeconds: undefined },
  calibrated: false,
}

describe('faults for designs that differ', () => {
  const nodes = [
    { name: 'queue', part: 'broker' },
    { name: 'shop', part: 'producer' },
    { name: 'billing-1', part: 'consumer' },
  ] as const
  const others = [
    { name: 'events-1', part: 'broker' },
    { name: 'events-2', part: 'broker' },
    { name: 'store', part: 'producer' },
    { name: 'invoicing', part: 'consumer' },
  ] as const

  const targets = neutralTargetsOf([nodes, others])
  const drawn = drawNeutralFaults('crashes', 's', targets, 60_000_000)

  it('strike the n-th of a kind alike, whatever it is called and whoever else is there', () => {
    const [one, other] = [nodes, others].map((some) => givenTo(counterpartsOf(some), drawn).faults)
    const on = (faults: typeof drawn = [], name: string) =>
      faults
        .filter(({ targets: struck }) => struck.flat().includes(name))
        .map(({ targets: _targets, ...fault }) => fault)
    expect(on(one, 'queue').length).toBeGreaterThan(1)
    expect(on(other, 'events-1')).toEqual(on(one, 'queue'))
    expect(on(other, 'invoicing')).toEqual(on(one, 'billing-1'))
    expect(on(other, 'events-2').length).toBeGreaterThan(1)
  })

  it('leave out of a design what it has nobody for, and say so', () => {
    const { faults, without } = givenTo(counterpartsOf(nodes), drawn)
    expect(faults.length + without.length).toBe(drawn.length)
    expect([...new Set(without)].sort()).toEqual(
      [...new Set(drawn.filter(({ targets: struck }) => struck.flat().includes('broker 2')))]
        .map(({ action }) => `${action} of broker 2`)
        .filter((what, place, all) => all.indexOf(what) === place)
        .sort(),
    )
    expect(givenTo(counterpartsOf(others), drawn).without).toEqual([])
  })
})
