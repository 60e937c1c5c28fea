import { millisecond, second, type Micros } from '../../simulation/duration.ts'
import type { Fault, ParameterValue } from '../../simulation/fault.ts'
import type { Steps } from './steps.ts'

/** One fault at one point of a run. */
export interface Placement {
  /** It strikes just before this event. */
  readonly event: number
  readonly fault: Fault
  /** Whom it strikes how: `crash of queue`. Points are counted by this. */
  readonly what: string
  /** How many points it stands for. */
  readonly points: number
}

/** How long the faults of a sweep last, µs. */
export interface SweepTimes {
  /** A crash and a loss of power. */
  readonly down: Micros
  /** A pause: longer than what others wait for. */
  readonly pause: Micros
  /** A pair of nodes that do not hear each other. */
  readonly parted: Micros
  /** What a message is late by. */
  readonly late: Micros
}

const sweepTimes: SweepTimes = { down: second, pause: 40 * second, parted: 10 * second, late: 40 * second }

/**
 * Every single fault of a run: each node crashes, loses power and freezes before each event; each packet is lost and comes late; each pair that
 * talks has its connections reset and is parted before each event. With `merging`, points between which nothing can tell the difference are
 * one: see {@link pointsFor}.
 */
export function placementsIn(steps: Steps, merging: boolean, from = 0, times = sweepTimes): readonly Placement[] {
  const nodes = [...new Set(steps.nodes.flat())].filter((name) => name !== 'run').sort()
  const pairs = new Map(steps.sendings.map((sending) => [pairKey(sending), [sending.from, sending.to].sort()]))
  const onNodes = nodes.flatMap((node) => {
    const points = pointsFor(steps, [node], merging, from)
    return [
      ...placed(points, 'crash', [[node]], times.down),
      ...placed(points, 'power-loss', [[node]], times.down),
      ...placed(points, 'pause', [[node]], times.pause),
    ]
  })
  const onPairs = [...pairs.values()].flatMap((pair) => {
    const points = pointsFor(steps, pair, merging, from)
    const sides = pair.map((name) => [name])
    return [...placed(points, 'reset-connections', sides, 0), ...placed(points, 'partition', sides, times.parted)]
  })
  return [...onNodes, ...onPairs, ...onPackets(steps, from, times)]
}

function pairKey({ from, to }: Steps['sendings'][number]): string {
  return [from, to].sort().join(' ')
}

interface Point {
  readonly event: number
  readonly points: number
}

/**
 * The points at which something can strike these nodes: before each event. Two neighbouring points are one if they have no part in the event
 * between them and it is no timer: then these nodes are in the same state at both, and nobody waits for anything that comes due between.
 */
export function pointsFor(steps: Steps, nodes: readonly string[], merging: boolean, from = 0): readonly Point[] {
  const points: { event: number; points: number }[] = []
  for (let event = from; event < steps.nodes.length; event++) {
    const between = steps.nodes[event - 1] ?? []
    const isApart = !merging || event === from || between.length === 0 || between.some((name) => nodes.includes(name))
    const last = points.at(-1)
    if (last === undefined || isApart || steps.timers[event - 1] === true) points.push({ event, points: 1 })
    else last.points++
  }
  return points
}

function placed(
  points: readonly Point[],
  action: string,
  targets: Fault['targets'],
  duration: Micros,
  parameters: Readonly<Record<string, ParameterValue>> = {},
): readonly Placement[] {
  const what = `${action} of ${targets.flat().join(' and ')}`
  const fault = { action, targets, parameters, strikes: never, duration }
  return points.map(({ event, points: count }) => ({ event, fault, what, points: count }))
}

/** Where the fault strikes is said to the simulation by the number of the event. */
const never: Fault['strikes'] = { when: { fact: 'run-ended', values: {}, nth: 1 }, cut: 'before' }

/** A packet is lost when the way is cut in the moment in which it leaves, and late when the way is slow then. */
function onPackets({ sendings }: Steps, from: number, { late }: SweepTimes): readonly Placement[] {
  const ways = new Map(sendings.map((one) => [`${one.event} ${one.from} ${one.to}`, one]))
  return [...ways.values()].flatMap(({ event, from: sender, to }) => {
    if (event < from) return []
    const point = [{ event, points: 1 }]
    const sides = [[sender], [to]]
    return [
      ...placed(point, 'partition', sides, millisecond, { 'one-way': true }).map(
        said(`message lost from ${sender} to ${to}`),
      ),
      ...placed(point, 'slow-link', sides, 1, { delay: late }).map(said(`message late from ${sender} to ${to}`)),
    ]
  })
}

function said(what: string): (placement: Placement) => Placement {
  return (placement) => ({ ...placement, what })
}
