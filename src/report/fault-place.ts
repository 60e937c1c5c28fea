import type { AnyFact } from '../history/fact.ts'
import { faultStruck } from '../history/facts.ts'
import type { JudgedFault } from '../run.ts'
import { counted } from './quantities.ts'

type Strikes = JudgedFault['fault']['strikes']

/** Where in the step of its fact a fault struck: `after the step of effect-applied`; empty for one that struck at a time. */
export function faultPlace(strikes: Strikes): string {
  if ('at' in strikes) return ''
  const { cut, when } = strikes
  const step = `the step of ${when.fact}`
  if (typeof cut === 'object') return `in ${step}, after ${counted(cut.afterSends, 'send')}`
  switch (cut) {
    case 'before':
      return `before ${step}`
    case 'after-state':
      return `in ${step}, before anything was sent`
    case 'after-step':
      return `after ${step}`
  }
}

/** The same for a fact that says that a fault struck; empty for any other. */
export function placeStruck(fact: AnyFact | undefined, faults: readonly JudgedFault[]): string {
  if (fact?.kind !== faultStruck.name) return ''
  const fault = faults[Number(fact['fault'])]?.fault
  return fault === undefined ? '' : faultPlace(fault.strikes)
}
