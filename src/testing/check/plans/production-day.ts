import type { Fault } from '../../../simulation/fault.ts'
import { second } from '../../../simulation/duration.ts'
import type { Random } from '../../../simulation/random.ts'
import { redelivery } from './crashes-and-redelivery.ts'
import type { FaultPlan, Ground } from './plan.ts'
import { drawTime } from './strikes.ts'

/**
 * What happens on a day at work, one to three things a run: a release is rolled out, a member is scaled in, a dependency is slow or does not
 * answer, a broker is restarted, and messages are delivered again because a handler died, froze or lost its connection.
 */
export const productionDay: FaultPlan = {
  name: 'production-day',
  summary: 'A day at work: releases, scaling, slow and silent dependencies, restarts of brokers, redelivery.',
  draw: (random, ground) =>
    Array.from({ length: random.between(1, 3) }, (_, n) => incident(random.fork(`incident-${n}`), ground)).flat(),
}

function incident(random: Random, ground: Ground): readonly Fault[] {
  const { restartable, stores } = ground
  const kinds = [
    ...['redelivery', 'redelivery', 'redelivery'],
    ...(restartable.length > 0 ? ['broker'] : []),
    ...(stores.length > 0 ? ['store'] : []),
  ]
  switch (random.pick(kinds)) {
    case 'broker':
      return [restartOf(random.pick(restartable), random, ground)]
    case 'store':
      return [slowStore(random, ground)]
    default:
      return redelivery(random, ground)
  }
}

function restartOf(node: string, random: Random, ground: Ground): Fault {
  const strikes = { at: drawTime(random, ground) }
  return { action: 'restart', targets: [[node]], parameters: {}, strikes, duration: random.between(1, 10) * second }
}

function slowStore(random: Random, ground: Ground): Fault {
  const store = random.pick(ground.stores)
  const strikes = { at: drawTime(random, ground) }
  const duration = random.between(1, 20) * second
  if (random.chance(0.5)) return { action: 'slow', targets: [[store]], parameters: { factor: 1000 }, strikes, duration }
  return { action: 'partition', targets: [[store], [...ground.members]], parameters: {}, strikes, duration }
}
