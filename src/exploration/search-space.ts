import { memberNames } from '../application/service.ts'
import { withDrawnFaults } from '../pipeline/draw-nemesis.ts'
import { buildWorld } from '../pipeline/simulate.ts'
import { run, type Run } from '../run.ts'
import type { Scenario } from '../scenario/scenario.ts'
import { millisecond } from '../simulation/duration.ts'
import { faultKinds } from '../simulation/faults/registry.ts'
import { answered, delivered, effectApplied, handled } from '../history/facts.ts'
import { anchorPointsOf, type AnchorPoint } from './anchors.ts'
import type { Wanted } from './failure.ts'

/** A node that faults can strike, and what it is. */
export interface StrikeableNode {
  readonly name: string
  readonly part: 'broker' | 'consumer' | 'producer' | 'store'
}

/** All that a search draws from, worked out once and plain, so that every worker has the same. */
export interface SearchSpace {
  readonly scenario: Scenario
  readonly wanted: Wanted
  /** Every draw of the search comes from it. */
  readonly seed: string
  /** Kinds of faults that may be drawn. */
  readonly kinds: readonly string[]
  readonly nodes: readonly StrikeableNode[]
  /** Facts of the run without drawn faults at which faults may strike. */
  readonly points: readonly AnchorPoint[]
  /** µs: when the run without drawn faults had nothing more to do. */
  readonly horizon: number
  /** A drawn run is at its bound once it has so many events, over or not. */
  readonly mostEvents: number
  /** µs that a fault lasts at most. */
  readonly longest: number
  /** Whether faults may have no end: where the scenario heals not everybody in the end, somebody may be gone for good. */
  readonly isForGood: boolean
  /** By kind of fault and name of a parameter: the most that it may be. What is not named is bounded by its kind alone. */
  readonly strongest: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** A profile to draw the faults from instead. */
  readonly nemesis: string | undefined
  /** Whether messages, rates, members and latencies are drawn too; not where the scenario's own faults wait for messages. */
  readonly changesWorkload: boolean
  /** Parts of the search of which each guides itself by what it has found; 0 where every run is drawn afresh. */
  readonly islands: number
}

export interface SpaceOptions {
  readonly wanted: Wanted
  readonly seed: string
  readonly nemesis: string | undefined
  /** Default: ten times as many as the run of the scenario as it stands, and {@link enoughEvents} at least. */
  readonly mostEvents?: number
  /** Default 0: nothing guides the search. */
  readonly islands?: number
}

/** How many events a drawn run may have however few the scenario itself has: broken disks and parted brokers go on trying for long. */
const enoughEvents = 50_000

/** Looks at a scenario by running it once as it stands. */
export function searchSpaceOf(scenario: Scenario, options: SpaceOptions): SearchSpace {
  return searchSpaceAround(run(withDrawnFaults(scenario)), options)
}

/** The same from the run of the scenario as it stands, for scenarios that somebody else has to run. */
export function searchSpaceAround({ scenario, history, events }: Run, options: SpaceOptions): SearchSpace {
  const busy = [...history].findLast(({ kind }) => lastWork.has(kind))
  const horizon = Math.max(10 * millisecond, busy?.time ?? 0)
  return {
    scenario,
    ...options,
    kinds: faultKinds
      .filter(({ isRestart, concerns }) => isRestart !== true && concerns === undefined)
      .map(({ name }) => name),
    nodes: nodesOf(scenario),
    points: anchorPointsOf(history),
    horizon,
    mostEvents: options.mostEvents ?? Math.max(enoughEvents, 10 * events),
    longest: longestFault(horizon, scenario.settling.bound),
    isForGood: scenario.settling.heal !== 'all',
    strongest: {},
    // What a profile draws is not to be changed.
    islands: options.nemesis === undefined ? (options.islands ?? 0) : 0,
    changesWorkload: !scenario.faults.some(({ strikes }) => 'when' in strikes),
  }
}

/**
 * Faults last for up to eight times the work of the scenario, but not so long that a run is at its bound before it is over: at most half of what is left of
 * it behind the work, so that the other half is there for what comes after.
 */
function longestFault(horizon: number, bound: number): number {
  return Math.min(8 * horizon, Math.max(millisecond, Math.floor((bound - horizon) / 2)))
}

const lastWork: ReadonlySet<string> = new Set([answered.name, delivered.name, handled.name, effectApplied.name])

/** The nodes of a scenario in the order in which they are built. */
export function nodesOf(scenario: Scenario): readonly StrikeableNode[] {
  const { world } = buildWorld({ ...scenario, faults: [], nemesis: undefined })
  return world.nodes.map(({ name }) => {
    const service = scenario.services.find((candidate) => memberNames(candidate).includes(name))
    if (service !== undefined) return { name, part: service.receives.length > 0 ? 'consumer' : 'producer' }
    return { name, part: scenario.stores[name] === undefined ? 'broker' : 'store' }
  })
}
