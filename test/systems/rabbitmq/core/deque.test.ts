import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Deque } from '../../../../src/systems/rabbitmq/core/deque.ts'

interface Operation {
  readonly kind: 'push' | 'shift' | 'clear' | 'insert'
  /** For an insertion. */
  readonly place: number
}

const operations: fc.Arbitrary<Operation> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Operation>({ kind: 'push', place: 0 }) },
  { weight: 4, arbitrary: fc.constant<Operation>({ kind: 'shift', place: 0 }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('insert' as const), place: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.constant<Operation>({ kind: 'clear', place: 0 }) },
)

describe('a deque', () => {
  it('is an array with cheaper ends', () => {
    fc.assert(
      fc.property(fc.array(operations, { maxLength: 200, size: 'max' }), (list) => {
        const [deque, array] = [new Deque<number>(), new Array<number>()]
        list.forEach((operation, value) => {
          expect(apply(deque, array, operation, value)).toBe(true)
          expect([deque.length, [...deque], deque.at(0)]).toEqual([array.length, array, array[0]])
        })
      }),
      { numRuns: 200, seed: 1 },
    )
  })
})

function apply(deque: Deque<number>, array: number[], operation: Operation, value: number): boolean {
  if (operation.kind === 'shift') return deque.shift() === array.shift()
  if (operation.kind === 'push') {
    deque.push(value)
    array.push(value)
  } else if (operation.kind === 'clear') {
    deque.clear()
    array.length = 0
  } else {
    const place = Math.min(operation.place, array.length)
    deque.insert(place, value)
    array.splice(place, 0, value)
  }
  return true
}
