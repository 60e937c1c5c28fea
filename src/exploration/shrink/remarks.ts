import { faultKindOf } from '../../simulation/faults/registry.ts'
import type { Fault } from '../../simulation/fault.ts'
import { durationText } from '../../report/quantities.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import { roleOf } from '../failure.ts'
import type { NeedsRuns } from '../needs-runs.ts'
import { nodesOf } from '../search-space.ts'
import { withFaultAt } from './fewer-faults.ts'
import { otherwise } from './identity.ts'
import type { Shrinking } from './shrinking.ts'

/** How many other seeds and latencies are tried. */
const circumstances = 4

/** What of a smallest case does not matter, each found out by running it otherwise; sentences. */
export function* remarksOn(shrinking: Shrinking): NeedsRuns<readonly string[]> {
  const remarks: string[] = []
  for (const [place, fault] of shrinking.scenario.faults.entries()) {
    remarks.push(...(yield* otherTargets(shrinking, fault, place)))
    remarks.push(...(yield* otherDurations(shrinking, fault, place)))
  }
  return [...new Set(remarks), yield* circumstancesRemark(shrinking)]
}

function* otherTargets(shrinking: Shrinking, fault: Fault, place: number): NeedsRuns<readonly string[]> {
  const names = nodesOf(shrinking.scenario).map(({ name }) => name)
  const remarks: string[] = []
  for (const [side, group] of fault.targets.entries()) {
    const [only, ...more] = group
    if (only === undefined || more.length > 0 || !names.includes(only)) continue
    const peers = names.filter((name) => roleOf(name) === roleOf(only) && !fault.targets.flat().includes(name))
    const alike = yield* thoseThatBreak(shrinking, peers, (peer) =>
      withFaultAt(shrinking.scenario, place, { ...fault, targets: fault.targets.with(side, [peer]) }),
    )
    if (alike.length === 0) continue
    const all = alike.length === peers.length ? 'any of these may be the one' : 'each of these may be the one'
    remarks.push(`The ${fault.action} need not strike ${only}: ${all}: ${[only, ...alike].join(', ')}.`)
  }
  return remarks
}

/** Those for which the case breaks as well. */
function* thoseThatBreak<T>(
  shrinking: Shrinking,
  choices: readonly T[],
  scenarioWith: (choice: T) => Scenario,
): NeedsRuns<readonly T[]> {
  const breaking: T[] = []
  for (const choice of choices)
    if ((yield* shrinking.attempt(scenarioWith(choice))) !== undefined) breaking.push(choice)
  return breaking
}

function* otherDurations(shrinking: Shrinking, fault: Fault, place: number): NeedsRuns<readonly string[]> {
  const { duration } = fault
  if (duration === undefined || duration === 0 || faultKindOf(fault.action) === undefined) return []
  const others = [duration * 10, duration * 100]
  for (const other of others) {
    const longer = withFaultAt(shrinking.scenario, place, { ...fault, duration: other })
    if ((yield* shrinking.attempt(longer)) === undefined) return []
  }
  const struck = fault.targets.flat().join(' and ')
  return [`The ${fault.action} of ${struck} may last longer: ${others.map(durationText).join(' and ')} break it too.`]
}

function* circumstancesRemark(shrinking: Shrinking): NeedsRuns<string> {
  const others = otherwise(shrinking.scenario, circumstances)
  const same = yield* thoseThatBreak(shrinking, others, (other) => other)
  if (same.length === circumstances) return 'Neither the seed nor the speed of the network matters.'
  if (same.length === 0) return 'It needs this seed and this network: a matter of microseconds.'
  return `It depends on the timing: of ${circumstances} runs with other seeds and latencies ${same.length === 1 ? '1 breaks' : `${same.length} break`} too.`
}
