import type { Run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { failuresOf } from '../failure.ts'
import type { NeedsRuns } from '../needs-runs.ts'
import { shows, type ShrinkTarget } from './target.ts'

/** Smaller scenarios than the one given, the boldest first. Each must be smaller by something that cannot shrink for ever. */
export type Pass = (current: Scenario, run: Run) => Iterable<Scenario>

/** How many events all runs together may have: a case whose runs are long is left as small as it got by then. */
const eventBudget = 1_000_000

/** A smaller scenario may take so many times the events of the one that it came from: one that runs on for an hour is none, whatever it leaves out. */
const mostStretch = 2
/** Runs that have no more events than this are short in any case. */
const short = 10_000

/** A failing scenario on its way to the smallest: every step is a run that fails too. */
export class Shrinking {
  readonly target: ShrinkTarget
  readonly #budget: number
  #scenario: Scenario
  #run: Run
  #runs = 1
  #events: number
  /** What was tried already: passes begin again after each success, and most of what they propose failed before. */
  readonly #tried = new Set<string>()

  private constructor(scenario: Scenario, run: Run, target: ShrinkTarget, budget: number) {
    this.#scenario = scenario
    this.#run = run
    this.target = target
    this.#budget = budget
    this.#events = run.events
  }

  /** `scenario` must show the target. `budget` is how many runs the passes may take. */
  static *begin(scenario: Scenario, target: ShrinkTarget, budget: number): NeedsRuns<Shrinking> {
    const first = yield scenario
    if (typeof first === 'string' || !shows(first, target))
      throw new Error(`${scenario.name} does not break ${target.guarantee}, so it cannot shrink.`)
    return new Shrinking(scenario, first, target, budget)
  }

  get scenario(): Scenario {
    return this.#scenario
  }

  /** The run of the scenario as it is now. */
  get run(): Run {
    return this.#run
  }

  /** Runs made so far. */
  get runs(): number {
    return this.#runs
  }

  get exhausted(): boolean {
    return this.#runs >= this.#budget || this.#events >= eventBudget
  }

  /** Guarantee and cause, as kinds. */
  get kind(): string {
    return kindOf(this.#run, this.target)
  }

  /**
   * The run of a scenario that still shows the target; nothing where it does not, or takes more than `stretch` times as many events as the smallest
   * so far. Counts against no budget.
   */
  *attempt(candidate: Scenario, stretch: number = 10 * mostStretch): NeedsRuns<Run | undefined> {
    this.#runs++
    const mostEvents = Math.max(short, stretch * this.#run.events)
    const outcome = yield { scenario: candidate, mostEvents }
    // Whoever makes the runs need not end those that are too long.
    this.#events += typeof outcome === 'string' ? mostEvents : Math.min(mostEvents, outcome.events)
    if (typeof outcome === 'string' || outcome.events > mostEvents) return undefined
    return shows(outcome, this.target) ? outcome : undefined
  }

  /** Takes the first smaller scenario that fails, again and again, until none does. With `strictly`, the cause must stay of its kind. */
  *exhaust(pass: Pass, strictly = false): NeedsRuns<boolean> {
    let progressed = false
    while (yield* this.#improve(pass, strictly)) progressed = true
    return progressed
  }

  *#improve(pass: Pass, strictly: boolean): NeedsRuns<boolean> {
    const { kind } = this
    for (const candidate of pass(this.#scenario, this.#run)) {
      if (this.exhausted) return false
      const saying = `${String(strictly)} ${JSON.stringify(candidate)}`
      if (this.#tried.has(saying)) continue
      this.#tried.add(saying)
      const outcome = yield* this.attempt(candidate, mostStretch)
      if (outcome === undefined || (strictly && kindOf(outcome, this.target) !== kind)) continue
      this.#scenario = candidate
      this.#run = outcome
      return true
    }
    return false
  }
}

function kindOf(run: Run, { service, guarantee, level }: ShrinkTarget): string {
  const failures = failuresOf(run, { guarantees: [`${guarantee}/${level}`], symptom: undefined })
  return failures.find((failure) => failure.service === service)?.kind ?? ''
}
