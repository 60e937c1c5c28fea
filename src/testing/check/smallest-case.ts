import { failuresOf, type Failure } from '../../exploration/failure.ts'
import { fewerFaults } from '../../exploration/shrink/fewer-faults.ts'
import { namedMoments } from '../../exploration/shrink/identity.ts'
import { fewerMembers, fewerMessages } from '../../exploration/shrink/less-work.ts'
import { Shrinking } from '../../exploration/shrink/shrinking.ts'
import { simplerFaults } from '../../exploration/shrink/simpler-values.ts'
import type { NeedsRuns } from '../../exploration/needs-runs.ts'
import type { Run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { targetOf } from './broken.ts'
import { sturdierMoments } from './sturdier-moments.ts'

/** How many runs making one case small may take. */
const budget = 250

/** A failing run of a check, as small as it gets. */
export interface SmallestCase {
  readonly scenario: Scenario
  readonly run: Run
  readonly failure: Failure
  /** Runs that it took. */
  readonly runs: number
}

/**
 * Makes a failing run small: fewer faults, messages and members, simpler faults at moments that have a name. Systems and options stay as the
 * check has them.
 */
export function* smallestCase(scenario: Scenario, run: Run, failure: Failure): NeedsRuns<SmallestCase> {
  const struck = run.faults.filter(({ state }) => state === 'over' || state === 'active').map(({ fault }) => fault)
  const shrinking = yield* Shrinking.begin({ ...scenario, faults: struck }, targetOf(failure), budget)
  for (let round = 0, progressed = true; progressed && round < 4; round++) {
    progressed = false
    for (const pass of [fewerFaults, fewerMessages, fewerMembers, simplerFaults, namedMoments, sturdierMoments])
      progressed = (yield* shrinking.exhaust(pass)) || progressed
  }
  const { scenario: smallest, run: shown, runs } = shrinking
  return { scenario: smallest, run: shown, failure: failureIn(shown, failure) ?? failure, runs }
}

/** The same failure as the smaller run has it: its sentence is about what is left. */
function failureIn(run: Run, { service, guarantee, level }: Failure): Failure | undefined {
  const failures = failuresOf(run, { guarantees: [`${guarantee}/${level}`], symptom: undefined })
  return failures.find((failure) => failure.service === service)
}
