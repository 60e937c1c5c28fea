import type { Failure } from '../../exploration/failure.ts'
import { DeliveryError } from './check-error.ts'
import type { Exercised } from './exercised.ts'
import type { UserPlace } from './user-place.ts'
import { thrownAt } from './user-place.ts'

/** Something that does not hold, with the smallest run that shows it. */
export interface CheckFailure {
  /** A guarantee, the name of an invariant, or what the code did that no run can go on with. */
  readonly guarantee: string
  readonly level: Failure['level']
  /** Guarantee and cause, as kinds. */
  readonly kind: string
  readonly sentence: string
  /** Which run of the check showed it first, from 1; a kept case is the first. */
  readonly foundInRun: number
  /** How many faults the smallest run has, and messages. */
  readonly faults: number
  readonly messages: number
  /** Everything that is told of it. */
  readonly text: string
  /** The saved case. */
  readonly file: string | undefined
}

/** What a check came to. */
export interface CheckResult {
  /** Everything that was asked holds, and something was exercised. */
  readonly ok: boolean
  /** Nothing failed, but nothing was shown either: no fault got in the way of a message, or something could not be judged. */
  readonly undecided: boolean
  readonly name: string
  readonly seed: string
  readonly runs: number
  /** How many kept cases hold by now. */
  readonly keptHeld: number
  readonly exercised: Exercised
  readonly failures: readonly CheckFailure[]
  /** What the code did in some run that is no failure by itself: errors that nobody caught, promises that it left behind. A sentence each. */
  readonly remarks: readonly string[]
  /** All of it, for people. */
  readonly text: string
  /** Throws a {@link DeliveryError} at the line that called `checkDelivery`, unless the check is ok. */
  assertHolds(): void
}

/** A result that throws at the user's line. */
export function resultAt(place: UserPlace, result: Omit<CheckResult, 'assertHolds'>): CheckResult {
  return {
    ...result,
    assertHolds: () => {
      if (!result.ok) throw thrownAt(new DeliveryError(result.text), place)
    },
  }
}
