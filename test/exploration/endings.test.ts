import { describe, expect, it } from 'vitest'
import { loadScenarios } from '../../src/cli/load-scenarios.ts'
import { noOverlay } from '../../src/cli/overlay.ts'
import { attemptOf } from '../../src/exploration/attempt.ts'
import { anything } from '../../src/exploration/failure.ts'
import { searchSpaceOf } from '../../src/exploration/search-space.ts'
import { catalogue } from '../../src/pipeline/catalogue.ts'
import { run } from '../../src/run.ts'
import { parseScenario } from '../../src/scenario/parse-scenario.ts'
import type { Scenario } from '../../src/scenario/scenario.ts'
import { changesAfterTheEnd } from './lingering.ts'

/** Drawn runs that were once taken for over while something could still change, by what that was. */
const cases = {
  'messages on their way to a consumer that need not acknowledge them': ['01-delivery/at-most-once', 2],
  'effects on their way to a store, by somebody who is gone': ['01-delivery/exactly-once', 26],
  'a charge on its way': ['02-idempotency/the-card-is-charged-twice', 19],
  'an acknowledgement on its way when its connection breaks': ['02-idempotency/acknowledged-inside', 26],
  'deliveries in a socket that nobody has read yet': ['rabbitmq/consume-without-a-limit', 19],
  'questions that a client holds whose asker gave up': ['rabbitmq/rpc-direct-reply', 10],
  'publishes that nobody confirms': ['rabbitmq/publish-persistent-without-confirms', 9],
  'members of a group that are joining anew': ['kafka/group-revoked-with-work-in-hand', 19],
} as const

/** Others that were once given up while something was on its way. */
const givenUp = {
  'packets that are sent again after minutes': ['02-idempotency/one-end-for-all', undefined, 10],
  'work that takes a node minutes': ['02-idempotency/a-lock-service-that-forgets', 'a-counter-that-lasts', 8],
} as const

describe('a run is over only when nothing can change any more', () => {
  it.each(Object.entries(cases))('not with %s', (_what, [lesson, index]) => {
    expect(changesAfterTheEnd(drawnAround(lessonNamed(lesson), index))).toEqual([])
  })

  it.each(Object.entries(givenUp))('and nobody is stuck with %s', (_what, [lesson, variant, index]) => {
    expect(run(drawnAround(lessonNamed(lesson, variant), index)).ending).toBe('settled')
  })

  it.each(['kafka/broker-split-brain-of-an-isolated-leader', 'kafka/broker-unclean-leader'])(
    'not with replicas that have what will be cut off: %s',
    (lesson) => {
      expect(changesAfterTheEnd(lessonNamed(lesson))).toEqual([])
    },
  )
})

it('does not wait for what no link lets through', () => {
  const parsed = parseScenario(
    `
title: A link that lets nothing through
seed: stuck
systems:
  queue: { memory: { queues: { orders: {} } } }
services:
  shop: { sends: { to: queue/orders, messages: 20, rate: 10/s } }
  billing: { receives: { from: queue/orders }, handling: { takes: 1ms, effect: billed } }
faults:
  - { at: 1s, lossy-link: [billing, queue], loss: 100% }
settle: { heal: [] }
`,
    catalogue,
  )
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems))
  const { ending, simulatedMicros } = run(parsed.scenario)
  expect(ending).toBe('stuck')
  expect(simulatedMicros).toBeLessThan(60_000_000)
})

function drawnAround(scenario: Scenario, index: number): Scenario {
  const space = searchSpaceOf(scenario, { wanted: anything, seed: scenario.seed, nemesis: undefined })
  return attemptOf(space, index).scenario
}

function lessonNamed(name: string, variant?: string): Scenario {
  const [loaded] = loadScenarios([`scenarios/${name}.yaml`], { ...noOverlay, variant }, [])
  if (loaded === undefined) throw new Error(`There is no lesson ${name}.`)
  return loaded.scenario
}
