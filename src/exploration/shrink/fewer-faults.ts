import type { Run } from '../../run.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { Fault } from '../../simulation/fault.ts'
import { failuresOf } from '../failure.ts'
import type { Pass } from './shrinking.ts'

/** Delta debugging: the schedule without some of its faults; first all but the one that is blamed, then halves, quarters, single ones. */
export const fewerFaults: Pass = function* (current, run) {
  const { faults } = current
  if (faults.length > 1) for (const blamed of blamedIn(run)) yield withFaults(current, [blamed])
  if (faults.length > 0) yield withFaults(current, [])
  for (let size = faults.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < faults.length; from += size) {
      yield withFaults(current, [...faults.slice(0, from), ...faults.slice(from + size)])
    }
  }
}

/** The schedule without any one of its faults. */
export const withoutOneFault: Pass = function* (current) {
  for (const place of current.faults.keys()) yield withFaults(current, current.faults.toSpliced(place, 1))
}

/** The faults that the failures of a run are put down to. */
export function blamedIn(run: Run): readonly Fault[] {
  const broken = run.rows
    .filter(({ verdict }) => verdict === 'violated')
    .map(({ guarantee, level }) => `${guarantee}/${level}`)
  const places = failuresOf(run, { guarantees: broken, symptom: undefined }).flatMap(({ fault }) => fault ?? [])
  return [...new Set(places)].flatMap((place) => run.scenario.faults[place] ?? [])
}

export function withFaults(scenario: Scenario, faults: readonly Fault[]): Scenario {
  return { ...scenario, faults }
}

/** The scenario with one of its faults replaced. */
export function withFaultAt(scenario: Scenario, place: number, fault: Fault): Scenario {
  return withFaults(scenario, scenario.faults.with(place, fault))
}
