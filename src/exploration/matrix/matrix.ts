import type { Scenario } from '../../scenario/scenario.ts'
import type { FailurePoint, Placement } from './failure-point.ts'
import type { Outcome } from './outcome.ts'
import { observe } from './outcome.ts'
import type { StrategyRow } from './strategy-row.ts'

/** One strategy at one failure point: what came of every placement of the fault. */
export interface Cell {
  readonly strategy: string
  readonly failurePoint: string
  /** How many placements came to each outcome; all 0 where the point does not exist for the strategy. */
  readonly outcomes: Readonly<Record<Outcome, number>>
  /** The first placement that broke something, else the first of all; nothing where there is none. */
  readonly example: Example | undefined
}

/** A placement as a scenario. */
export interface Example {
  readonly where: string
  readonly outcome: Outcome
  readonly scenario: Scenario
}

/** Runs every placement of a failure point for a strategy. */
export function cellOf(row: StrategyRow, point: FailurePoint): Cell {
  const counts: Record<Outcome, number> = { safe: 0, duplicate: 0, lost: 0, stale: 0, blocked: 0 }
  let example: Cell['example']
  for (const placement of point.placements(row)) {
    const outcome = outcomeOf(row, placement)
    if (outcome === undefined) continue
    counts[outcome] += 1
    if (example === undefined || worseThan(example.outcome, outcome))
      example = { where: placement.where, outcome, scenario: titled(row, point, placement) }
  }
  return { strategy: row.name, failurePoint: point.name, outcomes: counts, example }
}

function titled(row: StrategyRow, point: FailurePoint, { where, scenario }: Placement): Scenario {
  return { ...scenario, title: `${row.name}, ${point.name}: ${point.title}, ${where}` }
}

/** Nothing for a placement that turned out to be another failure point's, or that never struck. */
function outcomeOf(row: StrategyRow, { scenario, belongs }: Placement): Outcome | undefined {
  const observed = observe(scenario, row.strategy.writes)
  return observed.struck && (belongs === undefined || belongs(observed)) ? observed.outcome : undefined
}

/** The worse an outcome, the earlier. */
export const worstFirst: readonly Outcome[] = ['lost', 'duplicate', 'stale', 'blocked', 'safe']

function worseThan(known: Outcome, found: Outcome): boolean {
  return worstFirst.indexOf(found) < worstFirst.indexOf(known)
}
