import { millisecond, second } from '../duration.ts'
import type { Fault } from '../fault.ts'
import type { NemesisPlan } from './episodes.ts'
import { onEach, only } from './episodes.ts'

/** The disks of brokers and stores get slow, fill up and break, and power is lost with a write under way. */
export function diskTrouble(plan: NemesisPlan, times: number): readonly Fault[] {
  const hosts = only(plan, 'broker', 'store')
  return [
    ...onEach(hosts, 'slow-disk', { times, shortest: second, longest: 20 * second }, (random) => ({
      factor: random.between(5, 500),
    })),
    ...onEach(hosts, 'full-disk', { times: times / 2, shortest: second, longest: 20 * second }),
    ...onEach(hosts, 'broken-disk', { times: times / 2, shortest: 100 * millisecond, longest: 5 * second }),
    ...onEach(hosts, 'power-loss', { times, shortest: second, longest: 10 * second }, (random) => ({
      torn: random.chance(0.7),
    })),
  ]
}
