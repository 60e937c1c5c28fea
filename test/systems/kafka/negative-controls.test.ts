import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { breaksOf, negativeControls } from './negative-controls.ts'

const controls = Object.values(negativeControls).map((control) => [control.statement, control] as const)

describe('whatever the options of the safe region and the faults that the promise assumes', () => {
  it.each(controls)(
    '%s',
    (_, control) => {
      fc.assert(
        fc.property(control.scenarios, (document) => {
          expect(breaksOf(control, document)).toEqual([])
        }),
        { numRuns: 25 },
      )
    },
    120_000,
  )
})

describe('beyond the safe region it is seen to break:', () => {
  it.each(controls)(
    '%s',
    (_, control) => {
      const kept = fc.property(control.beyond, (document) => breaksOf(control, document).length === 0)
      expect(fc.check(kept, { numRuns: 300, endOnFailure: true }).failed).toBe(true)
    },
    120_000,
  )
})
