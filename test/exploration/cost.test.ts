import { describe, expect, it } from 'vitest'
import { calmRunOf, isCalibrated } from '../../src/exploration/statistics/cost.ts'
import { frontiersOf } from '../../src/exploration/statistics/frontier.ts'
import { proportion } from '../../src/exploration/statistics/proportion.ts'
import { Recovery } from '../../src/exploration/statistics/recovery.ts'
import type { DesignTally } from '../../src/exploration/statistics/tally.ts'
import { follow } from '../../src/history/fold.ts'
import { run } from '../../src/run.ts'
import { scenarioOf, small } from './small-scenario.ts'

describe('what a design costs', () => {
  const { cost, effectLatency } = calmRunOf(scenarioOf(small))

  it('is counted for each message in a run in which nothing breaks', () => {
    // Sent and confirmed, handed out, billed, acknowledged: the ways that every message takes at least.
    expect(cost.roundTrips).toBeGreaterThan(2)
    expect(cost.roundTrips).toBeLessThanOrEqual(cost.packets / 2 + 1)
    expect(cost.copies).toBe(1)
    expect(cost.storeWrites).toBe(1)
    expect(cost.fsyncs).toBeGreaterThanOrEqual(1)
    expect(effectLatency).toBeGreaterThan(2000)
  })

  it('does not depend on the faults of the scenario', () => {
    const crash = '\nfaults: [{ at: 20ms, crash: billing-1, for: 1s }]\n'
    expect(calmRunOf(scenarioOf(small + crash)).cost).toEqual(cost)
  })

  it('grows with what is asked for: each replica is a copy', () => {
    const kafka = (replicas: number) => `
systems: { events: { kafka: { brokers: 3, topics: { orders: { partitions: 1, replication.factor: ${replicas} } } } } }
services:
  shop: { sends: { to: events/orders, messages: 20, rate: 100/s } }
  billing: { receives: { from: events/orders } }
`
    const [one, three] = [1, 3].map((replicas) => calmRunOf(scenarioOf(kafka(replicas))).cost)
    // What the group commits is replicated as well.
    expect((three?.copies ?? 0) - (one?.copies ?? 0)).toBeCloseTo(2, 5)
    expect(one?.copies).toBeCloseTo(1, 0)
    expect(three?.packets).toBeGreaterThan(one?.packets ?? Infinity)
  })

  it('has times that mean something where latencies were measured', () => {
    const measured = `${small}network: { quantiles: { min: 90us, p50: 150us, p99: 1ms, max: 5ms } }\n`
    expect([isCalibrated(scenarioOf(small)), isCalibrated(scenarioOf(measured))]).toEqual([false, true])
  })
})

describe('recovery', () => {
  const recoveryOf = (faults: string) => {
    const recovery = new Recovery()
    run(scenarioOf(small + faults), { watch: ({ world }) => follow(world.history, [recovery]) })
    return recovery.finish()
  }

  it('is nothing where no fault struck', () => {
    expect(recoveryOf('')).toBeUndefined()
  })

  it('lasts from the end of the last fault until all is handled that was sent before', () => {
    // What billing-1 had in hand is handed out again two seconds after it was: one second after the end of the crash.
    const crash = recoveryOf(
      '\nfaults: [{ when: { fact: delivered, message: order-4 }, crash: handler(order-4), for: 1s }]\n',
    )
    expect(crash).toBeGreaterThan(800_000)
    expect(crash).toBeLessThan(1_100_000)
    expect(recoveryOf('\nfaults: [{ at: 5s, crash: billing-1, for: 1s }]\n')).toBe(0)
  })
})

describe('the frontier of guarantee against cost', () => {
  const design = (name: string, broken: number, copies: number): DesignTally => ({
    name,
    rates: { 'no-loss/effect': { ...proportion(broken, 100), plainest: undefined } },
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
    cost: { roundTrips: 1, packets: 2, fsyncs: 0, copies, storeWrites: 1, stalledSeconds: undefined },
    calibrated: false,
  })

  it('leaves out designs that another one betters, and costs in which none differ', () => {
    const [copies, ...others] = frontiersOf([design('cheap', 20, 1), design('wasteful', 20, 3), design('safe', 0, 3)])
    expect(others).toEqual([])
    expect(copies).toMatchObject({ guarantee: 'no-loss/effect', cost: 'copies' })
    expect(copies?.points.map(({ name, onFrontier }) => [name, onFrontier])).toEqual([
      ['cheap', true],
      ['safe', true],
      ['wasteful', false],
    ])
  })

  it('is not there where nothing broke', () => {
    expect(frontiersOf([design('one', 0, 1), design('other', 0, 3)])).toEqual([])
  })
})
