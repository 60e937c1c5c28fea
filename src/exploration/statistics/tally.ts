import { systemKinds } from '../../systems/registry.ts'
import type { Experiment, Observation } from './experiment.ts'
import { pairedDifference, proportion, type PairedDifference, type Proportion } from './proportion.ts'

/** How often each guarantee broke in a design, with what a reader must know before believing it. */
export interface DesignTally {
  readonly name: string
  /** By `guarantee/level`; of the runs in which it could be judged. */
  readonly rates: Readonly<Record<string, Proportion>>
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
}

export interface ExperimentTally {
  readonly runs: number
  readonly designs: readonly DesignTally[]
  /** Of each later design with the first, by `guarantee/level`. */
  readonly differences: readonly { readonly name: string; readonly by: Readonly<Record<string, PairedDifference>> }[]
  /** Whether any guarantee broke in any design: if not, nothing is said about which is better. */
  readonly anythingBroke: boolean
}

/** Adds up an experiment; `observations` are by run, and in a run by design. */
export function tally(experiment: Experiment, observations: readonly (readonly Observation[])[]): ExperimentTally {
  const byDesign = experiment.designs.map((_, place) => observations.flatMap((run) => run[place] ?? []))
  const designs = experiment.designs.map(({ name, scenario }, place) => {
    const kinds = Object.values(scenario.systems).map(({ kind }) => kind)
    return tallyOf(name, kinds, byDesign[place] ?? [])
  })
  const [first = []] = byDesign
  const differences = designs
    .slice(1)
    .map(({ name }, place) => ({ name, by: differencesOf(byDesign[place + 1] ?? [], first) }))
  const anythingBroke = designs.some(({ rates }) => Object.values(rates).some(({ count }) => count > 0))
  return { runs: observations.length, designs, differences, anythingBroke }
}

function tallyOf(name: string, kinds: readonly string[], runs: readonly Observation[]): DesignTally {
  const guarantees = names(runs.flatMap(({ judged }) => judged))
  const count = (having: (run: Observation) => boolean): number => runs.filter(having).length
  const struck = names(runs.flatMap((run) => run.struck))
  const seen = new Set(runs.flatMap(({ facts }) => facts))
  const facts = systemKinds.filter((kind) => kinds.includes(kind.name)).flatMap((kind) => kind.facts)
  const latencies = runs.flatMap(({ effectLatency }) => effectLatency ?? []).sort((one, other) => one - other)
  return {
    name,
    rates: entries(guarantees, (key) =>
      proportion(
        count(({ broken }) => broken.includes(key)),
        count(({ judged }) => judged.includes(key)),
      ),
    ),
    undecided: entries(names(runs.flatMap(({ undecided }) => undecided)), (key) =>
      count(({ undecided }) => undecided.includes(key)),
    ),
    struck: entries(struck, (key) => ({
      runs: count((run) => run.struck.includes(key)),
      times: runs.flatMap((run) => run.struck).filter((action) => action === key).length,
    })),
    missed: runs.reduce((sum, run) => sum + run.missed, 0),
    neverSeen: names(facts.map((fact) => fact.name)).filter((fact) => !seen.has(fact)),
    effectLatency: latencies[latencies.length >> 1],
  }
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
