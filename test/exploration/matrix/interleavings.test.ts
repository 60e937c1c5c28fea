import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { interleavings } from '../../../src/exploration/matrix/interleavings.ts'

const size = fc.integer({ min: 1, max: 5 })

describe('interleavings of two members', () => {
  it('are all different, and each has all operations of both', () => {
    fc.assert(
      fc.property(size, size, (first, second) => {
        const orders = [...interleavings(first, second)].map((order) => order.join(''))
        expect(new Set(orders).size).toBe(orders.length)
        for (const order of orders) {
          expect(order.replaceAll('2', '')).toHaveLength(first)
          expect(order.replaceAll('1', '')).toHaveLength(second)
        }
      }),
    )
  })

  it('are those of all orders that begin with member 1', () => {
    fc.assert(
      fc.property(size, size, (first, second) => {
        const words = Array.from({ length: 2 ** (first + second) }, (_, number) =>
          number
            .toString(2)
            .padStart(first + second, '0')
            .replaceAll('1', '2')
            .replaceAll('0', '1'),
        )
        const wanted = words.filter((word) => word.startsWith('1') && word.replaceAll('2', '').length === first)
        expect([...interleavings(first, second)].map((order) => order.join('')).sort()).toEqual(wanted.sort())
      }),
    )
  })
})
