import { memberNames, type ServiceSpec, type Workload } from '../../application/service.ts'
import type { Scenario } from '../../scenario/scenario.ts'
import type { Anchor, Fault } from '../../simulation/fault.ts'
import type { Pass } from './shrinking.ts'

/**
 * Fewer messages: one, two, half, a quarter less, ... one less; with faults as they are, and with faults that strike as far into the shorter work as they did into the
 * longer; and messages that faults wait for with lower numbers.
 */
export const fewerMessages: Pass = (current) => withFewerMessages(current, fewerThan)

/** The same, but a handful at most: what shows with so few needs no other changes to be small. */
export const handfulOfMessages: Pass = (current) => withFewerMessages(current, () => handful)

const handful = [1, 2, 3, 5] as const

/** For each workload the given counts that are fewer than it has. */
export function* withFewerMessages(
  current: Scenario,
  counts: (count: number) => readonly number[],
): Generator<Scenario> {
  for (const [service, spec] of current.services.entries()) {
    for (const [place, { name, workload }] of [...spec.sends, ...spec.asks].entries()) {
      const count = messagesOf(workload)
      for (const fewer of counts(count)) {
        if (fewer >= count) continue
        const less = withService(current, service, (old) => sending(old, place, fewer))
        yield less
        yield { ...less, faults: less.faults.map((fault) => earlier(fault, name, fewer, count)) }
      }
      yield* lowerNumbers(current, name)
    }
  }
}

/** A handful first, then half, three quarters, seven eighths, ... and at last one less: what cannot be halved need not be counted down. */
function fewerThan(count: number): readonly number[] {
  const fewer: number[] = [...handful]
  for (let less = count >> 1; less > 1; less >>= 1) fewer.push(count - less)
  return [...new Set([...fewer, count - 1].filter((one) => one >= 1))]
}

/** `order-17` in an anchor becomes `order-0`, `order-1`, `order-8`: then the messages after it are not needed. */
function* lowerNumbers(current: Scenario, name: string): Generator<Scenario> {
  for (const [place, fault] of current.faults.entries()) {
    if (!('when' in fault.strikes)) continue
    const { message } = fault.strikes.when.values
    const number = typeof message === 'string' ? numberIn(message, name) : undefined
    if (number === undefined) continue
    for (const lower of new Set([0, 1, 2, number >> 1])) {
      if (lower < number) yield renamed(current, place, `${name}-${number}`, `${name}-${lower}`)
    }
  }
}

/** A fault on `order-39` of 50 strikes `order-7` of 10; one at the 20th fact of a kind, or at a time, as much earlier. */
function earlier(fault: Fault, name: string, fewer: number, count: number): Fault {
  const scaled = (value: number): number => Math.floor((value * fewer) / count)
  const { strikes } = fault
  if ('at' in strikes) return { ...fault, strikes: { at: scaled(strikes.at) } }
  const { when } = strikes
  const { message } = when.values
  const number = typeof message === 'string' ? numberIn(message, name) : undefined
  if (number !== undefined) return aboutMessage(fault, `${name}-${number}`, `${name}-${scaled(number)}`)
  return message === undefined
    ? { ...fault, strikes: { ...strikes, when: { ...when, nth: Math.max(1, scaled(when.nth)) } } }
    : fault
}

/** The number of a message of that name, or of the one that it was made from: 17 for `order-17` and `order-17/invoice#1`. */
export function numberIn(message: string, name: string): number | undefined {
  const rest = message.startsWith(`${name}-`) ? message.slice(name.length + 1) : ''
  const [digits] = /^\d+(?=\/|$)/.exec(rest) ?? []
  return digits === undefined ? undefined : Number(digits)
}

/** The fault about the message of that name with another number. */
export function withMessageNumber(fault: Fault, name: string, number: number, other: number): Fault {
  return aboutMessage(fault, `${name}-${number}`, `${name}-${other}`)
}

function renamed(current: Scenario, place: number, from: string, to: string): Scenario {
  const faults = current.faults.map((fault, index) => (index === place ? aboutMessage(fault, from, to) : fault))
  return { ...current, faults }
}

