import type { Micros } from '../../simulation/duration.ts'
import { hour, millisecond, minute, second } from '../../simulation/duration.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { ConsumerFault } from './consumer-faults.ts'
import { acknowledgement, crashPlacements, pausePlacements } from './consumer-faults.ts'
import { interleavings } from './interleavings.ts'
import type { Observed, Operation } from './outcome.ts'
import { observe } from './outcome.ts'
import { hasTimeToLive, longestMemory, withTimeToLive } from './memory.ts'
import type { Situation } from './situation.ts'
import { scenarioOf, storeNames, systemFor, unseenByOthers, withFaults, withOrder } from './situation.ts'
import type { StrategyRow } from './strategy-row.ts'
import { storesOf } from './strategy-row.ts'
import { crashOfConsumer, failoverOf } from './strikes.ts'

/** Where something can go wrong for a consumer: a column of the matrix. */
export interface FailurePoint {
  /** `F0` to `F8`. */
  readonly name: string
  readonly title: string
  /** Every placement of the fault; none where the point does not exist for the strategy. */
  placements(row: StrategyRow): Iterable<Placement>
}

/** One placement of the fault, or one interleaving. */
export interface Placement {
  /** Where it strikes, for people. */
  readonly where: string
  readonly scenario: Scenario
  /** Whether the run turned out to belong to this failure point; without it, it does. */
  readonly belongs?: (observed: Observed) => boolean
}

const redelivered: Situation = { sent: [0], redeliveredAfter: 500 * millisecond }

export const failurePoints: readonly FailurePoint[] = [
  {
    name: 'F0',
    title: 'crash before the effect',
    placements: (row) => crashes(row, ({ effectBeforeCrash }) => !effectBeforeCrash),
  },
  {
    name: 'F1',
    title: 'crash after the effect, before the mark',
    placements: (row) => crashesAround(row, 'before the mark'),
  },
  {
    name: 'F2',
    title: 'crash after the mark, before the acknowledgement',
    placements: (row) => crashesAround(row, 'after the mark'),
  },
  {
    name: 'F3',
    title: 'redelivery later than any default remembers',
    placements: (row) => late(row, longestMemory(row)),
  },
  {
    name: 'F3-purged',
    title: 'redelivery after what was remembered for an hour is purged',
    placements: (row) => (hasTimeToLive(row) ? late(withTimeToLive(row), hour) : []),
  },
  { name: 'F4', title: 'the same message on two consumers at once', placements: concurrently },
  { name: 'F5', title: 'the producer sends it again under a new id', placements: sentTwice },
  { name: 'F6', title: 'a consumer paused past its time, another in its place', placements: zombies },
  { name: 'F7a', title: 'the memory fails over and loses its last write', placements: memoryFailsOver },
  {
    name: 'F7b-i',
    title: 'the effect is lost in a failover, the message acknowledged',
    placements: (row) => effectFailsOver(row, 'acknowledged'),
  },
  {
    name: 'F7b-ii',
    title: 'the effect is lost in a failover, the message redelivered',
    placements: (row) => effectFailsOver(row, 'redelivered'),
  },
  { name: 'F8', title: 'an older message comes after a newer one', placements: overtaken },
]

/** What the strategy does about a message that nothing disturbs. */
function undisturbed(
  row: StrategyRow,
  situation: Situation,
): { readonly scenario: Scenario; readonly operations: readonly Operation[]; readonly observed: Observed } {
  const scenario = scenarioOf(row, situation)
  const observed = observe(scenario, row.strategy.writes)
  return { scenario, operations: observed.operations, observed }
}

/** Crashes while the message is not acknowledged. */
function crashesOf(operations: readonly Operation[]): readonly ConsumerFault[] {
  const last = acknowledgement(operations)
  const places = crashPlacements(operations)
  return places.filter(({ step, moment }) => step !== last?.step || moment === 'before it leaves')
}

function* crashes(row: StrategyRow, belongs: (observed: Observed) => boolean): Iterable<Placement> {
  const { scenario, operations } = undisturbed(row, redelivered)
  for (const { where, fault } of crashesOf(operations))
    yield { where, scenario: withFaults(scenario, [fault]), belongs }
}

