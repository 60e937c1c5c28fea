import { withDrawnFaults } from '../../pipeline/draw-nemesis.ts'
import { follow } from '../../history/fold.ts'
import type { JudgedRow, Run } from '../../run.ts'
import { run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { Micros } from '../../simulation/duration.ts'
import type { Fault } from '../../simulation/fault.ts'
import type { NemesisProfileName } from '../../simulation/nemesis.ts'
import { searchSpaceOf } from '../search-space.ts'
import { anything } from '../failure.ts'
import { calmRunOf, type CalmRun } from './cost.ts'
import {
  counterpartsOf,
  drawNeutralFaults,
  givenTo,
  neutralTargetsOf,
  type Counterpart,
  type NeutralTarget,
} from './neutral-faults.ts'
import { Recovery } from './recovery.ts'

/** The value that a design has of an option that is swept. */
export interface SweptValue {
  readonly path: string
  readonly value: string
}

/** A scenario that is to be measured, under a name of its own. */
export interface NamedScenario {
  readonly name: string
  readonly scenario: Scenario
  /** Of the options that are swept; none where designs differ otherwise. */
  readonly swept: readonly SweptValue[]
}

/** A design that is measured: a scenario, or a variant of one, or one with other options. */
export interface Design extends NamedScenario {
  /** Which of its nodes is struck by what is drawn for whom. */
  readonly counterparts: readonly Counterpart[]
  /** What it does and costs when nothing breaks. */
  readonly calm: CalmRun
}

/** What is measured: every design under the same draws, so many times. The number of runs is fixed before the first. */
export interface Experiment {
  readonly designs: readonly Design[]
  readonly profile: NemesisProfileName
  readonly duration: Micros
  readonly runs: number
  readonly seed: string
  /** Whom faults are drawn for. */
  readonly targets: readonly NeutralTarget[]
}

/** What one run of one design came to. */
export interface Observation {
  /** Which run of the experiment. */
  readonly run: number
  readonly fingerprint: string
  readonly events: number
  /** `no-loss/effect`: broken in some service; judged in some; not decided in any. */
  readonly broken: readonly string[]
  readonly judged: readonly string[]
  readonly undecided: readonly string[]
  /** The kind of each fault that struck. */
  readonly struck: readonly string[]
  readonly missed: number
  /** Faults that were drawn for somebody whom this design does not have: `crash of broker 3`. */
  readonly without: readonly string[]
  readonly facts: readonly string[]
  /** µs, of all services that had one: the worst p99, and the mean over all effects. */
  readonly effectLatency: number | undefined
  readonly meanEffectLatency: number | undefined
  /** µs from the end of the last fault until everything was handled that was sent before. */
  readonly recovery: number | undefined
  readonly sent: number
  readonly redeliveries: number
  readonly duplicateEffects: number
}

/** Sets an experiment up. Faults go on for as long as the longest design has work to do, unless a time is given. */
export function experimentOf(
  scenarios: readonly NamedScenario[],
  profile: NemesisProfileName,
  runs: number,
  given: { readonly duration: Micros | undefined; readonly seed: string },
): Experiment {
  const spaces = scenarios.map(({ scenario }) =>
    searchSpaceOf(scenario, { wanted: anything, seed: given.seed, nemesis: undefined }),
  )
  const duration = given.duration ?? Math.max(...spaces.map(({ horizon }) => horizon))
  const designs = scenarios.map((named, place) => ({
    ...named,
    counterparts: counterpartsOf(spaces[place]?.nodes ?? []),
    calm: calmRunOf(named.scenario),
  }))
  return {
    designs,
    profile,
    duration,
    runs,
    seed: given.seed,
    targets: neutralTargetsOf(spaces.map(({ nodes }) => nodes)),
  }
}

/** The n-th run of every design, under the same seed and the same faults. */
export function observe(experiment: Experiment, index: number): readonly Observation[] {
  const drawn = drawnIn(experiment, index)
  return experiment.designs.map((design) => {
    const { scenario, without } = struckBy(drawn, design)
    const recovery = new Recovery()
    const outcome = run(scenario, { watch: ({ world }) => follow(world.history, [recovery]) })
    return { run: index, ...observationOf(outcome), without, recovery: recovery.finish() }
  })
}

/** What the n-th run of a design runs: the design with the seed of that run, its own faults and those that were drawn, in a plain schedule. */
export function scenarioInRun(experiment: Experiment, design: Design, index: number): Scenario {
  return struckBy(drawnIn(experiment, index), design).scenario
}

interface Drawn {
  readonly seed: string
  /** On neutral targets. */
  readonly faults: readonly Fault[]
}

function drawnIn({ profile, targets, duration, seed: all }: Experiment, index: number): Drawn {
  const seed = `${all}/${index}`
  return { seed, faults: drawNeutralFaults(profile, seed, targets, duration) }
}

function struckBy(
  { seed, faults: drawn }: Drawn,
  { scenario, counterparts }: Design,
): { readonly scenario: Scenario; readonly without: readonly string[] } {
  const { faults, without } = givenTo(counterparts, drawn)
  return { scenario: withDrawnFaults({ ...scenario, seed, faults: [...scenario.faults, ...faults] }), without }
}

/** The rows of a run that rates are about: those of services and of the run, by `no-loss/effect`. A chain says no more than its hops. */
export function ratedRows({ rows }: Run): readonly { readonly key: string; readonly row: JudgedRow }[] {
  return rows
    .filter(({ service }) => !service.includes('→'))
    .map((row) => ({ key: `${row.guarantee}/${row.level}`, row }))
}

function observationOf(outcome: Run): Omit<Observation, 'run' | 'without' | 'recovery'> {
  const { fingerprint, events, faults, history, metrics } = outcome
  const named = ratedRows(outcome)
  const keys = (verdict: string): readonly string[] => [
    ...new Set(named.filter(({ row }) => row.verdict === verdict).map(({ key }) => key)),
  ]
  const [broken, holds] = [keys('violated'), keys('holds')]
  const judged = [...new Set([...broken, ...holds])]
  const struck = faults.filter(({ state }) => state === 'over' || state === 'active').map(({ fault }) => fault.action)
  const { services } = metrics
  const latencies = services.flatMap(({ effectLatency }) => effectLatency ?? [])
  const effects = latencies.reduce((sum, { count }) => sum + count, 0)
  const waited = latencies.reduce((sum, { count, mean }) => sum + count * mean, 0)
  return {
    fingerprint,
    events,
    broken,
    judged,
    undecided: keys('unknown').filter((key) => !judged.includes(key)),
    struck,
    missed: faults.length - struck.length,
    facts: history.kinds.map(({ name }) => name).filter((name) => history.countOf(name) > 0),
    effectLatency: latencies.length === 0 ? undefined : Math.max(...latencies.map(({ p99 }) => p99)),
    meanEffectLatency: effects === 0 ? undefined : waited / effects,
    sent: services.reduce((sum, service) => sum + service.sent, 0),
    redeliveries: services.reduce((sum, service) => sum + service.redeliveries, 0),
    duplicateEffects: services.reduce((sum, service) => sum + service.duplicateEffects, 0),
  }
}
