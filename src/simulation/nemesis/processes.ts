import { millisecond, second } from '../duration.ts'
import type { Fault } from '../fault.ts'
import type { NemesisPlan } from './episodes.ts'
import { onEach, only } from './episodes.ts'

/** Processes crash, freeze and are restarted, hosts lose their power, each node about `times` times of each kind. */
export function processTrouble(plan: NemesisPlan, times: number): readonly Fault[] {
  return [
    ...onEach(plan, 'crash', { times, shortest: 100 * millisecond, longest: 10 * second }),
    ...onEach(plan, 'pause', { times, shortest: 10 * millisecond, longest: 30 * second }),
    ...onEach(plan, 'restart', { times: times / 2, shortest: 100 * millisecond, longest: 5 * second }),
    ...onEach(plan, 'slow', { times: times / 2, shortest: second, longest: 20 * second }, (random) => ({
      factor: random.between(2, 50),
    })),
    ...onEach(
      only(plan, 'broker', 'store'),
      'power-loss',
      { times: times / 2, shortest: second, longest: 20 * second },
      (random) => ({ torn: random.chance(0.5) }),
    ),
  ]
}
