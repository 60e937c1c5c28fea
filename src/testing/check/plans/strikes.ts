import type { Micros } from '../../../simulation/duration.ts'
import { millisecond, second } from '../../../simulation/duration.ts'
import type { Fault } from '../../../simulation/fault.ts'
import type { Random } from '../../../simulation/random.ts'
import type { Ground, Moment } from './plan.ts'

/** A fault on whoever does what the moment is of. */
export function atMoment(
  action: string,
  { anchor, struck }: Moment,
  cut: 'after-state' | 'after-step',
  duration: Micros,
): Fault {
  return { action, targets: [[...struck]], parameters: {}, strikes: { when: anchor, cut }, duration }
}

/** Any moment of what the code does: a kind of moment first, so that rare ones are struck as often as frequent ones. */
export function drawMoment(random: Random, { moments }: Ground): Moment | undefined {
  if (moments.length === 0) return undefined
  const kind = random.pick([...new Set(moments.map(kindOf))])
  return random.pick(moments.filter((moment) => kindOf(moment) === kind))
}

function kindOf({ anchor: { fact, values } }: Moment): string {
  // What has no step names what it is about by its operation.
  return `${fact} ${values['step'] === undefined ? '' : String(values['operation'] ?? '')}`
}

/** A time between the first message and the end of the work, a little later included. */
export function drawTime(random: Random, { begins, ends }: Ground): Micros {
  return random.between(begins, Math.max(begins, ends))
}

/** How long a process is gone: less than anybody notices, a restart, or longer than leases and sessions last. */
export function drawAbsence(random: Random): Micros {
  return random.pick([50 * millisecond, second, second, 10 * second, 100 * second])
}

/** How long a process freezes: a garbage collection, or longer than brokers wait for a sign of life. */
export function drawPause(random: Random): Micros {
  return random.pick([200 * millisecond, 2 * second, 40 * second, 100 * second, 200 * second])
}
