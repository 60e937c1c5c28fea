import { faultKindOf } from '../../simulation/faults/registry.ts'
import type { Fault } from '../../simulation/fault.ts'
import { formatDuration } from '../../scenario/quantity.ts'
import { roleOf } from '../failure.ts'
import { nodesOf } from '../search-space.ts'
import { withFaultAt } from './fewer-faults.ts'
import { otherwise } from './identity.ts'
import type { Shrinking } from './shrinking.ts'

/** How many other seeds and latencies are tried. */
const circumstances = 4

/** What of a smallest case does not matter, each found out by running it otherwise; sentences. */
export function remarksOn(shrinking: Shrinking): readonly string[] {
  const { scenario } = shrinking
  const faults = scenario.faults.flatMap((fault, place) => [
    ...otherTargets(shrinking, fault, place),
    ...otherDurations(shrinking, fault, place),
  ])
  return [...faults, circumstancesRemark(shrinking)]
}

function otherTargets(shrinking: Shrinking, fault: Fault, place: number): readonly string[] {
  const names = nodesOf(shrinking.scenario).map(({ name }) => name)
  return fault.targets.flatMap((group, side) => {
    const [only, ...more] = group
    if (only === undefined || more.length > 0 || !names.includes(only)) return []
    const peers = names.filter((name) => roleOf(name) === roleOf(only) && !fault.targets.flat().includes(name))
    const alike = peers.filter((peer) => {
      const targets = fault.targets.with(side, [peer])
      return shrinking.attempt(withFaultAt(shrinking.scenario, place, { ...fault, targets })) !== undefined
    })
    if (alike.length === 0) return []
    const all = alike.length === peers.length ? 'any of these may be the one' : 'each of these may be the one'
    return [`The ${fault.action} need not strike ${only}: ${all}: ${[only, ...alike].join(', ')}.`]
  })
}

function otherDurations(shrinking: Shrinking, fault: Fault, place: number): readonly string[] {
  const { duration } = fault
  if (duration === undefined || faultKindOf(fault.action) === undefined) return []
  const others = [duration * 10, duration * 100].filter((other) => {
    return shrinking.attempt(withFaultAt(shrinking.scenario, place, { ...fault, duration: other })) !== undefined
  })
  if (others.length < 2) return []
  const struck = fault.targets.flat().join(' and ')
  const longer = others.map(formatDuration).join(' and ')
  return [`The ${fault.action} of ${struck} may last longer: ${longer} break it too.`]
}

function circumstancesRemark(shrinking: Shrinking): string {
  const same = otherwise(shrinking.scenario, circumstances).filter((other) => shrinking.attempt(other) !== undefined)
  if (same.length === circumstances) return 'Neither the seed nor the speed of the network matters.'
  if (same.length === 0) return 'It needs this seed and this network: a matter of microseconds.'
  return `It depends on the timing: ${same.length} of ${circumstances} runs with other seeds and latencies break too.`
}
