import * as fc from 'fast-check'
import type { Fault } from '../../src/simulation/fault.ts'
import type { Micros } from '../../src/simulation/duration.ts'
import { millisecond, second } from '../../src/simulation/duration.ts'
import { fault } from './small-world.ts'

/** Faults that end within `lasts` µs, of any kind, on any of the nodes. */
export function anyFaults(nodes: readonly string[], lasts: Micros): fc.Arbitrary<readonly Fault[]> {
  return fc.array(anyFault(nodes, lasts), { maxLength: 8 })
}

function anyFault(nodes: readonly string[], lasts: Micros): fc.Arbitrary<Fault> {
  const at = fc.integer({ min: 0, max: lasts / 2 })
  const duration = fc.oneof(fc.integer({ min: 0, max: 5 * millisecond }), fc.integer({ min: 0, max: lasts / 2 }))
  const node = fc.constantFrom(...nodes)
  const one = (action: fc.Arbitrary<string>, parameters: Fault['parameters'] = {}): fc.Arbitrary<Fault> =>
    fc
      .tuple(action, node, at, duration)
      .map(([name, target, when, long]) => fault(name, target, when, long, parameters))
  const two = (action: string, parameters: Fault['parameters']): fc.Arbitrary<Fault> =>
    fc
      .tuple(fc.shuffledSubarray([...nodes], { minLength: 2, maxLength: 2 }), at, duration)
      .map(([pair, when, long]) => fault(action, pair.join(' | '), when, long, parameters))
  return fc.oneof(
    one(fc.constantFrom('crash', 'pause', 'power-loss', 'isolate', 'full-disk', 'broken-disk')),
    one(fc.constant('power-loss'), { torn: true }),
    one(fc.constant('restart'), { grace: second }),
    one(fc.constantFrom('slow', 'slow-disk'), { factor: 20 }),
    two('partition', { 'one-way': true }),
    two('partition', {}),
    two('lossy-link', { loss: 0.4 }),
    two('slow-link', { factor: 30, delay: 7 * millisecond }),
    two('reset-connections', {}),
  )
}

/** Where in a run a fault strikes, by the number of a note of the test's program. */
export const anyCut = fc.oneof(
  fc.constantFrom('before' as const, 'after-state' as const, 'after-step' as const),
  fc.nat(3),
)
