import type { Scenario } from '../../scenario/scenario.ts'
import { withRuns, type NeedsRuns } from '../needs-runs.ts'
import { withFaults } from './fewer-faults.ts'
import { shortestText } from './shorter-file.ts'

/** A run that ends with an error of the program, made small: whoever mends it wants to see it again. */
export interface ErrorCase {
  /** A file that runs into the same error. */
  readonly text: string
  readonly sentence: string
}

/** Takes away faults and messages as long as the same assertion fails; figures in its sentence may differ. */
export function shrinkError(scenario: Scenario): ErrorCase {
  return withRuns(errorShrinkingOf(scenario))
}

/** The same as work that needs runs. */
function* errorShrinkingOf(scenario: Scenario): NeedsRuns<ErrorCase> {
  const bare: Scenario = { ...scenario, expectations: [], thresholds: [], predict: undefined, variant: '', why: '' }
  const wanted = yield* sayingOf(bare)
  let current = bare
  for (let smaller: Scenario | undefined = bare; smaller !== undefined; smaller = yield* smallerOf(current, wanted))
    current = smaller
  const outcome = yield current
  const sentence = typeof outcome === 'string' ? outcome : ''
  return { text: shortestText({ ...current, title: `The program fails: ${sentence}`, question: '' }), sentence }
}

function* smallerOf(current: Scenario, wanted: string | undefined): NeedsRuns<Scenario | undefined> {
  const { faults } = current
  for (let size = faults.length; size >= 1; size >>= 1) {
    for (let from = 0; from < faults.length; from += size) {
      const fewer = withFaults(current, faults.toSpliced(from, size))
      if ((yield* sayingOf(fewer)) === wanted) return fewer
    }
  }
  for (const [place, service] of current.services.entries()) {
    const [sends] = service.sends
    if (sends?.workload.kind !== 'synthetic' || sends.workload.messages === 1) continue
    const workload = { ...sends.workload, messages: sends.workload.messages >> 1 }
    const services = current.services.with(place, { ...service, sends: [{ ...sends, workload }] })
    if ((yield* sayingOf({ ...current, services })) === wanted) return { ...current, services }
  }
  return undefined
}

/** The sentence of the error without its figures; nothing where the run ends well. */
function* sayingOf(scenario: Scenario): NeedsRuns<string | undefined> {
  const outcome = yield scenario
  return typeof outcome === 'string' ? outcome.replaceAll(/-?\d+/g, 'n') : undefined
}
