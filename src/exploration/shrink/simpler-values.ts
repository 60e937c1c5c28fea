import type { Scenario } from '../../scenario/scenario.ts'
import { millisecond, second, type Micros } from '../../simulation/duration.ts'
import type { Fault, FaultKind } from '../../simulation/fault.ts'
import { faultKindOf } from '../../simulation/faults/registry.ts'
import { settlingDefaults } from '../../simulation/settling.ts'
import { withFaultAt } from './fewer-faults.ts'
import type { Pass } from './shrinking.ts'

/** Faults that say less: fewer targets, default parameters, round and short times, the plainest cut. */
export const simplerFaults: Pass = function* (current) {
  for (const [place, fault] of current.faults.entries()) {
    for (const simpler of simplerThan(fault)) yield withFaultAt(current, place, simpler)
  }
}

function* simplerThan(fault: Fault): Generator<Fault> {
  const { action, parameters, strikes, duration } = fault
  const kind = faultKindOf(action)
  yield* fewerTargets(fault, kind)
  for (const [name, value] of Object.entries(parameters)) {
    const { [name]: _dropped, ...rest } = parameters
    yield { ...fault, parameters: rest }
    const roundest = typeof value === 'number' && Number.isInteger(value) ? roundDown(value) : value
    if (roundest !== value) yield { ...fault, parameters: { ...parameters, [name]: roundest } }
  }
  if (duration !== undefined) for (const shorter of rounderTimes(duration)) yield { ...fault, duration: shorter }
  if ('at' in strikes) for (const at of rounderTimes(strikes.at)) yield { ...fault, strikes: { at } }
  else if (strikes.cut !== 'after-step') yield { ...fault, strikes: { ...strikes, cut: 'after-step' } }
}

function* fewerTargets(fault: Fault, kind: FaultKind | undefined): Generator<Fault> {
  for (const [side, group] of fault.targets.entries()) {
    for (const target of group.length > 1 ? group : []) {
      yield { ...fault, targets: fault.targets.with(side, [target]) }
    }
    for (const target of group.length > 2 ? group : []) {
      yield {
        ...fault,
        targets: fault.targets.with(
          side,
          group.filter((other) => other !== target),
        ),
      }
    }
    if (kind?.takes === 'sides' && fault.targets.length > 2)
      yield { ...fault, targets: fault.targets.toSpliced(side, 1) }
  }
}

const roundTimes: readonly Micros[] = [
  millisecond,
  10 * millisecond,
  100 * millisecond,
  second,
  10 * second,
  60 * second,
]

/** Times that are shorter and easier to read: round ones, then this one with two digits and with one. */
function rounderTimes(time: Micros): readonly Micros[] {
  const rounded = [roundDown(time), roundDown(time, 2)]
  return [...new Set([...roundTimes, ...rounded])].filter((other) => other < time)
}

/** A whole number with its first digits only: 1,234 → 1,000. */
function roundDown(value: number, digits = 1): number {
  const text = String(Math.abs(value))
  const sign = value < 0 ? -1 : 1
  return sign * Number(text.slice(0, digits).padEnd(text.length, '0'))
}

/** What surrounds the workload, as it comes: the network, the end, the spread of keys and of times. */
export const plainSurroundings: Pass = function* (current) {
  const { settling, network } = current
  if (network.links.length > 0) yield { ...current, network: { ...network, links: [] } }
  if (network.betweenZones !== undefined) yield { ...current, network: { ...network, betweenZones: undefined } }
  if (settling.healAfter > settlingDefaults.healAfter) yield withHealAfter(current, settlingDefaults.healAfter)
  for (const [place, { handling }] of current.services.entries()) {
    if (handling.varies > 0) yield withHandling(current, place, { varies: 0 })
    if (handling.takes > millisecond) yield withHandling(current, place, { takes: millisecond })
    if (handling.concurrency > 1) yield withHandling(current, place, { concurrency: 1 })
  }
}

function withHealAfter(current: Scenario, healAfter: Micros): Scenario {
  return { ...current, settling: { ...current.settling, healAfter } }
}

type Handling = Scenario['services'][number]['handling']

function withHandling(current: Scenario, place: number, change: Partial<Handling>): Scenario {
  const services = current.services.map((service, index) =>
    index === place ? { ...service, handling: { ...service.handling, ...change } } : service,
  )
  return { ...current, services }
}
