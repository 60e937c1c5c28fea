import { millisecond, second } from '../duration.ts'
import type { Fault } from '../fault.ts'
import type { NemesisPlan } from './episodes.ts'
import { onEach, only } from './episodes.ts'

/**
 * What a day at work is like, squeezed into the duration: everybody's garbage collector pauses now and then, a release restarts one node
 * after the other, somebody crashes once, a switch blinks, a disk has a bad spell, clocks drift a little.
 */
export function productionDay(plan: NemesisPlan): readonly Fault[] {
  const hosts = only(plan, 'broker', 'store')
  return [
    ...onEach(plan, 'pause', { times: 6, shortest: 20 * millisecond, longest: 2 * second }),
    ...rollingRestart(plan),
    ...onEach(plan, 'crash', { times: 0.6, shortest: second, longest: 15 * second }),
    ...onEach(plan, 'isolate', { times: 0.8, shortest: 100 * millisecond, longest: 4 * second }),
    ...onEach(hosts, 'slow-disk', { times: 1, shortest: second, longest: 10 * second }, (random) => ({
      factor: random.between(3, 30),
    })),
    ...onEach(plan, 'clock-skew', { times: 1, shortest: 10 * second, longest: 60 * second }, (random) => ({
      offset: random.between(-200, 200) * millisecond,
      drift: random.between(-50, 50),
    })),
  ]
}

/**
 * One node after the other is stopped and started again,
 * in the order of the list, within the second third of the day. How long each is down is drawn by its name; when its turn comes depends on
 * how many there are.
 */
function rollingRestart({ random, targets, duration }: NemesisPlan): readonly Fault[] {
  const third = Math.floor(duration / 3)
  const turn = Math.floor(third / Math.max(1, targets.length))
  return targets.map(({ name }, place) => {
    const drawn = random.fork(`release/${name}`).between(500 * millisecond, 3 * second)
    const strikes = { at: third + place * turn }
    return { action: 'restart', targets: [[name]], parameters: {}, strikes, duration: Math.min(drawn, turn) }
  })
}
