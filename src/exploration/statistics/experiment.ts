import { withDrawnFaults } from '../../pipeline/draw-nemesis.ts'
import type { Run } from '../../run.ts'
import { run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { Micros } from '../../simulation/duration.ts'
import type { NemesisProfileName } from '../../simulation/nemesis.ts'
import { searchSpaceOf, type StrikeableNode } from '../search-space.ts'
import { anything } from '../failure.ts'
import { neutralFaults } from './neutral-faults.ts'

/** A design that is measured: a scenario, or a variant of one, or one with other options. */
export interface Design {
  readonly name: string
  readonly scenario: Scenario
  readonly nodes: readonly StrikeableNode[]
}

/** What is measured: every design under the same draws, so many times. The number of runs is fixed before the first. */
export interface Experiment {
  readonly designs: readonly Design[]
  readonly profile: NemesisProfileName
  readonly duration: Micros
  readonly runs: number
  readonly seed: string
}

/** What one run of one design came to. */
export interface Observation {
  /** `no-loss/effect`: broken in some service; judged in some; not decided in any. */
  readonly broken: readonly string[]
  readonly judged: readonly string[]
  readonly undecided: readonly string[]
  /** How many faults of each kind struck. */
  readonly struck: readonly string[]
  readonly missed: number
  readonly facts: readonly string[]
  /** µs, of all services that had one: the worst. */
  readonly effectLatency: number | undefined
}

/** Sets an experiment up. Faults go on for as long as the longest design has work to do, unless a time is given. */
export function experimentOf(
  scenarios: readonly { readonly name: string; readonly scenario: Scenario }[],
  profile: NemesisProfileName,
  runs: number,
  given: { readonly duration: Micros | undefined; readonly seed: string },
): Experiment {
  const spaces = scenarios.map(({ name, scenario }) => {
    const space = searchSpaceOf(scenario, { wanted: anything, seed: given.seed, nemesis: undefined })
    return { design: { name, scenario, nodes: space.nodes }, horizon: space.horizon }
  })
  const duration = given.duration ?? Math.max(...spaces.map(({ horizon }) => horizon))
  return { designs: spaces.map(({ design }) => design), profile, duration, runs, seed: given.seed }
}

/** The n-th run of every design, under the same seed and the same faults. */
export function observe(experiment: Experiment, index: number): readonly Observation[] {
  const seed = `${experiment.seed}/${index}`
  return experiment.designs.map(({ scenario, nodes }) => {
    const faults = neutralFaults(experiment.profile, seed, nodes, experiment.duration)
    return observationOf(run(withDrawnFaults({ ...scenario, seed, faults: [...scenario.faults, ...faults] })))
  })
}

function observationOf({ rows, faults, history, metrics }: Run): Observation {
  const named = rows.filter(({ service }) => !service.includes('→'))
  const keys = (verdict: string): readonly string[] => [
    ...new Set(named.filter((row) => row.verdict === verdict).map(({ guarantee, level }) => `${guarantee}/${level}`)),
  ]
  const [broken, holds] = [keys('violated'), keys('holds')]
  const judged = [...new Set([...broken, ...holds])]
  const struck = faults.filter(({ state }) => state === 'over' || state === 'active').map(({ fault }) => fault.action)
  const latencies = metrics.services.flatMap(({ effectLatency }) => effectLatency?.p99 ?? [])
  return {
    broken,
    judged,
    undecided: keys('unknown').filter((key) => !judged.includes(key)),
    struck,
    missed: faults.length - struck.length,
    facts: [...new Set([...history].map(({ kind }) => kind))],
    effectLatency: latencies.length === 0 ? undefined : Math.max(...latencies),
  }
}
