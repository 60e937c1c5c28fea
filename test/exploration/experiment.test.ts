import { describe, expect, it } from 'vitest'
import { experimentOf, observe, type Experiment } from '../../src/exploration/statistics/experiment.ts'
import { decisionRecord } from '../../src/exploration/statistics/decision-record.ts'
import {
  counterpartsOf,
  drawNeutralFaults,
  givenTo,
  neutralTargetsOf,
} from '../../src/exploration/statistics/neutral-faults.ts'
import { tally, type DesignTally } from '../../src/exploration/statistics/tally.ts'
import { cautions, conclusions } from '../../src/exploration/statistics/verdicts.ts'
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

describe('an experiment', () => {
  it('estimates the rate of a planted bug within its bounds', () => {
    const { designs } = result(experiment({ a: planted(30), b: planted(5) }, 250))
    const [a, b] = designs.map(({ rates }) => rates['no-loss/effect'])
    expect(a?.low).toBeLessThan(0.3)
    expect(a?.high).toBeGreaterThan(0.3)
    expect(b?.low).toBeLessThan(0.05)
    expect(b?.high).toBeGreaterThan(0.05)
    expect((a?.high ?? 1) - (a?.low ?? 0)).toBeLessThan(0.15)
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
    expect(decisionRecord(compared, calm, 'again')).toContain('do not say which is better')
    expect(cautions(calm.designs[0] ?? emptyTally, 20)).toContain('one: no fault struck in any run.')
  })

  it('says what really struck, what was never seen and what had nothing to judge', () => {
    const { designs } = result(experiment({ one: small.replace('effect: billed', 'effect: none') }, 12, 'crashes'))
    const [one = emptyTally] = designs
    expect(Object.keys(one.struck)).toContain('crash')
    expect(one.struck['crash']?.runs).toBeGreaterThan(6)
    expect(one.undecided).not.toHaveProperty('no-loss/delivery')
    expect(cautions(one, 12)[0]).toMatch(/struck by crash in \d+ runs/)
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
