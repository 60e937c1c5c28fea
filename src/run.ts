import type { CheckRow } from './checks/check.ts'
import { judge, judgeLive } from './checks/judge.ts'
import type { History } from './history/history.ts'
import type { Metrics } from './metrics/metrics.ts'
import { measure, measureLive } from './metrics/metrics.ts'
import type { Conclusion, JudgedFault, JudgedRow, JudgedThreshold } from './pipeline/conclusion.ts'
import { conclusionOf, judgeRows, judgeThreshold, notesOn } from './pipeline/conclusion.ts'
import { withDrawnFaults } from './pipeline/draw-nemesis.ts'
import { planOf } from './pipeline/plan.ts'
import type { Simulated, SimulateOptions } from './pipeline/simulate.ts'
import { simulate, simulateAsync } from './pipeline/simulate.ts'
import type { PartDescriptions } from './pipeline/part-descriptions.ts'
import { lazily } from './pipeline/lazily.ts'
import { describeParts } from './pipeline/part-descriptions.ts'
import type { SystemDescription } from './pipeline/system-description.ts'
import { describeSystems } from './pipeline/system-description.ts'
import type { Scenario } from './scenario/scenario.ts'
import type { Ending } from './simulation/settling.ts'

export type { JudgedFault, JudgedRow, JudgedThreshold }

/** A run, whole: what was tried, what happened, what was right and how it went. Reports need nothing else. */
export interface Run {
  readonly scenario: Scenario
  readonly fingerprint: string
  readonly events: number
  readonly simulatedMicros: number
  readonly ending: Ending
  /** What it was still waiting for, when it was stuck or reached its bound. */
  readonly waitingFor: string
  readonly history: History
  readonly rows: readonly JudgedRow[]
  readonly thresholds: readonly JudgedThreshold[]
  readonly metrics: Metrics
  readonly faults: readonly JudgedFault[]
  readonly systems: readonly SystemDescription[]
  readonly parts: PartDescriptions
  /** What a run that tested little must say of itself: no fault struck, nothing was handled. */
  readonly notes: readonly string[]
  readonly conclusion: Conclusion
}

/** The whole program: what to try → what happened → was it right, how did it go. */
export function run(scenario: Scenario, options: SimulateOptions = {}): Run {
  const planned = withDrawnFaults(scenario)
  const judges = new Judges(planned)
  return judges.conclude(simulate(planned, judges.watching(options)))
}

/** The same for scenarios with user code; `turn` lets the event loop turn once. */
export async function runAsync(
  scenario: Scenario,
  turn: () => Promise<void>,
  options: SimulateOptions = {},
): Promise<Run> {
  const planned = withDrawnFaults(scenario)
  const judges = new Judges(planned)
  return judges.conclude(await simulateAsync(planned, turn, judges.watching(options)))
}

/** What happened and what was found, held against what the scenario expects. */
export function concluded(
  scenario: Scenario,
  simulated: Omit<Simulated, 'checkpoints' | 'systems'>,
  rows: readonly CheckRow[],
  measured: () => Metrics,
): Run {
  const { fingerprint, events, simulatedMicros, ending, waitingFor, history, faultStates } = simulated
  const judged = judgeRows(rows, scenario)
  const metrics = lazily(measured)
  const thresholds = scenario.thresholds.map((threshold) => judgeThreshold(threshold, metrics()))
  const faults = scenario.faults.map((fault, index) => ({ fault, state: faultStates[index] ?? 'missed' }))
  const notes = notesOn(scenario, faults, judged)
  const conclusion = conclusionOf(scenario, judged, thresholds, faults)
  const happened = { scenario, fingerprint, events, simulatedMicros, ending, waitingFor, history }
  return new FinishedRun(
    { ...happened, rows: judged, thresholds, faults, notes, conclusion },
    { metrics, systems: lazily(() => describeSystems(scenario)), parts: lazily(() => describeParts(scenario)) },
  )
}

/** The same run with other rows. */
export function withRows(given: Run, rows: readonly JudgedRow[]): Run {
  return new FinishedRun(
    { ...given, rows },
    { metrics: () => given.metrics, systems: () => given.systems, parts: () => given.parts },
  )
}

/** What of a run is computed when somebody asks for it: a search makes thousands of runs, and asks nearly none of them for this. */
interface Asked {
  readonly metrics: () => Run['metrics']
  readonly systems: () => Run['systems']
  readonly parts: () => Run['parts']
}

/** A class, whose getters all runs share: an object with getters of its own is slow to read, and kept from being collected for long. */
class FinishedRun implements Run {
  readonly scenario: Scenario
  readonly fingerprint: string
  readonly events: number
  readonly simulatedMicros: number
  readonly ending: Ending
  readonly waitingFor: string
  readonly history: History
  readonly rows: readonly JudgedRow[]
  readonly thresholds: readonly JudgedThreshold[]
  readonly faults: readonly JudgedFault[]
  readonly notes: readonly string[]
  readonly conclusion: Conclusion
  readonly #asked: Asked

  constructor(known: Omit<Run, keyof Asked>, asked: Asked) {
    this.scenario = known.scenario
    this.fingerprint = known.fingerprint
    this.events = known.events
    this.simulatedMicros = known.simulatedMicros
    this.ending = known.ending
    this.waitingFor = known.waitingFor
    this.history = known.history
    this.rows = known.rows
    this.thresholds = known.thresholds
    this.faults = known.faults
    this.notes = known.notes
    this.conclusion = known.conclusion
    this.#asked = asked
  }

  get metrics(): Run['metrics'] {
    return this.#asked.metrics()
  }

  get systems(): Run['systems'] {
    return this.#asked.systems()
  }

  get parts(): Run['parts'] {
    return this.#asked.parts()
  }
}

/** Those who judge and measure a run: from its history, or while it goes on where that is not kept. */
class Judges {
  readonly #scenario: Scenario
  #live:
    | { readonly judging: ReturnType<typeof judgeLive>; readonly measuring: ReturnType<typeof measureLive> }
    | undefined

  constructor(scenario: Scenario) {
    this.#scenario = scenario
  }

  watching(options: SimulateOptions): SimulateOptions {
    if (options.keepHistory !== false) return options
    return {
      ...options,
      watch: (built) => {
        const { history } = built.world
        const judging = judgeLive(history, planOf(this.#scenario, built.systems))
        this.#live = { judging, measuring: measureLive(history) }
        options.watch?.(built)
      },
    }
  }

  conclude(simulated: Simulated): Run {
    const { history, systems } = simulated
    const rows = this.#live?.judging.finish() ?? judge(history, planOf(this.#scenario, systems))
    return concluded(this.#scenario, simulated, rows, () => this.#live?.measuring.finish() ?? measure(history))
  }
}
