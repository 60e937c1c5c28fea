import { describe, expect, it } from 'vitest'
import { attemptOf } from '../../src/exploration/attempt.ts'
import { anything, failuresOf } from '../../src/exploration/failure.ts'
import { searchSpaceOf } from '../../src/exploration/search-space.ts'
import { shrink, type Counterexample } from '../../src/exploration/shrink/shrink.ts'
import { breaks } from '../../src/exploration/shrink/target.ts'
import { run } from '../../src/run.ts'
import { leftOver } from './left-over.ts'
import { scenarioOf, small } from './small-scenario.ts'

const space = searchSpaceOf(scenarioOf(small), { wanted: anything, seed: 'shrink', nemesis: undefined })

/** A few failing runs as a search draws them, shrunk. */
const shrunk: readonly Counterexample[] = Array.from({ length: 14 }, (_, index) => {
  const { scenario } = attemptOf(space, index)
  const [failure] = failuresOf(run(scenario), anything)
  return failure && shrink(scenario, { ...failure, symptom: undefined })
}).flatMap((one) => one ?? [])

function targetOf({ service, guarantee, level }: Counterexample) {
  return { service, guarantee, level, symptom: undefined }
}

describe('a shrunk case', () => {
  it('is there for enough failing runs to say something', () => {
    expect(shrunk.length).toBeGreaterThanOrEqual(5)
  })

  it('still breaks the guarantee when it is read back from its file, and every fault of it strikes', () => {
    for (const one of shrunk) {
      const outcome = run(scenarioOf(one.text))
      expect(breaks(outcome, targetOf(one))).toBe(true)
      expect(outcome.conclusion).toBe('not-as-expected')
      expect(outcome.faults.filter(({ state }) => state === 'missed' || state === 'waiting')).toEqual([])
    }
  })

  it('has no fault without which it would break as well, and no message more than it needs', () => {
    for (const one of shrunk) {
      expect(leftOver(one)).toEqual([])
      expect(one.everyFaultIsNeeded).toBe(true)
    }
  })

  it('is no bigger than what it was made from, and a page at most', () => {
    for (const { before, after, text } of shrunk) {
      expect(after.faults).toBeLessThanOrEqual(before.faults)
      expect(after.messages).toBeLessThanOrEqual(before.messages)
      expect(text.split('\n').length).toBeLessThan(60)
    }
  })

  it('waits for facts rather than for times, wherever one will do', () => {
    const strikes = shrunk.flatMap(({ text }) => scenarioOf(text).faults.map((fault) => fault.strikes))
    expect(strikes.filter((strike) => 'when' in strike).length).toBeGreaterThan(strikes.length / 2)
  })

  it('is the same each time', () => {
    const { scenario } = attemptOf(space, 1)
    const [failure] = failuresOf(run(scenario), anything)
    if (failure === undefined) return
    const target = { ...failure, symptom: undefined }
    expect(shrink(scenario, target)).toEqual(shrink(scenario, target))
  })

  it('keeps the options of what it was made from: what breaks under others says nothing about these', () => {
    for (const { text } of shrunk) expect(text).toContain('visibility-timeout: 2s')
  })
})

describe('a scenario that does not break', () => {
  it('is not shrunk', () => {
    const target = { service: 'billing', guarantee: 'no-loss', level: 'effect', symptom: undefined } as const
    expect(() => shrink(scenarioOf(small), target)).toThrow('does not break no-loss')
  })
})

describe('a case that hangs on what fewer messages shift', () => {
  const target = { service: 'billing', guarantee: 'no-duplicates', level: 'effect', symptom: undefined } as const
  const shop = 'shop: { sends: { to: queue/orders, messages: 50, rate: 100/s } }'
  const billing =
    'billing: { receives: { from: queue/orders }, handling: { takes: 5ms, store: ledger, effect: billed } }'
  const broken = scenarioOf(`
seed: tutorial-2/30
systems: { queue: { memory: { queues: { orders: { visibility-timeout: 30s } } } } }
stores: { ledger: { ledger: {} } }
services: { ${shop}, ${billing} }
faults: [{ when: { fact: acknowledged, message: order-30 }, lossy-link: [billing, ledger], loss: 36%, for: 3.9s }]
`)

  it('shows with one plain fault and few messages what it showed with draws of a link', () => {
    expect(breaks(run(broken), target)).toBe(true)
    const { after, text } = shrink(broken, target)
    expect(after).toMatchObject({ faults: 1, messages: 1 })
    expect(text).not.toContain('lossy-link')
  })
})

describe('a case that takes many messages', () => {
  const refusing = scenarioOf(`
seed: rabbit-overtaken/0
systems: { rabbit: { rabbitmq: { queues: { statuses: { x-max-length: 10, x-overflow: reject-publish } } } } }
services:
  shop:
    sends: { to: rabbit/statuses, name: status, messages: 30, keys: 1 }
    producer: { confirms: true, delivery_mode: 2, republish: 100 }
  tracking: { receives: rabbit/statuses, consumer: { prefetch: 1 }, handling: { takes: 2ms, effect: shown } }
faults: [{ when: { fact: copy-stored, message: status-0 }, crash: rabbit-1, for: 1ms }]
`)
  const behindADisk = scenarioOf(`
seed: rabbit-out-of-order/64
systems: { rabbit: { rabbitmq: { disk: hdd, queues: { orders: {} } } } }
services:
  shop:
    sends: { to: rabbit/orders, messages: 45, rate: 1000/s }
    producer: { confirms: true, delivery_mode: 2 }
  billing: { receives: rabbit/orders, consumer: { prefetch: 1 }, handling: { effect: billed } }
faults:
  - { when: { fact: handed-out, message: order-44 }, power-loss: rabbit-1, for: 1ms }
  - { when: { fact: copy-ended, message: order-37 }, corrupt-tail: rabbit-1, for: 1ms }
`)

  it('is struck elsewhere, where that takes fewer', () => {
    const target = { service: 'tracking', guarantee: 'ordered-per-key', level: 'effect', symptom: undefined } as const
    expect(breaks(run(refusing), target)).toBe(true)
    const { after, text } = shrink(refusing, target)
    expect(after).toMatchObject({ faults: 1, messages: 2 })
    expect(text).not.toContain('crash: rabbit-1')
  })

  it('has a few that come at once and take long, where work has to pile up', () => {
    const target = { service: 'billing', guarantee: 'no-loss', level: 'effect', symptom: undefined } as const
    expect(breaks(run(behindADisk), target)).toBe(true)
    const { after, everyFaultIsNeeded } = shrink(behindADisk, target)
    expect(after.messages).toBeLessThanOrEqual(10)
    expect(everyFaultIsNeeded).toBe(true)
  })
})
