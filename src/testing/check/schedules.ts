import type { Scenario } from '../../scenario/scenario.ts'
import type { Fault } from '../../simulation/fault.ts'
import { Random } from '../../simulation/random.ts'
import type { Ground } from './plans/plan.ts'
import type { ReadCheck } from './read-check.ts'
import type { CheckScenario } from './check-scenario.ts'

/** The scenarios of the runs of a plan. Each that is drawn is drawn by the seed and its number alone. */
export function* schedulesOf(
  { faults, seed, runs }: ReadCheck,
  { scenario, schedule }: CheckScenario,
  ground: Ground,
): Generator<Scenario> {
  if (!('name' in faults)) {
    for (let n = 0; n < runs; n++) yield withFaults(scenario, schedule, `${seed}/${n}`)
    return
  }
  for (const each of faults.every?.(ground) ?? []) yield withFaults(scenario, [...schedule, ...each], seed)
  const { draw } = faults
  if (draw === undefined) return
  for (let n = 0; n < runs; n++)
    yield withFaults(scenario, [...schedule, ...draw(new Random(`${seed}/plan/${n}`), ground)], `${seed}/${n}`)
}

function withFaults(scenario: Scenario, faults: readonly Fault[], seed: string): Scenario {
  return { ...scenario, faults, seed }
}
