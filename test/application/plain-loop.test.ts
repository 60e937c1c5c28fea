import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runText } from './strategies/strategy-scenario.ts'

const systems = [
  'memory: { queues: { orders: { visibility-timeout: 2s, attempts: 5 } } }',
  'rabbitmq: { queues: { orders: {} } }',
  'kafka: { brokers: 1, topics: { orders: { partitions: 2, replication.factor: 1 } } }',
]

const handlings = fc.record({
  takes: fc.constantFrom('0', '300us', '20ms'),
  acknowledge: fc.constantFrom('after', 'never'),
  effect: fc.constantFrom('billed', 'none'),
})

const cases = fc.record({
  seed: fc.nat(),
  system: fc.constantFrom(...systems),
  nemesis: fc.constantFrom('calm', 'crashes', 'network', 'production-day'),
  members: fc.integer({ min: 1, max: 2 }),
  handling: handlings,
})

type Case = typeof cases extends fc.Arbitrary<infer C> ? C : never

function runOf({ seed, system, nemesis, members, handling }: Case, more: string) {
  const { takes, acknowledge, effect } = handling
  return runText(`title: Plain handling
seed: ${seed}
systems: { broker: { ${system} } }
services:
  shop: { sends: { to: broker/orders, messages: 25, rate: 200/s, keys: 3 } }
  billing:
    receives: broker/orders
    members: ${members}
    handling: { takes: ${takes}, acknowledge: ${acknowledge}, effect: ${effect}${more} }
nemesis: { profile: ${nemesis}, for: 5s }

`)
}

describe('the loop of plain handling', () => {
  it('does what the program does, to the last event', () => {
    fc.assert(
      fc.property(cases, (drawn) => {
        const plain = runOf(drawn, '')
        // Whoever knows some types looks at the type of each message, which is not plain.
        const programmed = runOf(drawn, ', knows: [order]')
        expect(programmed.fingerprint).toBe(plain.fingerprint)
        expect([...programmed.history]).toEqual([...plain.history])
      }),
      { numRuns: 40 },
    )
  })
})
