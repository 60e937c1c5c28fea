import { withFaultAt } from '../../exploration/shrink/fewer-faults.ts'
import type { Pass } from '../../exploration/shrink/shrinking.ts'
import type { Fault } from '../../simulation/fault.ts'

/** Of operations with the same name in the handling of a message, so many are tried. */
const ordinals = [1, 2, 3]

/**
 * Faults at a step of the handling strike at the n-th operation of that name instead: a case that is kept must find its moment again when the code
 * was mended, which may begin a transaction before it.
 */
export const sturdierMoments: Pass = function* (current) {
  for (const [place, fault] of current.faults.entries())
    for (const sturdier of byNameOf(fault)) yield withFaultAt(current, place, sturdier)
}

function byNameOf(fault: Fault): readonly Fault[] {
  const { strikes } = fault
  if (!('when' in strikes) || !('step' in strikes.when.values)) return []
  const values = Object.fromEntries(Object.entries(strikes.when.values).filter(([name]) => name !== 'step'))
  return ordinals.map((nth) => ({ ...fault, strikes: { ...strikes, when: { ...strikes.when, values, nth } } }))
}
