import type { Scenario } from '../../scenario/scenario.ts'
import { messageCount } from './less-work.ts'

/** What a person can take in. */
const fewFaults = 3
const fewMessages = 10

/** Whether a case is larger than a person can take in; one that is not is left as it came about. */
export function isLarge(current: Scenario): boolean {
  return current.faults.length > fewFaults || messageCount(current) > fewMessages
}
