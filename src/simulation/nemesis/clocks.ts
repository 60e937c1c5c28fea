import { minute, second } from '../duration.ts'
import type { Fault } from '../fault.ts'
import type { NemesisPlan } from './episodes.ts'
import { onEach } from './episodes.ts'

/** Wall clocks step by up to a minute and gain or lose up to 500 µs a second, which is what quartz does at its worst. */
export function clockTrouble(plan: NemesisPlan, times: number): readonly Fault[] {
  return onEach(plan, 'clock-skew', { times, shortest: second, longest: minute }, (random) => ({
    offset: random.chance(0.5) ? random.between(-minute, minute) : 0,
    drift: random.between(-500, 500),
  }))
}
