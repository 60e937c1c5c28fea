import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fingerprint, firstDivergence } from '../../src/simulation/fingerprint.ts'

function printOf(events: readonly (readonly [number, number, number])[]): Fingerprint {
  const print = new Fingerprint()
  for (const [time, target, code] of events) print.event(time, target, code)
  return print
}

const anyEvent = fc.tuple(fc.integer({ min: 0, max: 2 ** 40 }), fc.integer({ min: -3, max: 1000 }), fc.nat(20))

describe('a fingerprint', () => {
  it('tells any one event from another at any place', () => {
    const someEvents = fc.array(anyEvent, { minLength: 1, maxLength: 50, size: 'max' })
    fc.assert(
      fc.property(someEvents, fc.nat(49), anyEvent, (events, place, other) => {
        const changed = events.with(place % events.length, other)
        const same = JSON.stringify(changed) === JSON.stringify(events)
        expect(printOf(changed).digest() === printOf(events).digest()).toBe(same)
      }),
    )
  })

  it('narrows the first difference down to the events between two checkpoints', () => {
    const events = Array.from({ length: 20_000 }, (_, place) => [place, place % 7, 1] as const)
    const { checkpoints } = printOf(events)
    expect(checkpoints.map((each) => each.events)).toEqual([4096, 8192, 12_288, 16_384])
    expect(firstDivergence(checkpoints, printOf(events).checkpoints)).toBeUndefined()
    const other = printOf(events.with(9000, [9001, 0, 1])).checkpoints
    expect(firstDivergence(checkpoints, other)).toEqual({ from: 8192, to: 12_288 })
    expect(firstDivergence(checkpoints.slice(0, 2), checkpoints)).toEqual({ from: 8192, to: 12_288 })
  })
})
