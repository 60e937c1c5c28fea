import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brokenIn, negativeControls } from './negative-controls.ts'

const controls = negativeControls.map((control) => [control.statement, control] as const)

describe('whatever the options of the safe region and the faults that the promise assumes', () => {
  it.each(controls)(
    '%s',
    (_, control) => {
      fc.assert(
        fc.property(control.scenarios, (document) => {
          expect(brokenIn(control, document)).toEqual([])
        }),
        { numRuns: 25 },
      )
    },
    60_000,
  )
})

describe('beyond the safe region it is seen to break:', () => {
  it.each(controls)(
    '%s',
    (_, control) => {
      const kept = fc.property(control.beyond, (document) => brokenIn(control, document).length === 0)
      expect(fc.check(kept, { numRuns: 100, endOnFailure: true }).failed).toBe(true)
    },
    60_000,
  )
})
