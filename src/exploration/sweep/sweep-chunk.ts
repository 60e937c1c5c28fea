import { run, type Run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { Fault } from '../../simulation/fault.ts'
import { anchorAt, isAnchor, Ordinals } from '../anchors.ts'
import { failuresOf, type Failure, type Wanted } from '../failure.ts'
import { breaks, type ShrinkTarget } from '../shrink/target.ts'
import { runOrError } from '../needs-runs.ts'
import type { Placement } from './placements.ts'

/** What one placement came to. */
export interface SweptPlacement {
  readonly failures: readonly Failure[]
  /** The fault found nobody, or the run was over before it. */
  readonly missed: boolean
  readonly error: string | undefined
}

/** Runs a scenario with each of these faults, one at a time, besides those of `first`. */
export function trySingles(
  scenario: Scenario,
  first: readonly Placement[],
  placements: readonly Placement[],
  wanted: Wanted,
): readonly SweptPlacement[] {
  return placements.map((placement) => {
    try {
      const outcome = runPlaced(scenario, [...first, placement])
      const missed = outcome.faults.at(-1)?.state === 'missed' || outcome.faults.at(-1)?.state === 'waiting'
      return { failures: failuresOf(outcome, wanted), missed, error: undefined }
    } catch (error) {
      return { failures: [], missed: false, error: error instanceof Error ? error.message : String(error) }
    }
  })
}

/** A run with faults at the events of their placements. */
export function runPlaced(scenario: Scenario, placements: readonly Placement[]): Run {
  const faults = [...scenario.faults, ...placements.map(({ fault }) => fault)]
  const strikesBefore = new Map(placements.map(({ event }, place) => [scenario.faults.length + place, event] as const))
  return run({ ...scenario, faults }, { strikesBefore })
}

/**
 * A scenario in which placed faults strike by what can be written down: at the time of the event, else after the last fact before it. Nothing
 * where none of these breaks the same guarantee.
 */
export function writtenDown(
  scenario: Scenario,
  placements: readonly Placement[],
  times: readonly number[],
  target: ShrinkTarget,
): Scenario | undefined {
  const choices = placements.map((placement) => strikesFor(scenario, placements, placement, times))
  const combined = choices.reduce<readonly (readonly Fault[])[]>(
    (all, ways) => all.flatMap((faults) => ways.map((fault) => [...faults, fault])),
    [[]],
  )
  return combined
    .map((faults) => ({ ...scenario, faults: [...scenario.faults, ...faults] }))
    .find((candidate) => {
      const outcome = runOrError(candidate)
      return typeof outcome !== 'string' && breaks(outcome, target)
    })
}

function strikesFor(
  scenario: Scenario,
  placements: readonly Placement[],
  { event, fault }: Placement,
  times: readonly number[],
): readonly Fault[] {
  const at = times[event] ?? 0
  const { history } = runPlaced(scenario, placements)
  const ordinals = new Ordinals(history)
  const before = [...history].filter((fact) => {
    const kind = history.kindOf(fact.kind)
    return fact.time <= at && kind !== undefined && isAnchor(kind)
  })
  const anchors = before
    .map(({ index }) => anchorAt(history, index, ordinals.count(index)))
    .slice(-6)
    .toReversed()
  return [
    { ...fault, strikes: { at } },
    { ...fault, strikes: { at: at + 1 } },
    ...anchors.map((when): Fault => ({ ...fault, strikes: { when, cut: 'after-step' } })),
  ]
}