function aboutMessage(fault: Fault, from: string, to: string): Fault {
  const { strikes, targets } = fault
  if (!('when' in strikes)) return fault
  const message = String(strikes.when.values['message'])
  const values = { ...strikes.when.values, message: `${to}${message.slice(from.length)}` }
  const named = targets.map((group) => group.map((target) => target.replace(`(${message})`, `(${values.message})`)))
  return { ...fault, targets: named, strikes: { ...strikes, when: { ...strikes.when, values } } }
}

/** Every service sends so many messages at most. */
export function withMessages(current: Scenario, most: number): Scenario {
  const shortened = current.services.map((service) => {
    const { sends, asks } = service
    return {
      ...service,
      sends: sends.map((spec) => ({ ...spec, workload: atMost(spec.workload, most) })),
      asks: asks.map((spec) => ({ ...spec, workload: atMost(spec.workload, most) })),
    }
  })
  return { ...current, services: shortened }
}

function atMost(workload: Workload, most: number): Workload {
  return shorter(workload, Math.min(most, messagesOf(workload)))
}

/** How many messages the services of a scenario send of their own account, at most each. */
export function messageCount({ services }: Scenario): number {
  const workloads = services.flatMap(({ sends, asks }) => [...sends, ...asks].map(({ workload }) => workload))
  return Math.max(0, ...workloads.map(messagesOf))
}

function messagesOf(workload: Workload): number {
  return workload.kind === 'trace' ? workload.messages.length : workload.messages
}

/** An anchor about a message of the scenario, about the one with that number instead: `order-17/invoice#1` → `order-0/invoice#1`. */
export function renumbered(anchor: Anchor, { services }: Scenario, number: number): Anchor {
  const message = String(anchor.values['message'])
  for (const { name } of services.flatMap(({ sends, asks }) => [...sends, ...asks])) {
    const old = numberIn(message, name)
    if (old === undefined) continue
    const other = `${name}-${number}${message.slice(`${name}-${old}`.length)}`
    return { ...anchor, values: { ...anchor.values, message: other } }
  }
  return anchor
}

/** The service with less work to do in one place; what it asks for is counted behind what it sends. */
function sending({ sends, asks, ...rest }: ServiceSpec, place: number, count: number): ServiceSpec {
  const shortened = <T extends { readonly workload: Workload }>(specs: readonly T[], at: number): readonly T[] =>
    specs.map((spec, index) => (index === at ? { ...spec, workload: shorter(spec.workload, count) } : spec))
  return { ...rest, sends: shortened(sends, place), asks: shortened(asks, place - sends.length) }
}

function shorter(workload: Workload, count: number): Workload {
  if (workload.kind === 'trace') return { ...workload, messages: workload.messages.slice(0, count) }
  const { arrival, keys } = workload
  const smaller = arrival.kind === 'burst' ? { ...arrival, size: Math.min(arrival.size, count) } : arrival
  return { ...workload, messages: count, keys: Math.min(keys, count), arrival: smaller }
}

/** Fewer members of each service: one, then one less. Faults on a member that is left keep their target. */
export const fewerMembers: Pass = function* (current) {
  for (const [place, service] of current.services.entries()) {
    for (const members of new Set([1, service.members - 1])) {
      if (members < 1 || members >= service.members) continue
      const fewer = withService(current, place, (old) => ({ ...old, members }))
      yield { ...fewer, faults: fewer.faults.map((fault) => onMembers(fault, { ...service, members })) }
    }
  }
}

/** A fault on a member that is gone strikes the first one. */
function onMembers(fault: Fault, service: ServiceSpec): Fault {
  const names = memberNames(service)
  const isMember = new RegExp(`^${service.name.replaceAll(/[^\w]/g, String.raw`\$&`)}-\\d+$`)
  const rename = (target: string): string =>
    isMember.test(target) && !names.includes(target) ? (names[0] ?? target) : target
  return { ...fault, targets: fault.targets.map((group) => [...new Set(group.map(rename))]) }
}

function withService(current: Scenario, place: number, change: (old: ServiceSpec) => ServiceSpec): Scenario {
  const services = current.services.map((service, index) => (index === place ? change(service) : service))
  return { ...current, services }
}
