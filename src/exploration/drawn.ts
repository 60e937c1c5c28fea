import { gen, noBias, sample } from 'fast-check'
import { Random } from '../simulation/random.ts'
import { Draws } from './swarm.ts'

/** A value made of draws that come from a name. */
export function drawn<T>(name: string, make: (draws: Draws) => T): T {
  const [value] = sample(
    noBias(gen()).map((draw) => ({ made: make(new Draws(draw)) })),
    { seed: new Random(name).below(2 ** 31), numRuns: 1 },
  )
  if (value === undefined) throw new Error('Nothing was drawn.')
  return value.made
}
