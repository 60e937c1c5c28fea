import type { Fault } from '../../../simulation/fault.ts'
import type { Random } from '../../../simulation/random.ts'
import type { FaultPlan, Ground } from './plan.ts'
import { atMoment, drawAbsence, drawMoment, drawPause, drawTime } from './strikes.ts'

/**
 * What makes a broker deliver a message again: its handler dies or freezes while it has the message in hand, or loses its connection. One to
 * three such faults a run, most of them at a moment of the handling.
 */
export const crashesAndRedelivery: FaultPlan = {
  name: 'crashes-and-redelivery',
  summary: 'Handlers die, freeze and lose their connections with messages in hand, so that these are delivered again.',
  draw: (random, ground) =>
    Array.from({ length: random.between(1, 3) }, (_, n) => redelivery(random.fork(`fault-${n}`), ground)).flat(),
}

/** One fault after which something is delivered again. */
export function redelivery(random: Random, ground: Ground): readonly Fault[] {
  const moment = random.chance(0.85) ? drawMoment(random, ground) : undefined
  const action = random.pick(['crash', 'crash', 'crash', 'restart', 'pause', 'reset-connections'])
  const cut = random.pick(['after-state', 'after-step'] as const)
  const duration = action === 'pause' ? drawPause(random) : drawAbsence(random)
  if (action === 'reset-connections') return [reset(random, ground)]
  if (moment !== undefined) return [atMoment(action, moment, cut, duration)]
  return [
    {
      action,
      targets: [[random.pick(ground.members)]],
      parameters: {},
      strikes: { at: drawTime(random, ground) },
      duration,
    },
  ]
}

/** The connections of one member to the brokers break, at a moment of the handling or at any time. */
function reset(random: Random, ground: Ground): Fault {
  const moment = random.chance(0.7) ? drawMoment(random, ground) : undefined
  const strikes: Fault['strikes'] =
    moment === undefined ? { at: drawTime(random, ground) } : { when: moment.anchor, cut: 'after-step' }
  const struck = moment === undefined ? [random.pick(ground.members)] : [...moment.struck]
  return {
    action: 'reset-connections',
    targets: [struck, [...ground.brokers]],
    parameters: {},
    strikes,
    duration: undefined,
  }
}
