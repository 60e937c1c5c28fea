import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { SteadyList } from '../../../../src/systems/kafka/server/steady-list.ts'

it('is what was added, the same array where that is the same, and never changes what it gave before', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.nat(3), { maxLength: 4 }), { maxLength: 8 }), (rounds) => {
      const list = new SteadyList<number>()
      const first = list.end()
      const given: (readonly number[])[] = []
      for (const [round, items] of rounds.entries()) {
        list.begin()
        for (const item of items) list.add(item)
        given.push(list.end())
        expect(given).toEqual(rounds.slice(0, round + 1))
        const isSame = JSON.stringify(rounds[round - 1] ?? []) === JSON.stringify(items)
        expect(given[round] === (given[round - 1] ?? first)).toBe(isSame)
      }
    }),
  )
})
