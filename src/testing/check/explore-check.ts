import { memberNames } from '../../application/service.ts'
import type { Failure } from '../../exploration/failure.ts'
import { withRunsAsync } from '../../exploration/needs-runs.ts'
import { messagesIn } from '../../exploration/trial.ts'
import type { Run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { brokenIn, discoveryOf } from './broken.ts'
import { exercisedIn, isAnythingExercised, nothingExercised, together } from './exercised.ts'
import { groundOf, silentKinds } from './ground.ts'
import type { CaseInFile, Keeping } from './kept/keeping.ts'
import { replay } from './kept/replay.ts'
import type { Ground } from './plans/plan.ts'
import { prepareVersions } from './prepare-versions.ts'
import type { ReadCheck } from './read-check.ts'
import type { CheckFailure, CheckResult } from './result.ts'
import type { Runner } from './run-scenario.ts'
import { runScenario } from './run-scenario.ts'
import type { CheckScenario } from './scenario-of-check.ts'
import { schedulesOf } from './schedules.ts'
import type { SmallestCase } from './smallest-case.ts'
import { smallestCase } from './smallest-case.ts'
import { caseText } from './telling.ts'

/** How many runs go on after the first that failed, to see what else there is, and how many discoveries are made small. */
const runsAfterFailure = 20
const mostDiscoveries = 3

/** What the runs of a check came to, before it is told. */
export type Found = Omit<CheckResult, 'assertHolds' | 'text'> & {
  /** What was asked: guarantees, then invariants. */
  readonly asked: readonly string[]
  /** Why nothing was shown, where that is so. */
  readonly doubts: readonly string[]
}

/** Makes the runs of a check: first the kept ones, then the one in which nothing breaks, then those of its plan. */
export async function exploreCheck(check: ReadCheck, of: CheckScenario, keeping: Keeping): Promise<Found> {
  const exploration = new Exploration(check, of, keeping)
  const { alone } = keeping
  if (alone !== undefined) {
    if (alone !== 'other') await exploration.replay(alone)
    return exploration.found(alone === 'other')
  }
  for (const kept of keeping.cases) await exploration.replay(kept)
  if (!exploration.isRed) await exploration.explore()
  return exploration.found(false)
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
  readonly #keeping: Keeping
  readonly #runner: Runner
  readonly #asked: readonly string[]
  readonly #members: readonly string[]
  readonly #failures: CheckFailure[] = []
  readonly #discoveries = new Map<string, Discovery>()
  readonly #stale: string[] = []
  /** Why a guarantee could not be judged, by its name. */
  readonly #unjudged = new Map<string, string>()
  #keptHeld = 0
  #runs = 0
  #runsSinceFailure = 0
  #exercised = nothingExercised

  constructor(check: ReadCheck, of: CheckScenario, keeping: Keeping) {
    this.#check = check
    this.#of = of
    this.#keeping = keeping
    this.#runner = { of, prepare: prepareVersions(check.versions), invariants: check.invariants }
    this.#asked = [...check.guarantees, ...check.invariants.map(([name]) => name)]
    const { service, scenario } = of
    this.#members = scenario.services.filter(({ name }) => name === service).flatMap(memberNames)
  }

  get isRed(): boolean {
    return this.#failures.length > 0
  }

  async replay({ file, kept }: CaseInFile): Promise<void> {
    const { testFolder } = this.#keeping
    const replayed = await replay(kept, this.#check, this.#of, testFolder, this.#asked, (scenario) =>
      runScenario(this.#runner, scenario),
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
    else this.#failures.push(this.#told({ ...replayed, runs: 1 }, file, 'a kept case that still fails'))
  }

  async explore(): Promise<void> {
    const ground = await this.#undisturbed()
    if (ground !== undefined)
      for (const scenario of schedulesOf(this.#check, this.#of, ground)) {
        if (this.#isEnough) break
        this.#look(scenario, await runScenario(this.#runner, scenario))
      }
    for (const discovery of this.#discoveries.values()) await this.#conclude(discovery)
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
    const run = await runScenario(this.#runner, scenario, silentKinds)
    this.#look(scenario, run)
    if (this.#discoveries.size > 0) return undefined
    return groundOf(scenario, run.history, service, this.#check.versions.length)
  }

  #look(scenario: Scenario, run: Run): void {
    this.#runs++
    this.#exercised = together(this.#exercised, exercisedIn(run.history, this.#members))
    for (const failure of brokenIn(run, this.#asked)) {
      const discovery = discoveryOf(failure)
      if (!this.#discoveries.has(discovery)) this.#discoveries.set(discovery, { scenario, run, failure })
    }
    if (this.#discoveries.size > 0) this.#runsSinceFailure++
    this.#noteUnjudged(run)
  }

  #noteUnjudged(run: Run): void {
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
    return [...this.#stale, ...nothing, ...unjudged]
  }

  /** Makes a discovery small, keeps it, and tells it; unless it comes down to what is told already. */
  async #conclude({ scenario, run, failure }: Discovery): Promise<void> {
    const smallest = await withRunsAsync(smallestCase(scenario, run, failure), async (candidate) => {
      try {
        return await runScenario(this.#runner, candidate)
      } catch (error) {
        return error instanceof Error ? error.message : String(error)
      }
    })
    const { guarantee, sentence } = smallest.failure
    if (this.#failures.some((told) => told.guarantee === guarantee && told.sentence === sentence)) return
    const kept = this.#keeping.keep(this.#of.service, smallest)
    const trouble = typeof kept === 'string' ? `It could not be kept: ${kept}` : ''
    this.#failures.push(this.#told(smallest, typeof kept === 'object' ? kept.file : undefined, trouble))
  }

  #told(smallest: SmallestCase, file: string | undefined, remark: string): CheckFailure {
    const { failure, scenario, run } = smallest
    const { guarantee, level, kind, sentence } = failure
    const again = file === undefined ? [] : [`  kept in ${file}`, `  again: ${this.#keeping.commandFor(file)}`]
    const lines = [caseText(smallest), '', ...(remark === '' ? [] : [`  ${remark}`]), ...again]
    return {
      guarantee,
      level,
      kind,
      sentence,
      faults: scenario.faults.length,
      messages: messagesIn(run.history),
      text: lines.join('\n').trimEnd(),
      file,
    }
  }
}
