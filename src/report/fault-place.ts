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

/** The same for a fact that says that a fault struck, behind who is on which side where that is not plain; empty for any other. */
export function placeStruck(fact: AnyFact | undefined, faults: readonly JudgedFault[]): string {
  if (fact?.kind !== faultStruck.name) return ''
  const fault = faults[Number(fact['fault'])]?.fault
  return fault === undefined ? '' : [sidesOf(fault), faultPlace(fault.strikes)].filter((text) => text !== '').join(', ')
}

/** `with the sides shop, leader(events/orders/0) | billing`: whom the schedule has on each side of it, as a fact that names them all does not say. */
function sidesOf({ targets }: JudgedFault['fault']): string {
  const isPlain = targets.length < 2 || targets.flat().length < 3
  return isPlain ? '' : `with the sides ${groupsText(targets)}`
}

/** Targets as a person reads them, what is on the same side with commas. */
export function groupsText(targets: JudgedFault['fault']['targets']): string {
  return targets.map((group) => group.join(', ')).join(' | ')
}
