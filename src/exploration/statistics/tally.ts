import { systemKinds } from '../../systems/registry.ts'
import { isCalibrated, type StructuralCost } from './cost.ts'
import type { Design, Experiment, Observation, SweptValue } from './experiment.ts'
import { frontiersOf, type Frontier } from './frontier.ts'
import type { Counterpart } from './neutral-faults.ts'
import { contrastsOf, type Contrast } from './contrasts.ts'
import { plainestOf } from './plainest.ts'
import { pairedDifference, proportion, type PairedDifference, type Proportion } from './proportion.ts'

/** How often each guarantee broke in a design, with what a reader must know before believing it. */
export interface DesignTally {
  readonly name: string
  /** The values of the options that are swept. */
  readonly swept: readonly SweptValue[]
  /** Who was struck by what was drawn for whom. */
  readonly counterparts: readonly Counterpart[]
  /** How many faults were drawn for somebody whom this design does not have: by `crash of broker 3`. */
  readonly withoutCounterpart: Readonly<Record<string, number>>
  /** By `guarantee/level`; of the runs in which it could be judged. */
  readonly rates: Readonly<Record<string, Rate>>
  /** Guarantees that had nothing to judge in some runs, and in how many. */
  readonly undecided: Readonly<Record<string, number>>
  /** By kind of fault: in how many runs it struck, and how often in all. */
  readonly struck: Readonly<Record<string, { readonly runs: number; readonly times: number }>>
  /** Faults that never struck, in all runs. */
  readonly missed: number
  /** Kinds of facts of its products that no run had. */
  readonly neverSeen: readonly string[]
  /** µs, the median over runs of the p99 of the slowest service. */
  readonly effectLatency: number | undefined
  /** µs from the end of the last fault until everything was handled that was sent before it, over the runs in which a fault struck. */
  readonly recovery: Spread | undefined
  /** Of a thousand messages sent: deliveries of what had been delivered, effects of what had had its effect. */
  readonly duplicatesPerThousand: { readonly deliveries: number; readonly effects: number }
  readonly cost: DesignCost
  /** Whether its latencies were measured by somebody. If not, its times are in the right order of magnitude at best. */
  readonly calibrated: boolean
}

/** How often something broke, and a run in which it did. */
export interface Rate extends Proportion {
  /** The number of the plainest of them; nothing where there is none. */
  readonly plainest: number | undefined
}

/** What each message costs: counted in a run in which nothing breaks, but for the time that faults make it wait. */
export interface DesignCost extends StructuralCost {
  /** By how many seconds the mean time until the effect is longer under the faults than without any; nothing without effects. */
  readonly stalledSeconds: number | undefined
}

/** Exact quantiles over runs. */
export interface Spread {
  readonly p50: number
  readonly p90: number
  readonly max: number
}

export interface ExperimentTally {
  readonly runs: number
  readonly designs: readonly DesignTally[]
  /** Of each later design with the first, by `guarantee/level`. */
  readonly differences: readonly { readonly name: string; readonly by: Readonly<Record<string, PairedDifference>> }[]
  /** Runs in which one design breaks what another keeps. */
  readonly contrasts: readonly Contrast[]
  /** Whether any guarantee broke in any design: if not, nothing is said about which is better. */
  readonly anythingBroke: boolean
  /** Guarantee against cost. */
  readonly frontiers: readonly Frontier[]
}

/** Adds up an experiment; `observations` are by run, and in a run by design. */
export function tally(experiment: Experiment, observations: readonly (readonly Observation[])[]): ExperimentTally {
  const byDesign = experiment.designs.map((_, place) => observations.flatMap((run) => run[place] ?? []))
  const designs = experiment.designs.map((design, place) => tallyOf(design, byDesign[place] ?? []))
  const [first = []] = byDesign
  const differences = designs
    .slice(1)
    .map(({ name }, place) => ({ name, by: differencesOf(byDesign[place + 1] ?? [], first) }))
  const anythingBroke = designs.some(({ rates }) => Object.values(rates).some(({ count }) => count > 0))
  const contrasts = contrastsOf(byDesign)
  return { runs: observations.length, designs, differences, contrasts, anythingBroke, frontiers: frontiersOf(designs) }
}

