import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { acknowledged, copyStored } from '../../src/history/facts.ts'
import { History } from '../../src/history/history.ts'
import type { World } from '../../src/simulation/world.ts'
import { soloWorld } from '../application/quiet-world.ts'

const small = fc.integer({ min: -300, max: 70_000 })
const groups = fc.array(
  fc.record({ place: fc.nat(3), facts: fc.array(fc.tuple(small, fc.nat(9)), { maxLength: 8 }) }),
  { maxLength: 5 },
)

type Group = typeof groups extends fc.Arbitrary<readonly (infer G)[]> ? G : never

/** A world that records the groups as soon as it starts: together, or one fact after another. */
function worldOf(drawn: readonly Group[], together: boolean, prepare: (world: World) => void = () => {}): World {
  const world = soloWorld((process) => {
    for (const { place, facts } of drawn) {
      const [copy, message] = [facts.map(([first]) => first), facts.map(([, second]) => second)]
      if (together) process.recordTogether(copyStored, facts.length, { copy, message, place })
      else for (const [each, of] of facts) process.record(copyStored, { copy: each, message: of, place })
      process.record(acknowledged, { message: 0, service: 0, attempt: 1 })
    }
    process.setTimer(5, () => process.record(acknowledged, { message: 1, service: 0, attempt: 1 }))
  })
  for (let text = 0; text < 10; text++) world.history.names.intern(`text ${text}`)
  prepare(world)
  world.begin()
  world.advance()
  return world
}

describe('facts that are recorded together', () => {
  it('are the same as one after another, whether somebody listens or not', () => {
    fc.assert(
      fc.property(groups, (drawn) => {
        const heard: number[] = []
        const listen = (world: World): void => world.listen('copy-stored', ({ index }) => void heard.push(index))
        for (const prepare of [undefined, listen]) {
          const [singly, together] = [worldOf(drawn, false, prepare), worldOf(drawn, true, prepare)]
          expect([...together.history]).toEqual([...singly.history])
          expect(together.engine.fingerprint.digest()).toBe(singly.engine.fingerprint.digest())
        }
        expect(heard).toHaveLength(2 * drawn.flatMap(({ facts }) => facts).length)
      }),
    )
  })

  it('have each its own digest', () => {
    const [one, other] = [new History(), new History()]
    const digests = one.recordTogether(copyStored, 7, 0, 2, { copy: [3, 4], message: 0, place: [0, 0] })
    const singly = [3, 4].map((copy) => {
      other.record(copyStored, 7, 0, { copy, message: 0, place: 0 })
      return other.lastDigest
    })
    expect(digests).toEqual(singly)
  })
})
