import { run, type Run } from '../run.ts'
import type { Scenario } from '../scenario/scenario.ts'

/** What became of a scenario: its run, or the sentence with which an assertion of the program ended it. */
export type Outcome = Run | string

/**
 * Work that needs runs: it yields a scenario, and is handed what became of it. So the same code serves runs that are made at once and runs that
 * wait for promises, as those with user code do; whoever drives it decides how a run is made.
 */
export type NeedsRuns<T> = Generator<Scenario, T, Outcome>

/** Does the work with runs that are made at once. */
export function withRuns<T>(work: NeedsRuns<T>): T {
  let step = work.next()
  while (step.done !== true) step = work.next(runOrError(step.value))
  return step.value
}

/** Does the work with runs that take their time; one after another, since what is tried next depends on what came of the last. */
export async function withRunsAsync<T>(
  work: NeedsRuns<T>,
  runOne: (scenario: Scenario) => Promise<Outcome>,
): Promise<T> {
  let step = work.next()
  while (step.done !== true) step = work.next(await runOne(step.value))
  return step.value
}

/** The run, or the sentence with which an assertion of the program ended it: one bad run must not end a search of thousands. */
export function runOrError(scenario: Scenario): Outcome {
  try {
    return run(scenario)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
