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
  const { restartable, stores, members, versions } = ground
  const kinds = [
    ...['redelivery', 'redelivery', 'redelivery', 'release', ...(versions > 1 ? ['release', 'release'] : [])],
    ...(members.length > 1 ? ['scaling'] : []),
    ...(restartable.length > 0 ? ['broker'] : []),
    ...(stores.length > 0 ? ['store'] : []),
  ]
  switch (random.pick(kinds)) {
    case 'release':
      return release(random, ground)
    case 'scaling':
      return [scaling(random, ground)]
    case 'broker':
      return [restartOf(random.pick(restartable), random, ground)]
    case 'store':
      return [slowStore(random, ground)]
    default:
      return redelivery(random, ground)
  }
}

/** One member after the other gets the next release: the one before is up again when the next is stopped. */
function release(random: Random, ground: Ground): readonly Fault[] {
  const begin = drawTime(random, ground)
  const down = random.between(1, 5) * second
  const grace = random.pick([second, 10 * second, 30 * second])
  return ground.members.map((member, place) => ({
    action: 'deploy',
    targets: [[member]],
    parameters: { grace },
    strikes: { at: begin + place * (down + second) },
    duration: down,
  }))
}

/** A member is taken away for a time, or comes only later. */
function scaling(random: Random, ground: Ground): Fault {
  const at = random.chance(0.5) ? 0 : drawTime(random, ground)
  const until = Math.max(at + second, drawTime(random, ground))
  return {
    action: 'scale-in',
    targets: [[random.pick(ground.members)]],
    parameters: {},
    strikes: { at },
    duration: until - at,
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
