import type { Run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { failuresOf } from '../failure.ts'
import type { NeedsRuns } from '../needs-runs.ts'
import { withFaults } from './fewer-faults.ts'
import { breaks, shows, type ShrinkTarget } from './target.ts'

/** Smaller scenarios than the one given, the boldest first. Each must be smaller by something that cannot shrink for ever. */
export type Pass = (current: Scenario, run: Run) => Iterable<Scenario>

/**
 * How many events all runs together may have: a case whose runs are long is left as small as it got by then. One that got much smaller has
 * spent them on runs as long as they were at first, and may spend as many again.
 */
const eventBudget = 500_000
const muchSmaller = 1 / 4
/** What setting up and judging a run costs beside its events, in events. */
const eventsAround = 300

/** A smaller scenario may take so many times the events of the one that it came from: one that runs on for an hour is none, whatever it leaves out. */
const mostStretch = 2
/** Runs that have no more events than this are short in any case. */
const short = 3_000

/** How a pass is gone through. */
export interface PassOptions {
  /** The cause must stay of its kind. */
  readonly strictly?: boolean
  /** How many times the events of the smallest so far a smaller one may take. */
  readonly stretch?: number
  /** It is gone through even where what may be spent is spent. */
  readonly atAnyCost?: boolean
}

/** A failing scenario on its way to the smallest: every step is a run that fails too. */
export class Shrinking {
  readonly target: ShrinkTarget
  readonly #budget: number
  #scenario: Scenario
  #run: Run
  #runs = 1
  #events: number
  /** The events of the smallest run when they began to be counted. */
  #countedFrom: number
  /** What was tried already: passes begin again after each success, and most of what they propose failed before. */
  readonly #tried = new Set<string>()

  private constructor(scenario: Scenario, run: Run, target: ShrinkTarget, budget: number) {
    this.#scenario = scenario
    this.#run = run
    this.target = target
    this.#budget = budget
    this.#events = run.events
    this.#countedFrom = run.events
  }

  /** `scenario` must show the target; of its faults those that struck are left. `budget` is how many runs the passes may take. */
  static *begin(scenario: Scenario, target: ShrinkTarget, budget: number): NeedsRuns<Shrinking> {
    const first = yield scenario
    const shown = typeof first === 'string' ? undefined : yield* withoutIdleFaults(first, target)
    if (shown === undefined)
      throw new Error(`${scenario.name} does not break ${target.guarantee}, so it cannot shrink.`)
    return new Shrinking(shown.scenario, shown, target, budget)
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

  get #exhausted(): boolean {
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
  *attempt(candidate: Scenario, stretch: number = 2 * mostStretch): NeedsRuns<Run | undefined> {
    const outcome = yield* this.#brief(candidate, Math.max(short, stretch * this.#run.events))
    return outcome !== undefined && shows(outcome, this.target) ? outcome : undefined
  }

  /** Takes smaller scenarios that fail, until none does. */
  *exhaust(pass: Pass, options: PassOptions = {}): NeedsRuns<boolean> {
    let place = yield* this.#improve(pass, options, 0)
    if (place === undefined) return false
    while (place !== undefined) place = yield* this.#improve(pass, options, place)
    return true
  }

  /**
   * Takes the first smaller scenario that fails, beginning at a place of the pass: those before it failed to when the last one was taken, and are the likeliest to do
   * so again. The place of the one that was taken.
   */
  *#improve(
    pass: Pass,
    { strictly = false, stretch, atAnyCost = false }: PassOptions,
    from: number,
  ): NeedsRuns<number | undefined> {
    const { kind } = this
    const mostEvents =
      stretch === undefined ? Math.max(short, mostStretch * this.#run.events) : Math.floor(stretch * this.#run.events)
    for (const [place, candidate] of beginningAt(pass(this.#scenario, this.#run), from)) {
      if (this.#exhausted && !atAnyCost) return undefined
      const saying = `${String(strictly)} ${JSON.stringify(candidate)}`
      if (this.#tried.has(saying)) continue
      const outcome = yield* this.#brief(candidate, mostEvents)
      // What was too long for this pass is still to be tried by those that take more.
      if (outcome !== undefined || stretch === undefined) this.#tried.add(saying)
      const shown = outcome && (yield* withoutIdleFaults(outcome, this.target))
      if (shown !== outcome) this.#count(outcome?.events ?? 0)
      if (shown === undefined || (strictly && kindOf(shown, this.target) !== kind)) continue
      this.#scenario = shown.scenario
      this.#run = shown
      this.#countAnew()
      return place
    }
    return undefined
  }

  /** The run of a scenario, if it ends well and has no more events than that. */
  *#brief(scenario: Scenario, mostEvents: number): NeedsRuns<Run | undefined> {
    const outcome = yield { scenario, mostEvents }
    // Whoever makes the runs need not end those that are too long.
    this.#count(typeof outcome === 'string' ? mostEvents : Math.min(mostEvents, outcome.events))
    return typeof outcome === 'string' || outcome.events > mostEvents ? undefined : outcome
  }

  #countAnew(): void {
    const { events } = this.#run
    if (events > muchSmaller * this.#countedFrom) return
    this.#countedFrom = events
    this.#events = 0
  }

  #count(events: number): void {
    this.#runs++
    this.#events += eventsAround + events
  }
}

/** The items of a list with their places, those before the given one last. */
function* beginningAt<T>(items: Iterable<T>, from: number): Generator<readonly [number, T]> {
  const passed: (readonly [number, T])[] = []
  let place = 0
  for (const item of items) {
    if (place < from) passed.push([place, item])
    else yield [place, item]
    place++
  }
  yield* passed
}

/** A run that breaks what is aimed at, made again without those of its faults that never struck, if there are any; nothing where it breaks it no more. */
function* withoutIdleFaults(run: Run, target: ShrinkTarget): NeedsRuns<Run | undefined> {
  if (!breaks(run, target) || shows(run, target)) return breaks(run, target) ? run : undefined
  const struck = run.faults.filter(({ state }) => state === 'over' || state === 'active').map(({ fault }) => fault)
  const again = yield withFaults(run.scenario, struck)
  return typeof again !== 'string' && shows(again, target) ? again : undefined
}

function kindOf(run: Run, { service, guarantee, level }: ShrinkTarget): string {
  const failures = failuresOf(run, { guarantees: [`${guarantee}/${level}`], symptom: undefined })
  return failures.find((failure) => failure.service === service)?.kind ?? ''
}