/** A strategy that does nothing between its effect and the acknowledgement has no mark of its own: the two points are the same moment. */
function* crashesAround(row: StrategyRow, part: 'before the mark' | 'after the mark'): Iterable<Placement> {
  const { scenario, operations, observed } = undisturbed(row, redelivered)
  const last = acknowledgement(operations)
  const effectIsLast = observed.effectAfter !== undefined && last !== undefined && observed.effectAfter + 2 >= last.step
  for (const { where, fault, step } of crashesOf(operations)) {
    const isAtTheEnd = step === last?.step
    if (isAtTheEnd === (part === 'after the mark') || (isAtTheEnd && effectIsLast))
      yield {
        where,
        scenario: withFaults(scenario, [fault]),
        belongs: ({ effectBeforeCrash }) => effectBeforeCrash,
      }
  }
}

/** The consumer dies with the work done, and the message comes again when `memory` µs are over. */
function* late(row: StrategyRow, memory: Micros): Iterable<Placement> {
  if (systemFor(row, 2 * memory).redeliveredAfter < 2 * memory) return
  for (const sent of [[0], [0, memory]]) {
    const { scenario, operations } = undisturbed(row, { ...redelivered, sent, redeliveredAfter: 2 * memory })
    const last = acknowledgement(operations)
    if (last === undefined) continue
    const where = sent.length === 1 ? 'nothing happened meanwhile' : 'a newer message was handled meanwhile'
    yield { where, scenario: withFaults(scenario, [crashOfConsumer(last, 'before it leaves')]) }
  }
}

/** The source hands the message to the second consumer while the first one, who waits for its turn, still has it. */
function* concurrently(row: StrategyRow): Iterable<Placement> {
  const { scenario, operations } = undisturbed(row, { ...redelivered, redeliveredAfter: 20 * second })
  const count = operations.filter(({ name }) => !unseenByOthers.includes(name)).length
  for (const order of interleavings(count, count))
    yield {
      where: `in the order ${order.join('')}`,
      scenario: withOrder(scenario, order, 30 * second, 20 * millisecond),
      belongs: ({ consumers }) => consumers > 1,
    }
}

function* sentTwice(row: StrategyRow): Iterable<Placement> {
  yield { where: 'a moment later', scenario: scenarioOf(row, { ...redelivered, sentTwice: true }) }
}

function* zombies(row: StrategyRow): Iterable<Placement> {
  const silence = systemFor(row, redelivered.redeliveredAfter).redeliveredAfter
  for (const sent of [[0], [0, Math.floor(1.5 * silence)]]) {
    const { scenario, operations } = undisturbed(row, { ...redelivered, sent })
    for (const { where, fault } of pausePlacements(operations, 2 * silence)) {
      const between = sent.length === 1 ? where : `${where}, a newer message handled meanwhile`
      yield {
        where: between,
        scenario: withFaults(scenario, [fault]),
        belongs: ({ consumers }) => consumers > 1,
      }
    }
  }
}

function* memoryFailsOver(row: StrategyRow): Iterable<Placement> {
  const kind = storesOf(row).dedup
  const fault = failoverOf(storeNames.dedup, kind)
  if (fault === undefined) return
  const { scenario, operations } = undisturbed(row, { ...redelivered, redeliveredAfter: 5 * minute, replicas: true })
  const last = acknowledgement(operations)
  if (last === undefined) return
  const faults = [...fault(last), crashOfConsumer(last, 'before it leaves')]
  yield { where: 'as the acknowledgement is to leave', scenario: withFaults(scenario, faults) }
}

function* effectFailsOver(row: StrategyRow, part: 'acknowledged' | 'redelivered'): Iterable<Placement> {
  const fault = failoverOf(storeNames.store, storesOf(row).store)
  if (fault === undefined) return
  const { scenario, operations } = undisturbed(row, { ...redelivered, redeliveredAfter: 5 * minute, replicas: true })
  const last = acknowledgement(operations)
  if (last === undefined) return
  const faults = part === 'acknowledged' ? fault(last) : [...fault(last), crashOfConsumer(last, 'before it leaves')]
  yield {
    where: part === 'acknowledged' ? 'as the acknowledgement leaves' : 'as the acknowledgement is to leave',
    scenario: withFaults(scenario, faults),
  }
}

/** The first consumer dies with the older message in hand; the newer one is handled before it comes again. */
function* overtaken(row: StrategyRow): Iterable<Placement> {
  const { scenario, operations } = undisturbed(row, { ...redelivered, sent: [0, 100 * millisecond] })
  const [first] = operations
  if (first !== undefined)
    yield {
      where: 'the newer one is handled first',
      scenario: withFaults(scenario, [crashOfConsumer(first, 'before it leaves')]),
    }
}