function tallyOf({ name, scenario, swept, counterparts, calm }: Design, runs: readonly Observation[]): DesignTally {
  const kinds = Object.values(scenario.systems).map(({ kind }) => kind)
  const guarantees = names(runs.flatMap(({ judged }) => judged))
  const count = (having: (run: Observation) => boolean): number => runs.filter(having).length
  const struck = names(runs.flatMap((run) => run.struck))
  const seen = new Set(runs.flatMap(({ facts }) => facts))
  const facts = systemKinds.filter((kind) => kinds.includes(kind.name)).flatMap((kind) => kind.facts)
  const without = names(runs.flatMap((run) => run.without))
  const sent = runs.reduce((sum, run) => sum + run.sent, 0)
  const perThousand = (of: 'redeliveries' | 'duplicateEffects'): number =>
    sent === 0 ? 0 : (runs.reduce((sum, run) => sum + run[of], 0) * 1000) / sent
  return {
    name,
    swept,
    counterparts,
    withoutCounterpart: entries(without, (key) =>
      runs.reduce((sum, run) => sum + run.without.filter((what) => what === key).length, 0),
    ),
    rates: entries(guarantees, (key) => {
      const broken = runs.filter((run) => run.broken.includes(key))
      const judged = count((run) => run.judged.includes(key))
      return { ...proportion(broken.length, judged), plainest: plainestOf(broken) }
    }),
    undecided: entries(names(runs.flatMap(({ undecided }) => undecided)), (key) =>
      count(({ undecided }) => undecided.includes(key)),
    ),
    struck: entries(struck, (key) => ({
      runs: count((run) => run.struck.includes(key)),
      times: runs.flatMap((run) => run.struck).filter((action) => action === key).length,
    })),
    missed: runs.reduce((sum, run) => sum + run.missed, 0),
    neverSeen: names(facts.map((fact) => fact.name)).filter((fact) => !seen.has(fact)),
    effectLatency: spreadOf(runs.flatMap(({ effectLatency }) => effectLatency ?? []))?.p50,
    recovery: spreadOf(runs.flatMap(({ recovery }) => recovery ?? [])),
    duplicatesPerThousand: { deliveries: perThousand('redeliveries'), effects: perThousand('duplicateEffects') },
    cost: { ...calm.cost, stalledSeconds: stalledSeconds(runs, calm.effectLatency) },
    calibrated: isCalibrated(scenario),
  }
}

function stalledSeconds(runs: readonly Observation[], calm: number | undefined): number | undefined {
  const means = runs.flatMap(({ meanEffectLatency }) => meanEffectLatency ?? [])
  if (means.length === 0 || calm === undefined) return undefined
  return Math.max(0, means.reduce((sum, mean) => sum + mean, 0) / means.length - calm) / 1e6
}

function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((one, other) => one - other)
  const [least] = sorted
  if (least === undefined) return undefined
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? least
  return { p50: at(0.5), p90: at(0.9), max: sorted.at(-1) ?? least }
}

/** Only runs in which both could be judged say anything about a difference. */
function differencesOf(
  one: readonly Observation[],
  other: readonly Observation[],
): Readonly<Record<string, PairedDifference>> {
  const pairs = one.flatMap((run, place) => {
    const against = other[place]
    return against === undefined ? [] : [{ run, against }]
  })
  return entries(names(one.flatMap(({ judged }) => judged)), (key) => {
    const both = pairs.filter(({ run, against }) => run.judged.includes(key) && against.judged.includes(key))
    const only = (first: 'run' | 'against', second: 'run' | 'against'): number =>
      both.filter((pair) => pair[first].broken.includes(key) && !pair[second].broken.includes(key)).length
    return pairedDifference(only('run', 'against'), only('against', 'run'), both.length)
  })
}

function names(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort()
}

function entries<T>(keys: readonly string[], valueOf: (key: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(keys.map((key) => [key, valueOf(key)]))
}
