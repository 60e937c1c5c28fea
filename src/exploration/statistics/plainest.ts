import type { Observation } from './experiment.ts'

/** How much happens in a run. */
type RunSize = Pick<Observation, 'run' | 'struck' | 'events'>

/** The number of the run that is the easiest to read: the fewest faults that struck, then the fewest events, then the earliest; nothing of none. */
export function plainestOf(runs: readonly RunSize[]): number | undefined {
  const [first, ...others] = runs
  return first && others.reduce((plainest, one) => (isPlainer(one, plainest) ? one : plainest), first).run
}

function isPlainer(one: RunSize, other: RunSize): boolean {
  const differences = [one.struck.length - other.struck.length, one.events - other.events, one.run - other.run]
  return (differences.find((difference) => difference !== 0) ?? 0) < 0
}
