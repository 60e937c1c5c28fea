import type { SimulateOptions } from '../pipeline/simulate.ts'
import { run, type Run } from '../run.ts'
import type { Scenario } from '../scenario/scenario.ts'

/** What became of a scenario: its run, or the sentence with which an assertion of the program ended it. */
export type Outcome = Run | string

/** A scenario that is of interest only as long as its run takes no more than so many events. */
export interface BriefRun {
  readonly scenario: Scenario
  readonly mostEvents: number
}

/**
 * Work that needs runs: it yields a scenario, and is handed what became of it; a run that is to be brief may be ended when it no longer is, which comes to the
 * same as an error. So the same code serves runs that are made at once and runs that
 * wait for promises, as those with user code do; whoever drives it decides how a run is made.
 */
export type NeedsRuns<T> = Generator<Scenario | BriefRun, T, Outcome>

/** Does the work with runs that are made at once. */
export function withRuns<T>(work: NeedsRuns<T>): T {
  let step = work.next()
  while (step.done !== true) {
    const { scenario, mostEvents } = wishOf(step.value)
    step = work.next(runOrError(scenario, mostEvents))
  }
  return step.value
}

/** Does the work with runs that take their time; one after another, since what is tried next depends on what came of the last. */
export async function withRunsAsync<T>(
  work: NeedsRuns<T>,
  runOne: (scenario: Scenario) => Promise<Outcome>,
): Promise<T> {
  let step = work.next()
  while (step.done !== true) step = work.next(await runOne(wishOf(step.value).scenario))
  return step.value
}

function wishOf(wish: Scenario | BriefRun): BriefRun {
  return 'mostEvents' in wish ? wish : { scenario: wish, mostEvents: Infinity }
}

/** The run of a scenario, which is at its bound once it has so many events; or the sentence with which an assertion of the program ended it. */
export function boundedRun(scenario: Scenario, mostEvents: number): Outcome {
  return outcomeOf(scenario, { mostEvents })
}

/**
 * The run, or the sentence with which an assertion of the program ended it: one bad run must not end a search of thousands. A run that would take
 * more than `mostEvents` ends with such a sentence too.
 */
export function runOrError(scenario: Scenario, mostEvents: number = Infinity): Outcome {
  const observer = ({ number }: { readonly number: number }): void => {
    if (number > mostEvents) throw new RangeError(`The run takes more than ${mostEvents} events.`)
  }
  return outcomeOf(scenario, mostEvents === Infinity ? {} : { observer })
}

function outcomeOf(scenario: Scenario, options: SimulateOptions): Outcome {
  try {
    return run(scenario, options)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
