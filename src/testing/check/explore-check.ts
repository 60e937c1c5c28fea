import type { Failure } from '../../exploration/failure.ts'
import { withRunsAsync } from '../../exploration/needs-runs.ts'
import { messagesIn } from '../../exploration/trial.ts'
import type { Run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { Fault } from '../../simulation/fault.ts'
import { Random } from '../../simulation/random.ts'
import { brokenIn, discoveryOf } from './broken.ts'
import { exercisedIn, isAnythingExercised, nothingExercised, together, type Exercised } from './exercised.ts'
import { groundOf, silentKinds } from './ground.ts'
import type { Ground } from './plans/plan.ts'
import { prepareVersions } from './prepare-versions.ts'
import type { ReadCheck } from './read-check.ts'
import type { CheckFailure, CheckResult } from './result.ts'
import type { Runner } from './run-scenario.ts'
import { runScenario } from './run-scenario.ts'
import type { CheckScenario } from './scenario-of-check.ts'
import { smallestCase } from './smallest-case.ts'
import { caseText } from './telling.ts'

/** How many runs go on after the first that failed, to see what else there is, and how many discoveries are made small. */
const runsAfterFailure = 20
const mostDiscoveries = 3

export type Found = Omit<CheckResult, 'assertHolds' | 'text'> & {
  /** What was asked: guarantees, then invariants. */
  readonly asked: readonly string[]
  /** Why nothing was shown, where that is so. */
  readonly doubts: readonly string[]
}

/** Makes the runs of a check: first the one in which nothing breaks, then those of its plan. */
export async function exploreCheck(check: ReadCheck, of: CheckScenario): Promise<Found> {
  const exploration = new Exploration(check, of)
  const undisturbed = await exploration.undisturbed()
  if (undisturbed !== undefined)
    for (const scenario of schedulesOf(check, of, undisturbed)) {
      if (exploration.isEnough) break
      await exploration.attempt(scenario)
    }
  return await exploration.conclude()
}

/** A run that broke something that no run before had broken in that way. */
interface Discovery {
  readonly scenario: Scenario
  readonly run: Run
  readonly failure: Failure
}

class Exploration {
  readonly #check: ReadCheck
  readonly #of: CheckScenario
  readonly #runner: Runner
  readonly #asked: readonly string[]
  readonly #discoveries = new Map<string, Discovery>()
  #runs = 0
  #runsSinceFailure = 0
  #exercised: Exercised = nothingExercised
  #unknown = new Map<string, string>()
  #members: readonly string[] = []

  constructor(check: ReadCheck, of: CheckScenario) {
    this.#check = check
    this.#of = of
    this.#runner = { of, prepare: prepareVersions(check.versions), invariants: check.invariants }
    this.#asked = [...check.guarantees, ...check.invariants.map(([name]) => name)]
  }

  /** Whether going on would only find more of the same. */
  get isEnough(): boolean {
    return this.#discoveries.size >= mostDiscoveries || this.#runsSinceFailure > runsAfterFailure
  }

  /** The run in which nothing breaks: what the plan draws from; nothing where that fails already. */
  async undisturbed(): Promise<Ground | undefined> {
    const { scenario, service } = this.#of
    const run = await runScenario(this.#runner, scenario, silentKinds)
    const ground = groundOf(scenario, run.history, service, this.#check.versions.length)
    this.#members = ground.members
    this.#look(scenario, run)
    return this.#discoveries.size > 0 ? undefined : ground
  }

  async attempt(scenario: Scenario): Promise<void> {
    this.#look(scenario, await runScenario(this.#runner, scenario))
  }

  async conclude(): Promise<Found> {
    const failures: CheckFailure[] = []
    for (const discovery of this.#discoveries.values()) failures.push(await this.#shrunk(discovery))
    const doubts = failures.length > 0 ? [] : this.#doubts()
    const { name, seed } = this.#check
    return {
      ok: failures.length === 0 && doubts.length === 0,
      undecided: doubts.length > 0,
      name,
      seed,
      runs: this.#runs,
      exercised: this.#exercised,
      failures: onePerSentence(failures),
      asked: this.#asked,
      doubts,
    }
  }

  #look(scenario: Scenario, run: Run): void {
    this.#runs++
    this.#exercised = together(this.#exercised, exercisedIn(run.history, this.#members))
    for (const failure of brokenIn(run, this.#asked)) {
      const discovery = discoveryOf(failure)
      if (!this.#discoveries.has(discovery)) this.#discoveries.set(discovery, { scenario, run, failure })
    }
    if (this.#discoveries.size > 0) this.#runsSinceFailure++
    this.#noteUnknown(run)
  }

  /** Guarantees that no level of any run could judge. */
  #noteUnknown(run: Run): void {
    for (const asked of this.#asked) {
      const [guarantee = '', level] = asked.split('/')
      const rows = run.rows.filter(
        (row) =>
          row.service === this.#of.service &&
          row.guarantee === guarantee &&
          (level === undefined || row.level === level),
      )
      const open = rows.find(({ verdict }) => verdict === 'unknown')
      const isJudged = rows.some(({ verdict }) => verdict !== 'unknown')
      if (!isJudged && open?.verdict === 'unknown') this.#unknown.set(asked, open.reason)
    }
  }

  #doubts(): readonly string[] {
    const unjudged = [...this.#unknown].map(([asked, reason]) => `${asked} could not be judged in every run: ${reason}`)
    const isExercised = isAnythingExercised(this.#exercised)
    return isExercised ? unjudged : ['nothing was exercised: no fault got in the way of a message.', ...unjudged]
  }

  async #shrunk({ scenario, run, failure }: Discovery): Promise<CheckFailure> {
    const smallest = await withRunsAsync(smallestCase(scenario, run, failure), async (candidate) => {
      try {
        return await runScenario(this.#runner, candidate)
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    })
    const { guarantee, level, kind, sentence } = smallest.failure
    return {
      guarantee,
      level,
      kind,
      sentence,
      faults: smallest.scenario.faults.length,
      messages: messagesIn(smallest.run.history),
      text: caseText(smallest),
      file: undefined,
    }
  }
}

/** Discoveries that came down to the same case are one. */
function onePerSentence(failures: readonly CheckFailure[]): readonly CheckFailure[] {
  return [
    ...new Map(failures.toReversed().map((failure) => [`${failure.guarantee} ${failure.sentence}`, failure])).values(),
  ].toReversed()
}

/** The scenarios of the plan, one for each run. Each run of a plan that draws is drawn by the seed and its number alone. */
function* schedulesOf(
  { faults, seed, runs }: ReadCheck,
  { scenario, schedule }: CheckScenario,
  ground: Ground,
): Generator<Scenario> {
  if (!('name' in faults)) {
    for (let n = 0; n < runs; n++) yield withFaults(scenario, schedule, `${seed}/${n}`)
    return
  }
  for (const each of faults.every?.(ground) ?? []) yield withFaults(scenario, each, seed)
  const { draw } = faults
  if (draw === undefined) return
  for (let n = 0; n < runs; n++)
    yield withFaults(scenario, draw(new Random(`${seed}/plan/${n}`), ground), `${seed}/${n}`)
}

function withFaults(scenario: Scenario, faults: readonly Fault[], seed: string): Scenario {
  return { ...scenario, faults, seed }
}
