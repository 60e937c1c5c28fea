import type { Failure } from '../../../exploration/failure.ts'
import type { Run } from '../../../run.ts'
import type { Scenario } from '../../../scenario/scenario.ts'
import { brokenIn } from '../broken.ts'
import { CheckError } from '../check-error.ts'
import type { ReadCheck } from '../read-check.ts'
import type { CheckScenario } from '../check-scenario.ts'
import { scenarioOfCheck } from '../scenario-of-check.ts'
import type { KeptCase } from './case-file.ts'
import { messagesToday } from './keep.ts'

/** What a kept case shows today. `stale`: it does not come to what it was kept for, so it proves nothing. */
export type Replayed =
  | { readonly state: 'red'; readonly scenario: Scenario; readonly run: Run; readonly failure: Failure }
  | { readonly state: 'green'; readonly run: Run }
  | { readonly state: 'stale'; readonly reason: string }

/** Makes a kept run again, with the check as it is today. */
export async function replay(
  kept: KeptCase,
  check: ReadCheck,
  today: CheckScenario,
  folder: string,
  asked: readonly string[],
  run: (scenario: Scenario) => Promise<Run>,
): Promise<Replayed> {
  const messages = messagesToday(kept, today.messages, check.operation)
  if (typeof messages === 'string') return { state: 'stale', reason: messages }
  const scenario = scenarioOf({ ...check, ...kept, name: check.name, messages }, folder)
  if (typeof scenario === 'string') return { state: 'stale', reason: scenario }
  const again = await run(scenario)
  const [failure] = brokenIn(again, asked)
  if (failure !== undefined) return { state: 'red', scenario, run: again, failure }
  const missed = again.faults.find(({ state }) => state === 'missed' || state === 'waiting')
  if (missed === undefined) return { state: 'green', run: again }
  const { action, strikes } = missed.fault
  const moment =
    'when' in strikes ? ` at ${strikes.when.fact} of ${String(strikes.when.values['message'] ?? 'anything')}` : ''
  return { state: 'stale', reason: `its ${action}${moment} did not strike, since that moment is no longer reached` }
}

function scenarioOf(check: ReadCheck, folder: string): Scenario | string {
  try {
    const { scenario, schedule } = scenarioOfCheck(check, folder)
    return { ...scenario, faults: schedule }
  } catch (error) {
    if (error instanceof CheckError) return error.problems.join('; ')
    throw error
  }
}
