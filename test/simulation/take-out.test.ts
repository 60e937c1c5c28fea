import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { takeOut } from '../../src/simulation/take-out.ts'

it('takes one item out and leaves the others in their order, as splice does', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5)), fc.nat(5), (items, item) => {
      const spliced = [...items]
      const place = spliced.lastIndexOf(item)
      if (place >= 0) spliced.splice(place, 1)
      takeOut(items, item)
      expect(items).toEqual(spliced)
    }),
  )
})
