/**
 * `node scripts/run-typescript.mjs scripts/sweep-meetings.ts [FILE] [EVERY]`: how much of a sweep could be saved if runs whose states meet were made one from there on. Two runs
 * whose states are the same at some moment have the same events from then on, at the same times. So the events that the end of a run has in common with
 * the end of an earlier one are the most that such a merging could save, even if states were compared for nothing. Tries each EVERY-th single fault.
 */
import { loadScenarios } from '../src/cli/load-scenarios.ts'
import { noOverlay } from '../src/cli/overlay.ts'
import { mixed } from '../src/exploration/coverage.ts'
import { withMessages } from '../src/exploration/shrink/less-work.ts'
import { placementsIn, type Placement } from '../src/exploration/sweep/placements.ts'
import { stepsOf } from '../src/exploration/sweep/steps.ts'
import { simulate } from '../src/pipeline/simulate.ts'
import type { Scenario } from '../src/scenario/scenario.ts'

const [file = 'scenarios/01-delivery/at-least-once.yaml', every = '1'] = process.argv.slice(2)

function main(scenario: Scenario): void {
  const placements = placementsIn(stepsOf(scenario), true).filter((_, place) => place % Number(every) === 0)
  const endings = new Set<number>()
  let [events, behind, shared, half] = [0, 0, 0, 0]
  for (const placement of placements) {
    const run = eventsOf(scenario, placement)
    const common = commonEnd(run, endings)
    events += run.length
    behind += Math.max(0, run.length - placement.event)
    shared += Math.min(common, run.length - placement.event)
    if (common * 2 > run.length) half++
  }
  const percent = (part: number): string => `${((part / events) * 100).toFixed(1)} %`
  process.stdout.write(
    `${scenario.name}: ${placements.length} runs, ${events} events, ${percent(behind)} of them behind the fault; ` +
      `${percent(shared)} are an end that an earlier run has too; ${half} runs have half of their events or more in common\n`,
  )
}

/** A number for each event: what occurred and when. */
function eventsOf(scenario: Scenario, { fault, event }: Placement): readonly number[] {
  const seen: number[] = []
  simulate(
    { ...scenario, faults: [...scenario.faults, fault] },
    {
      strikesBefore: new Map([[scenario.faults.length, event]]),
      observer: ({ time, target, code }) => seen.push(mixed(mixed(target.number + 1, code), time % 2 ** 31)),
    },
  )
  return seen
}

/** How many events the end of this run has in common with the end of an earlier one. The ends of this run are earlier ones from now on. */
function commonEnd(events: readonly number[], endings: Set<number>): number {
  let [one, other, common] = [1, 2, 0]
  const fresh: number[] = []
  for (const event of events.toReversed()) {
    one = mixed(one, event)
    other = mixed(event, other)
    const ending = one * 2 ** 21 + (other & (2 ** 21 - 1))
    if (fresh.length === 0 && endings.has(ending)) common++
    else fresh.push(ending)
  }
  for (const ending of fresh) endings.add(ending)
  return common
}

for (const { scenario } of loadScenarios([file], { ...noOverlay, variant: 'no-faults' }, []))
  main(withMessages(scenario, 2))
