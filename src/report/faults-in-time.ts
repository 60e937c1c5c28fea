import type { Witness } from '../checks/check.ts'
import type { AnyFact } from '../history/fact.ts'
import { copyEnded, delivered, effectApplied, faultEnded, faultStruck } from '../history/facts.ts'
import type { History } from '../history/history.ts'
import type { Trails } from './trails.ts'

/**
 * The last fact that can have to do with it. What came twice, or after another, was wrong when it came: whatever struck later is not its
 * cause. What never came may have been lost at any time.
 */
export function endOf({ evidence }: Witness): number {
  const arrivals = evidence.filter(({ kind }) => kind === delivered.name || kind === effectApplied.name)
  return arrivals.length > 1 ? Math.max(...arrivals.map(({ index }) => index)) : Infinity
}

/** The last fault that struck somebody who had been handed the message, between its first arrival and another. */
export function struckBetween(
  trail: readonly AnyFact[],
  witness: Witness,
  { interruptions }: Trails,
): AnyFact | undefined {
  const end = endOf(witness)
  const handed = (by: AnyFact): boolean =>
    trail.some(({ kind, node, index }) => kind === delivered.name && node === by.node && index < by.index)
  return end === Infinity ? undefined : interruptions.findLast((fact) => fact.index <= end && handed(fact))
}

/** The last fault that held when the message came to be; where none did, the last to strike before the last that is known of it. */
export function heldMeanwhile(
  history: History,
  trail: readonly AnyFact[],
  { interruptions }: Pick<Trails, 'interruptions'>,
): AnyFact | undefined {
  const [first, last] = [trail[0]?.index ?? 0, trail.at(-1)?.index ?? 0]
  const holding = new Map<number, AnyFact>()
  const meanwhile: AnyFact[] = []
  for (let index = 0; history.kept && index < last; index++) {
    const earlier = history.at(index)
    if (earlier.kind === faultStruck.name) {
      if (index < first) holding.set(Number(earlier['fault']), earlier)
      else meanwhile.push(earlier)
    }
    if (earlier.kind === faultEnded.name && index < first) holding.delete(Number(earlier['fault']))
  }
  const [before] = [...holding.values()].toReversed()
  const struck = before ?? meanwhile.at(-1)
  return struck && nearestFault([struck], { interruptions })
}

/** Of a message that nobody but its sender knows, or that was given out and never came: the first fault to strike when it had left. */
export function struckOnTheWay(
  history: History,
  trail: readonly AnyFact[],
  { interruptions }: Pick<Trails, 'interruptions'>,
): AnyFact | undefined {
  const last = trail.at(-1)
  const isAlone = trail.every(({ node }) => node === last?.node)
  if (last === undefined || !(isAlone || wasGivenOut(history, trail))) return undefined
  for (let index = last.index + 1; history.kept && index < history.length; index++) {
    const later = history.at(index)
    if (later.kind === faultStruck.name) return nearestFault([later], { interruptions })
  }
  return undefined
}

/** Whether a system let go of it for a consumer that never got it. */
function wasGivenOut(history: History, trail: readonly AnyFact[]): boolean {
  const given = trail.some(
    (fact) => fact.kind === copyEnded.name && history.names.text(Number(fact['fate'])) === 'delivered',
  )
  return given && !trail.some(({ kind }) => kind === delivered.name)
}

/** The last fault to strike, told by what it did to a node where it did that. `behind` has the latest first. */
export function nearestFault(
  behind: readonly AnyFact[],
  { interruptions }: Pick<Trails, 'interruptions'>,
): AnyFact | undefined {
  const fault = behind.find(({ kind }) => kind === faultStruck.name)
  return fault && (interruptions.find(({ cause }) => cause === fault.index) ?? fault)
}
