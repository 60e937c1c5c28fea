import { errorText } from '../bridge/error-text.ts'
import { memberNames } from '../../application/service.ts'
import type { Failure } from '../../exploration/failure.ts'
import { withRunsAsync } from '../../exploration/needs-runs.ts'
import type { FactKind } from '../../history/fact.ts'
import type { Run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { UserCodeError } from '../bridge/problem.ts'
import type { PreparedStores } from '../dependencies/dependencies.ts'
import { unsupportedKindOf } from '../dependencies/unsupported.ts'
import { brokenIn, discoveryOf } from './broken.ts'
import { exercisedIn, isAnythingExercised, nothingExercised, together } from './exercised.ts'
import { failureOfCase, failureOfCode } from './failure-told.ts'
import { firstDifference, likelyCauses } from './first-difference.ts'
import { groundOf, silentKinds } from './ground.ts'
import { judgedServices } from './judged-rows.ts'
import type { CaseInFile, Keeping } from './kept/keeping.ts'
import { replay } from './kept/replay.ts'
import { isAsked } from './levels.ts'
import type { Ground } from './plans/plan.ts'
import type { ReadCheck } from './read-check.ts'
import type { CheckFailure, CheckResult } from './result.ts'
import type { Runner } from './run-scenario.ts'
import { everyHandlerEnds, runScenario } from './run-scenario.ts'
import type { CheckScenario } from './check-scenario.ts'
import { schedulesOf } from './schedules.ts'
import { preparedStores } from './stores-of-check.ts'
import type { SmallestCase } from './smallest-case.ts'
import { smallestCase } from './smallest-case.ts'
import { noEndlessRetry } from './endless-retry.ts'
import { Expectations } from './undisturbed/expectations.ts'

/** How many runs go on after the first that failed, to see what else there is, and how many discoveries are made small. */
const runsAfterFailure = 20
const mostDiscoveries = 3

/** So many things are told of the code that are no failure by themselves. */
const mostRemarks = 5

/** What the runs of a check came to, before it is told. */
export type Found = Omit<CheckResult, 'assertHolds' | 'text'> & {
  /** What was asked: guarantees, then invariants. */
  readonly asked: readonly string[]
  /** Why nothing was shown, where that is so. */
  readonly doubts: readonly string[]
}

/** Makes the runs of a check: first the kept ones, then the one in which nothing breaks, then those of its plan. */
export async function exploreCheck(check: ReadCheck, of: CheckScenario, keeping: Keeping): Promise<Found> {
  const exploration = new Exploration(check, of, keeping, await preparedStores(check))
  const { alone } = keeping
  const kept = alone === undefined ? keeping.cases : alone === 'other' ? [] : [alone]
  try {
    for (const each of kept) await exploration.replay(each)
    if (alone === undefined && !exploration.isRed) await exploration.explore()
  } catch (error) {
    const kind = error instanceof UserCodeError ? error.problem.kind : unsupportedKindOf(error)
    if (kind === undefined || !(error instanceof Error)) throw error
    exploration.breakOff(kind, error.message)
  }
  return exploration.found(alone === 'other')
}

/** A run that broke something that no run before had broken in that way. */
interface Discovery {
  readonly scenario: Scenario
  readonly run: Run
  readonly failure: Failure
  /** From 1. */
  readonly foundInRun: number
}

class Exploration {
  readonly #check: ReadCheck
  readonly #of: CheckScenario
  readonly #keeping: Keeping
  readonly #runner: Runner
  readonly #expectations: Expectations
  readonly #asked: readonly string[]
  readonly #members: readonly string[]
  readonly #failures: CheckFailure[] = []
  readonly #discoveries = new Map<string, Discovery>()
  readonly #stale: string[] = []
  /** Why a guarantee could not be judged, by its name. */
  readonly #unjudged = new Map<string, string>()
  readonly #remarks = new Map<string, string>()
  /** How two runs of the same differed. */
  #difference: string | undefined
  #keptHeld = 0
  #runs = 0
  #runsSinceFailure = 0
  #exercised = nothingExercised

  constructor(check: ReadCheck, of: CheckScenario, keeping: Keeping, stores: PreparedStores) {
    this.#check = check
    this.#of = of
    this.#keeping = keeping
    const { versions, sends, invariants } = check
    const judged = judgedServices(check, of.service)
    this.#runner = { of, versions, stores, sends, judged, invariants, places: { noted: false } }
    const guarantees = new Set([...judged.values()].flat())
    this.#asked = [everyHandlerEnds, noEndlessRetry, ...guarantees, ...invariants.map(([name]) => name)]
    const { service, scenario } = of
    this.#expectations = new Expectations(check, of, (each) => runScenario(this.#runner, each))
    this.#members = scenario.services.filter(({ name }) => name === service).flatMap(memberNames)
  }

  get isRed(): boolean {
    return this.#failures.length > 0
  }

  async replay({ file, kept }: CaseInFile): Promise<void> {
    const { testFolder } = this.#keeping
    const replayed = await replay(kept, this.#check, this.#of, testFolder, this.#asked, (scenario) =>
      this.#run(scenario),
    )
    this.#runs++
    if (replayed.state === 'stale') {
      this.#stale.push(
        `the kept case ${file} is stale: ${replayed.reason}. Delete the file if the code has no such moment any more`,
      )
      return
    }
    this.#exercised = together(this.#exercised, exercisedIn(replayed.run.history, this.#members))
    if (replayed.state === 'green') this.#keptHeld++
    else this.#failures.push(this.#told({ ...replayed, runs: 1 }, this.#runs, file, 'a kept case that still fails'))
  }

  async explore(): Promise<void> {
    const ground = await this.#undisturbed()
    if (ground !== undefined)
      for (const scenario of schedulesOf(this.#check, this.#of, ground)) {
        if (this.#isEnough) break
        this.#look(scenario, await this.#run(scenario))
      }
    for (const discovery of this.#discoveries.values()) await this.#conclude(discovery)
  }

  /** The code did something after which no run means anything. */
  breakOff(kind: string, message: string): void {
    this.#failures.push(failureOfCode(this.#check.name, kind, message, this.#runs + 1))
  }

  found(isOfAnother: boolean): Found {
    const doubts = this.isRed || isOfAnother ? [] : this.#doubts()
    const { name, seed } = this.#check
    return {
      ok: !this.isRed && doubts.length === 0,
      undecided: doubts.length > 0,
      name,
      seed,
      runs: this.#runs,
      keptHeld: this.#keptHeld,
      exercised: this.#exercised,
      failures: this.#failures,
      remarks: [...this.#expectations.remarks, ...[...this.#remarks.values()].slice(0, mostRemarks)],
      asked: this.#asked,
      doubts,
    }
  }

  /** Whether going on would only find more of the same. */
  get #isEnough(): boolean {
    return this.#discoveries.size >= mostDiscoveries || this.#runsSinceFailure > runsAfterFailure
  }

  /** The run in which nothing breaks: what plans draw from; nothing where that fails already. */
  async #undisturbed(): Promise<Ground | undefined> {
    const { scenario, service } = this.#of
    const run = await this.#run(scenario, silentKinds)
    this.#compare(run, await this.#run(scenario, silentKinds))
    this.#look(scenario, run)
    if (this.#discoveries.size > 0 || this.#difference !== undefined) return undefined
    return groundOf(scenario, run.history, service, this.#check.versions.length)
  }

  #compare(run: Run, again: Run): void {
    const difference = firstDifference(run, again)
    if (difference === undefined) return
    const { sentence, isOnlyLogged } = difference
    if (isOnlyLogged)
      this.#remarks.set('logged', `Two runs of the same wrote different lines: ${sentence}. ${likelyCauses}`)
    else this.#difference = sentence
  }

  async #run(scenario: Scenario, listenTo: readonly FactKind[] = []): Promise<Run> {
    const made = await runScenario(this.#runner, scenario, listenTo)
    for (const { about, text } of made.remarks) if (!this.#remarks.has(about)) this.#remarks.set(about, text)
    return this.#expectations.judged(made)
  }

  #look(scenario: Scenario, run: Run): void {
    this.#runs++
    this.#exercised = together(this.#exercised, exercisedIn(run.history, this.#members))
    for (const failure of brokenIn(run, this.#asked)) {
      const discovery = discoveryOf(failure)
      if (!this.#discoveries.has(discovery))
        this.#discoveries.set(discovery, { scenario, run, failure, foundInRun: this.#runs })
    }
    if (this.#discoveries.size > 0) this.#runsSinceFailure++
    this.#noteUnjudged(run)
  }

  #noteUnjudged({ rows }: Run): void {
    for (const [service, guarantees] of this.#runner.judged)
      for (const asked of guarantees) {
        const own = rows.filter((row) => row.service === service && isAsked(row, asked))
        const open = own.find(({ verdict }) => verdict === 'unknown')
        const isJudged = own.some(({ verdict }) => verdict !== 'unknown')
        if (!isJudged && open?.verdict === 'unknown') this.#unjudged.set(asked, open.reason)
      }
  }

  #doubts(): readonly string[] {
    const unjudged = [...this.#unjudged].map(
      ([asked, reason]) => `${asked} could not be judged in every run: ${reason}`,
    )
    const nothing = isAnythingExercised(this.#exercised)
      ? []
      : ['nothing was exercised: no fault got in the way of a message']
    const differs =
      this.#difference === undefined
        ? []
        : [
            `two runs of the same were not the same, so that no run proves anything: ${this.#difference}. ${likelyCauses}`,
          ]
    return [...differs, ...this.#stale, ...nothing, ...unjudged]
  }

  /** Makes a discovery small, keeps it, and tells it; unless it does not come again, or comes down to what is told already. */
  async #conclude({ scenario, run, failure, foundInRun }: Discovery): Promise<void> {
    const again = await this.#run(scenario)
    if (!brokenIn(again, this.#asked).some((each) => discoveryOf(each) === discoveryOf(failure))) {
      this.#difference ??= firstDifference(run, again)?.sentence ?? `${failure.guarantee} broke, and then it held`
      return
    }
    const smallest = await withRunsAsync(smallestCase(scenario, run, failure), async (candidate) => {
      try {
        return await this.#run(candidate)
      } catch (error) {
        return errorText(error)
      }
    })
    const { guarantee, sentence } = smallest.failure
    if (this.#failures.some((told) => told.guarantee === guarantee && told.sentence === sentence)) return
    const kept = this.#keeping.keep(this.#of.service, smallest)
    const trouble = typeof kept === 'string' ? `It could not be kept: ${kept}` : ''
    this.#failures.push(this.#told(smallest, foundInRun, typeof kept === 'object' ? kept.file : undefined, trouble))
  }

  #told(smallest: SmallestCase, foundInRun: number, file: string | undefined, remark: string): CheckFailure {
    const again = file === undefined ? [] : [`  kept in ${file}`, `  again: ${this.#keeping.commandFor(file)}`]
    return failureOfCase(smallest, foundInRun, file, [...(remark === '' ? [] : [`  ${remark}`]), ...again])
  }
}
