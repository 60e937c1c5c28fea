import type { Fault } from '../../../simulation/fault.ts'
import { second } from '../../../simulation/duration.ts'
import type { Random } from '../../../simulation/random.ts'
import { redelivery } from './crashes-and-redelivery.ts'
import { effectApplied, operationAnswered, operationBegan } from '../../../history/facts.ts'
import type { FaultPlan, Ground, Moment } from './plan.ts'
import { drawMoment, drawTime } from './strikes.ts'

/**
 * What happens on a day at work, one to three things a run: a release is rolled out, a member is scaled in, a dependency is slow, does not
 * answer, fails or is restarted, a broker is restarted, and messages are delivered again because a handler died, froze or lost its connection.
 */
export const productionDay: FaultPlan = {
  name: 'production-day',
  summary:
    'A day at work: releases, scaling, slow, silent and failing dependencies, restarts of brokers and databases, redelivery.',
  draw: (random, ground) =>
    oneSlowness(
      Array.from({ length: random.between(1, 3) }, (_, n) => incident(random.fork(`incident-${n}`), ground)).flat(),
    ),
}

function incident(random: Random, ground: Ground): readonly Fault[] {
  const { restartable, stores, members, versions } = ground
  const kinds = [
    ...['redelivery', 'redelivery', 'redelivery', 'release', ...(versions > 1 ? ['release', 'release'] : [])],
    ...(members.length > 1 ? ['scaling'] : []),
    ...(restartable.length > 0 ? ['broker'] : []),
    ...(stores.length > 0 ? ['store', 'store'] : []),
  ]
  switch (random.pick(kinds)) {
    case 'release':
      return release(random, ground)
    case 'scaling':
      return [scaling(random, ground)]
    case 'broker':
      return [restartOf(random.pick(restartable), random, ground)]
    case 'store':
      return [troubleOf(random.pick(stores), random, ground)]
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

/**
 * A dependency is slow, does not answer, or loses its connections while somebody works with it; a database is restarted besides, so that new ones
 * are refused; an API answers 500, because it can keep nothing, or 429, because others ask too much of it, or loses an answer to what it has done.
 */
function troubleOf(store: string, random: Random, ground: Ground): Fault {
  if (ground.databases.includes(store) && random.chance(1 / 3)) return restartOf(store, random, ground)
  if (random.chance(0.5)) return slowStore(store, random, ground)
  if (!ground.apis.has(store)) return lostConnections(store, random, ground)
  const done = ground.moments.filter(({ anchor }) => anchor.fact === effectApplied.name)
  if (done.length > 0 && random.chance(0.5)) return lostAnswer(store, random.pick(done), ground)
  const strikes = { at: drawTime(random, ground) }
  const duration = random.between(1, 20) * second
  const action = random.pick(['full-disk', 'overload'])
  return { action, targets: [[store]], parameters: {}, strikes, duration }
}

/** Faults that slow a node multiply, and what began under both would not be over for hours: each node is slow once. */
function oneSlowness(faults: readonly Fault[]): readonly Fault[] {
  const slowed = new Set<string>()
  return faults.filter(({ action, targets }) => {
    if (action !== 'slow') return true
    const node = targets.flat().join()
    const isFirst = !slowed.has(node)
    slowed.add(node)
    return isFirst
  })
}

function lostAnswer(store: string, { anchor }: Moment, ground: Ground): Fault {
  return resetConnections(store, { when: anchor, cut: 'after-state' }, ground)
}

/** At an operation of somebody's handling: what he asks for is lost on its way, or done and not answered, or it comes before his next one. */
function lostConnections(store: string, random: Random, ground: Ground): Fault {
  const moments = ground.moments.filter(({ anchor }) => ofOperations.has(anchor.fact))
  const moment = drawMoment(random, { ...ground, moments })
  const strikes: Fault['strikes'] =
    moment === undefined
      ? { at: drawTime(random, ground) }
      : { when: moment.anchor, cut: random.pick(['after-state', 'after-step']) }
  return resetConnections(store, strikes, ground)
}

function resetConnections(store: string, strikes: Fault['strikes'], { members }: Ground): Fault {
  return { action: 'reset-connections', targets: [[...members], [store]], parameters: {}, strikes, duration: undefined }
}

const ofOperations: ReadonlySet<string> = new Set([operationBegan.name, operationAnswered.name, effectApplied.name])

function slowStore(store: string, random: Random, ground: Ground): Fault {
  const strikes = { at: drawTime(random, ground) }
  const duration = random.between(1, 20) * second
  // A call that begins to be slow stays so after the fault: it takes twenty seconds, longer than callers wait, and then is done.
  const takes = ground.apis.get(store)
  const factor = takes === undefined ? 1000 : Math.max(2, Math.min(1000, Math.round((20 * second) / takes)))
  if (random.chance(0.5)) return { action: 'slow', targets: [[store]], parameters: { factor }, strikes, duration }
  return { action: 'partition', targets: [[store], [...ground.members]], parameters: {}, strikes, duration }
}
