import type { Micros } from '../duration.ts'
import type { Fault, ParameterValue } from '../fault.ts'
import type { Random } from '../random.ts'

/** Something that faults can strike. */
export interface Strikeable {
  readonly name: string
  readonly kind: 'broker' | 'consumer' | 'producer' | 'store'
  /** Empty when it stands nowhere in particular. */
  readonly zone: string
}

/** What a profile draws its faults from. */
export interface NemesisPlan {
  readonly random: Random
  readonly targets: readonly Strikeable[]
  /** Every fault is over by then, µs from the start of the run. */
  readonly duration: Micros
}

/** How often something happens, and how long it lasts. */
export interface Rhythm {
  /** How many times in the whole duration, on average: the pauses between are half to one and a half times as long as that makes them. */
  readonly times: number
  /** µs; what would last beyond a quarter of the whole is cut short. */
  readonly shortest: Micros
  readonly longest: Micros
}

interface Episode {
  readonly at: Micros
  readonly lasts: Micros
  /** For what else is to be drawn for this episode. */
  readonly random: Random
}

/** The episodes of one thing on one target. Their draws come from a stream of that name, so that other targets shift none of them. */
export function episodes({ random, duration }: NemesisPlan, name: string, rhythm: Rhythm): readonly Episode[] {
  const stream = random.fork(name)
  const pause = Math.max(2, Math.floor(duration / rhythm.times))
  const found: Episode[] = []
  for (let at = stream.below(pause); ;) {
    const lasts = Math.min(stream.between(rhythm.shortest, rhythm.longest), Math.floor(duration / 4))
    if (at + lasts > duration) return found
    found.push({ at, lasts, random: stream.fork(String(found.length)) })
    at += lasts + stream.between(Math.ceil(pause / 2), Math.floor((pause * 3) / 2))
  }
}

/** One fault of an episode. */
export function faultOf(
  { at, lasts }: Episode,
  action: string,
  targets: readonly (readonly string[])[],
  parameters: Readonly<Record<string, ParameterValue>> = {},
): Fault {
  return { action, targets, parameters, strikes: { at }, duration: lasts }
}

/** A fault on each of the targets, at its own times. */
export function onEach(
  plan: NemesisPlan,
  action: string,
  rhythm: Rhythm,
  parametersOf: (random: Random) => Readonly<Record<string, ParameterValue>> = () => ({}),
): readonly Fault[] {
  return plan.targets.flatMap(({ name }) =>
    episodes(plan, `${action}/${name}`, rhythm).map((episode) =>
      faultOf(episode, action, [[name]], parametersOf(episode.random)),
    ),
  )
}

/** The same plan for some of the targets. */
export function only(plan: NemesisPlan, ...kinds: readonly Strikeable['kind'][]): NemesisPlan {
  return { ...plan, targets: plan.targets.filter(({ kind }) => kinds.includes(kind)) }
}
