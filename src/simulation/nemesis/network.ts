import { millisecond, second } from '../duration.ts'
import type { Fault, ParameterValue } from '../fault.ts'
import type { Random } from '../random.ts'
import type { NemesisPlan, Rhythm } from './episodes.ts'
import { episodes, faultOf, onEach } from './episodes.ts'

const cutRhythm = (times: number): Rhythm => ({ times, shortest: 50 * millisecond, longest: 20 * second })

/** Nodes, zones and halves of the world are cut off, links get slow and lossy, connections are reset. */
export function networkTrouble(plan: NemesisPlan, times: number): readonly Fault[] {
  return [
    ...onEach(plan, 'isolate', cutRhythm(times)),
    ...halves(plan, times),
    ...zones(plan, times),
    ...towardsOthers(plan, 'partition', cutRhythm(times / 2), () => ({ 'one-way': true })),
    ...towardsOthers(plan, 'lossy-link', { times, shortest: second, longest: 20 * second }, (random) => ({
      loss: random.between(1, 40) / 100,
      duplication: random.between(0, 10) / 100,
    })),
    ...towardsOthers(plan, 'slow-link', { times, shortest: second, longest: 20 * second }, (random) => ({
      factor: random.between(1, 20),
      delay: random.between(0, 200) * millisecond,
    })),
    ...towardsOthers(plan, 'reset-connections', { times, shortest: 0, longest: 0 }, () => ({})),
  ]
}

/** Splits everybody in two; one in eight sees both sides. Each node draws its own side, so that a new one moves none of the others. */
function halves(plan: NemesisPlan, times: number): readonly Fault[] {
  return episodes(plan, 'halves', cutRhythm(times)).flatMap((episode) => {
    const sideOf = (name: string): number => episode.random.fork(name).below(16)
    const names = plan.targets.map(({ name }) => name)
    const left = names.filter((name) => sideOf(name) < 9)
    const right = names.filter((name) => sideOf(name) >= 7)
    const separates = left.some((name) => !right.includes(name)) && right.some((name) => !left.includes(name))
    return separates ? [faultOf(episode, 'partition', [left, right])] : []
  })
}

/** Cuts a zone off from all the others. */
function zones(plan: NemesisPlan, times: number): readonly Fault[] {
  const names = [...new Set(plan.targets.map(({ zone }) => zone))].filter((zone) => zone !== '')
  if (names.length < 2) return []
  return names.flatMap((zone) =>
    episodes(plan, `zone/${zone}`, cutRhythm(times / 2)).map((episode) =>
      faultOf(episode, 'isolate', [[`zone(${zone})`]]),
    ),
  )
}

/** A fault between each target and one of the others. */
function towardsOthers(
  plan: NemesisPlan,
  action: string,
  rhythm: Rhythm,
  parametersOf: (random: Random) => Readonly<Record<string, ParameterValue>>,
): readonly Fault[] {
  return plan.targets.flatMap(({ name }) =>
    episodes(plan, `${action}/${name}`, rhythm).flatMap((episode) => {
      const other = drawOther(plan, name, episode.random)
      const parameters = parametersOf(episode.random.fork('parameters'))
      return other === undefined ? [] : [faultOf(episode, action, [[name], [other]], parameters)]
    }),
  )
}

/** One of the others. Each of them draws a number of its own: another one that comes into play is chosen itself or changes nothing. */
function drawOther({ targets }: NemesisPlan, name: string, random: Random): string | undefined {
  let chosen: { readonly name: string; readonly number: number } | undefined
  for (const other of targets) {
    if (other.name === name) continue
    const number = random.fork(`towards/${other.name}`).next()
    if (chosen === undefined || number < chosen.number) chosen = { name: other.name, number }
  }
  return chosen?.name
}
