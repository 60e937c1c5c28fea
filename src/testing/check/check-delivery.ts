import type { DeliveryCheck, FixtureMessage } from './check.ts'
import { CheckError } from './check-error.ts'
import { exploreCheck } from './explore-check.ts'
import { Keeping } from './kept/keeping.ts'
import { readCheck } from './read-check.ts'
import { WrongCheck } from '../wrong-check.ts'
import type { CheckResult } from './result.ts'
import { resultAt } from './result.ts'
import { scenarioOfCheck } from './scenario-of-check.ts'
import { resultText } from './result-text.ts'
import { thrownAt, userPlace } from './user-place.ts'

/**
 * Runs code under test against a simulated system that breaks in many ways, and tells whether what must hold does: `ok`, or the smallest run
 * that shows otherwise. The same check gives the same result, to the last event.
 *
 * @throws CheckError when the check itself is wrong, with everything that is wrong with it, at the line of the call.
 */
export async function checkDelivery<M extends FixtureMessage>(check: DeliveryCheck<M>): Promise<CheckResult> {
  // Before anything is awaited: later the user's frames are gone.
  const place = userPlace()
  let name = ''
  try {
    const read = readCheck(check, process.env)
    name = read.name
    const keeping = new Keeping(read, place.file, process.env)
    const found = await exploreCheck(read, scenarioOfCheck(read, keeping.testFolder), keeping)
    return resultAt(place, { ...found, text: resultText(found) })
  } catch (error) {
    const wrong = error instanceof WrongCheck ? new CheckError(name, [error.message]) : error
    throw wrong instanceof CheckError ? thrownAt(wrong, place) : wrong
  }
}
