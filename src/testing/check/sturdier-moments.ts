import { withFaultAt } from '../../exploration/shrink/fewer-faults.ts'
import type { Pass } from '../../exploration/shrink/shrinking.ts'
import { acknowledged, delivered, effectApplied, effectSkipped } from '../../history/facts.ts'
import type { Anchor, Fault } from '../../simulation/fault.ts'

/** What happens in the handling of a message however it is written. */
const ofAnyCode = [acknowledged, effectApplied, delivered]

/** Of operations with the same name in the handling of a message, so many are tried. */
const ordinals = [1, 2, 3]

/**
 * A case that is kept must find its moment again when the code was mended, which may ask its stores something else before, and may never come to
 * what was done already. So faults at a step of the handling, or where a store skipped an effect, strike when the message is acknowledged, has its
 * effect or is delivered instead; or else, of a step, at the n-th operation of that name.
 */
export const sturdierMoments: Pass = function* (current) {
  for (const [place, fault] of current.faults.entries()) {
    const { strikes } = fault
    for (const when of sturdierThan(fault))
      if ('when' in strikes) yield withFaultAt(current, place, { ...fault, strikes: { ...strikes, when } })
  }
}

function sturdierThan({ strikes }: Fault): readonly Anchor[] {
  if (!('when' in strikes)) return []
  const { message } = strikes.when.values
  const values = Object.fromEntries(Object.entries(strikes.when.values).filter(([name]) => name !== 'step'))
  const ofCode = message === undefined ? [] : ofAnyCode.map(({ name }) => ({ fact: name, values: { message }, nth: 1 }))
  if (strikes.when.fact === effectSkipped.name) return ofCode
  if (!('step' in strikes.when.values)) return []
  return [...ofCode, ...ordinals.map((nth) => ({ ...strikes.when, values, nth }))]
}
