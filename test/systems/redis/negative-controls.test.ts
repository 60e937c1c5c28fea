import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { breaksOf, negativeControls } from './negative-controls.ts'

const controls = negativeControls.map((control) => [control.statement, control] as const)

describe('whatever the options of the safe region and the faults that the promise assumes', () => {
  it.each(controls)('%s', (_, control) => {
    fc.assert(
      fc.property(control.scenarios, (document) => {
        expect(breaksOf(control, document)).toEqual([])
      }),
      { numRuns: 5 },
    )
  })
})

describe('with a planted bug it is seen to break:', () => {
  it.each(controls)('%s', (_, control) => {
    const kept = fc.property(control.scenarios, (document) => breaksOf(control, document, control.canary).length === 0)
    expect(fc.check(kept, { numRuns: 30, endOnFailure: true }).failed).toBe(true)
  })
})
