import type { Level } from '../../checks/plan.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { withoutIntentions } from '../intentions.ts'
import { withRuns, type NeedsRuns } from '../needs-runs.ts'
import { messagesIn } from '../trial.ts'
import { fewerFaults, withFaults, withoutOneFault } from './fewer-faults.ts'
import { namedMoments } from './identity.ts'
import { fewerMembers, fewerMessages, handfulOfMessages } from './less-work.ts'
import { loneMessage } from './lone-message.ts'
import { oneKey } from './one-key.ts'
import { remarksOn } from './remarks.ts'
import { causeElsewhere, plainerCause } from './plainer-cause.ts'
import { piledUpWork } from './piled-up-work.ts'
import { parsed, shorterFile, shortestText } from './shorter-file.ts'
import { shorterRuns } from './shorter-runs.ts'
import { Shrinking } from './shrinking.ts'
import { plainSurroundings, simplerFaults } from './simpler-values.ts'
import type { ShrinkTarget } from './target.ts'
import { breaks } from './target.ts'
import { counterexampleTitle } from './title.ts'

/** How big a failing run is. */
export interface CaseSize {
  readonly faults: number
  readonly messages: number
  readonly events: number
}

/** A failing run made as small as can be, as a scenario that expects what ought to hold: it is red until that is mended. */
export interface Counterexample {
  /** A file of a page at most, which replays to the same violation. */
  readonly text: string
  readonly title: string
  readonly service: string
  readonly guarantee: string
  readonly level: Level
  /** Guarantee and cause, as kinds: one counterexample is enough of each. */
  readonly kind: string
  /** What does not matter about it, each found out by a run. */
  readonly remarks: readonly string[]
  /** Without any one of its faults the guarantee is not broken: each was taken away and tried. */
  readonly everyFaultIsNeeded: boolean
  readonly before: CaseSize
  readonly after: CaseSize
  /** Runs that it took. */
  readonly runs: number
}

/** How many runs shrinking one case may take; what comes after (is each fault needed, what does not matter) takes a few more. */
const shrinkBudget = 1200

/** Makes a failing scenario small. The same scenario and target give the same result. */
export function shrink(scenario: Scenario, target: ShrinkTarget, budget: number = shrinkBudget): Counterexample {
  return withRuns(shrinkingOf(scenario, target, budget))
}

/** The same as work that needs runs, for scenarios whose runs take their time. */
export function* shrinkingOf(
  scenario: Scenario,
  target: ShrinkTarget,
  budget: number = shrinkBudget,
): NeedsRuns<Counterexample> {
  const bare = withoutIntentions(scenario)
  const shrinking = yield* Shrinking.begin(bare, target, budget)
  const before = sizeOf(shrinking)
  const { kinds } = target
  yield* shrinking.exhaust(shorterRuns, { stretch: 0.5 })
  for (const pass of [fewerFaults, handfulOfMessages, oneKey, loneMessage, plainerCause(kinds)])
    yield* shrinking.exhaust(pass)
  yield* smallerInRounds(shrinking)
  for (const pass of [causeElsewhere(kinds), piledUpWork])
    if (yield* shrinking.exhaust(pass)) yield* smallerInRounds(shrinking)
  yield* shrinking.exhaust(withoutOneFault, { atAnyCost: true })
  const remarks = yield* remarksOn(shrinking)
  const { kind, runs } = shrinking
  const title = counterexampleTitle(shrinking.run, target, kind)
  return {
    text: yield* regressionText(shrinking, title, remarks),
    title,
    service: target.service,
    guarantee: target.guarantee,
    level: target.level,
    kind,
    remarks,
    everyFaultIsNeeded: yield* isEachNeeded(shrinking),
    before,
    after: sizeOf(shrinking),
    runs: runs + shrinking.scenario.faults.length,
  }
}

function* smallerInRounds(shrinking: Shrinking): NeedsRuns<void> {
  for (let round = 0, progressed = true; progressed && round < 4; round++) {
    progressed = false
    for (const pass of [fewerFaults, fewerMessages, oneKey, loneMessage, fewerMembers, simplerFaults, namedMoments])
      progressed = (yield* shrinking.exhaust(pass)) || progressed
    for (const pass of [plainSurroundings, shorterFile])
      progressed = (yield* shrinking.exhaust(pass, { strictly: true })) || progressed
  }
}

/** How many times the events of the smallest case one without some fault of it may take: that it holds is known when it has ended. */
const longestProof = 20

/** Whether the guarantee is not broken without any one of the faults. */
function* isEachNeeded({ scenario, run, target }: Shrinking): NeedsRuns<boolean> {
  for (const place of scenario.faults.keys()) {
    const without = withFaults(scenario, scenario.faults.toSpliced(place, 1))
    const mostEvents = longestProof * run.events
    const outcome = yield { scenario: without, mostEvents }
    if (typeof outcome === 'string' || outcome.events > mostEvents || breaks(outcome, target)) return false
  }
  return true
}

function sizeOf({ run, scenario }: Shrinking): CaseSize {
  return { faults: scenario.faults.length, messages: messagesIn(run.history), events: run.events }
}

/** The file, once it has been seen to do the same as the scenario that it was written from. */
function* regressionText(
  { scenario, run, target }: Shrinking,
  title: string,
  remarks: readonly string[],
): NeedsRuns<string> {
  const { service, guarantee, level } = target
  const text = shortestText({
    ...scenario,
    variant: '',
    title,
    why: remarks.join(' '),
    expectations: [{ service, guarantee, level: level === 'run' ? undefined : level, verdict: 'holds' }],
  })
  const reread = parsed(text, scenario.name)
  const again = reread && (yield reread)
  if (again === undefined || typeof again === 'string' || again.fingerprint !== run.fingerprint)
    throw new Error(`The file of a counterexample does not do what its scenario did:\n${text}`)
  return text
}
