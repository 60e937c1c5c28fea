import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { IntColumn } from '../../src/history/int-column.ts'

const anyInt = fc.oneof(fc.integer({ min: -128, max: 127 }), fc.integer({ min: -32_768, max: 32_767 }), fc.integer())

describe('a column of whole numbers', () => {
  it('gives back what was pushed, whatever the order of small and large numbers', () => {
    fc.assert(
      fc.property(fc.array(anyInt, { maxLength: 500 }), (numbers) => {
        const column = new IntColumn()
        for (const number of numbers) column.push(number)
        expect(numbers.map((_, place) => column.at(place))).toEqual(numbers)
        expect([column.length, column.at(numbers.length)]).toEqual([numbers.length, 0])
      }),
    )
  })

  it('goes on over the ends of its chunks, each as wide as it needs to be', () => {
    const numbers = Array.from({ length: 200_000 }, (_, place) =>
      place % 70_001 === 70_000 ? -place * 9999 : -(place % 128),
    )
    const column = new IntColumn()
    for (const number of numbers) column.push(number)
    expect(numbers.findIndex((number, place) => column.at(place) !== number)).toBe(-1)
  })

  it('takes no fraction, no number of more than 32 bits and no number that is none', () => {
    for (const value of [0.5, 2 ** 31, -(2 ** 31) - 1, Number.NaN, Infinity]) {
      expect(() => new IntColumn().push(value)).toThrow('whole numbers of 32 bits')
    }
  })
})
